import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { browserPlaces } from '../../../../src-main/host/start/browser.mjs';
import { electronPath, failedLately, whyNoWindow } from '../../../../src-main/host/start/electron-binary.mjs';
import { isStale, missingPackages } from '../../../../src-main/host/start/ensure.mjs';
import { summarize } from '../../../../src-main/host/start/tests.mjs';
import { majorOf, nodeProblem } from '../../../../src-main/host/start/versions.mjs';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'earmark-start-'))));
afterEach(() => rmSync(folder, { recursive: true }));

describe('nodeProblem', () => {
  it('accepts Node 20 and newer', () => {
    expect(nodeProblem('20.0.0')).toBeNull();
    expect(nodeProblem('24.21.0')).toBeNull();
  });

  it('says which Node is needed and which is there', () => {
    expect(nodeProblem('18.19.1')).toMatch(/needs Node 20 or newer, and this is Node 18\.19\.1/);
  });

  it('reads a version with and without its v, and nothing else', () => {
    expect([majorOf('v24.1.0'), majorOf('20.2.0'), majorOf('node')]).toEqual([24, 20, 0]);
  });
});

describe('missingPackages', () => {
  const lock = {
    packages: {
      '': { version: '0.1.0' },
      'node_modules/a': { version: '1.0.0', integrity: 'x' },
      'node_modules/b': { version: '2.0.0', integrity: 'y', optional: true },
    },
  };

  it('is empty when everything is installed as locked', () => {
    expect(missingPackages(lock, { packages: lock.packages })).toEqual([]);
  });

  it('passes over an optional package of another platform', () => {
    expect(missingPackages(lock, { packages: { 'node_modules/a': lock.packages['node_modules/a'] } })).toEqual([]);
  });

  it('names a package that is absent', () => {
    expect(missingPackages(lock, {})).toEqual(['node_modules/a']);
  });

  it('names a package of another version, optional or not', () => {
    const installed = { packages: { ...lock.packages, 'node_modules/b': { version: '1.9.0', integrity: 'y' } } };
    expect(missingPackages(lock, installed)).toEqual(['node_modules/b']);
  });

  it('names a package whose content is another', () => {
    const installed = { packages: { ...lock.packages, 'node_modules/a': { version: '1.0.0', integrity: 'z' } } };
    expect(missingPackages(lock, installed)).toEqual(['node_modules/a']);
  });
});

describe('isStale', () => {
  function at(path: string, seconds: number): string {
    const whole = join(folder, path);
    mkdirSync(join(whole, '..'), { recursive: true });
    writeFileSync(whole, '');
    utimesSync(whole, seconds, seconds);
    return whole;
  }
  function folderAt(path: string, seconds: number): string {
    utimesSync(join(folder, path), seconds, seconds);
    return join(folder, path);
  }

  it('asks for a build that is not there', () => {
    expect(isStale(join(folder, 'out'), [])).toBe(true);
  });

  it('accepts a build newer than all its sources', () => {
    at('src/deep/a.ts', 100);
    folderAt('src/deep', 100);
    expect(isStale(at('out', 200), [folderAt('src', 100), join(folder, 'absent')])).toBe(false);
  });

  it('notices a file deep below that changed later', () => {
    at('src/deep/a.ts', 300);
    folderAt('src/deep', 100);
    expect(isStale(at('out', 200), [folderAt('src', 100)])).toBe(true);
  });

  it('notices a file that went, by its folder', () => {
    at('src/deep/a.ts', 100);
    folderAt('src/deep', 300);
    expect(isStale(at('out', 200), [folderAt('src', 100)])).toBe(true);
  });
});

describe('whyNoWindow', () => {
  const here = { environment: { DISPLAY: ':0' }, platform: 'linux', userId: 1000, args: [] };

  it('opens a window where there is a display', () => {
    expect(whyNoWindow(here)).toBeNull();
    expect(whyNoWindow({ ...here, environment: { WAYLAND_DISPLAY: 'wayland-0' } })).toBeNull();
  });

  it('asks for no display where the system is not Linux', () => {
    expect(whyNoWindow({ ...here, environment: {}, platform: 'darwin' })).toBeNull();
    expect(whyNoWindow({ ...here, environment: {}, platform: 'win32', userId: null })).toBeNull();
  });

  it('says that there is no display', () => {
    expect(whyNoWindow({ ...here, environment: {} })).toMatch(/no display/);
  });

  it('says that it was told not to', () => {
    expect(whyNoWindow({ ...here, environment: { DISPLAY: ':0', EARMARK_NO_ELECTRON: '1' } })).toMatch(/EARMARK_NO_ELECTRON/);
    expect(whyNoWindow({ ...here, environment: { DISPLAY: ':0', EARMARK_NO_ELECTRON: '0' } })).toBeNull();
  });

  it('does not start as root unless the sandbox is switched off', () => {
    expect(whyNoWindow({ ...here, userId: 0 })).toMatch(/root/);
    expect(whyNoWindow({ ...here, userId: 0, args: ['--no-sandbox'] })).toBeNull();
  });
});

describe('the Electron program', () => {
  it('is found where its package says, once it is there', () => {
    expect(electronPath(folder)).toBeNull();
    writeFileSync(join(folder, 'path.txt'), 'electron');
    expect(electronPath(folder)).toBeNull();
    mkdirSync(join(folder, 'dist'));
    writeFileSync(join(folder, 'dist', 'electron'), '');
    expect(electronPath(folder)).toBe(join(folder, 'dist', 'electron'));
  });

  it('is not asked for again within a day of a failure', () => {
    const note = join(folder, 'failed');
    expect(failedLately(note, 0)).toBe(false);
    writeFileSync(note, '');
    utimesSync(note, 1000, 1000);
    expect(failedLately(note, 1000_000 + 23 * 3_600_000)).toBe(true);
    expect(failedLately(note, 1000_000 + 25 * 3_600_000)).toBe(false);
  });
});

describe('browserPlaces', () => {
  it('looks along the PATH on Linux, Chromium first', () => {
    const places = browserPlaces('linux', { PATH: ['/a', '/b'].join(process.platform === 'win32' ? ';' : ':') });
    expect(places.slice(0, 3)).toEqual(['/a/chromium', '/b/chromium', '/a/google-chrome-stable']);
  });

  it('looks among the applications on a Mac', () => {
    const places = browserPlaces('darwin', { HOME: '/Users/x' });
    expect(places).toContain('/Applications/Google Chrome.app/Contents/MacOS/Google Chrome');
    expect(places).toContain('/Users/x/Applications/Chromium.app/Contents/MacOS/Chromium');
  });

  it('looks below the program folders on Windows', () => {
    const places = browserPlaces('win32', { ProgramFiles: 'C:\\Program Files', LOCALAPPDATA: 'C:\\Users\\x\\AppData\\Local' });
    expect(places).toContain('C:\\Program Files\\Microsoft\\Edge\\Application\\msedge.exe');
    expect(places).toContain('C:\\Users\\x\\AppData\\Local\\Google\\Chrome\\Application\\chrome.exe');
  });
});

describe('summarize', () => {
  const report = { numPassedTests: 7, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] };

  it('counts what passed and failed, and what was skipped if anything was', () => {
    expect(summarize(report).line).toBe('7 passed, 0 failed');
    expect(summarize({ ...report, numPendingTests: 2, numTodoTests: 1 }).line).toBe('7 passed, 0 failed, 3 skipped');
  });

  it('counts a file that could not be loaded as a failure', () => {
    const broken = { status: 'failed', assertionResults: [] };
    const counted = { status: 'failed', assertionResults: [{ status: 'failed' }] };
    const result = summarize({ ...report, numFailedTests: 1, testResults: [broken, counted] });
    expect(result).toEqual({ line: '7 passed, 2 failed', failed: 2 });
  });
});

describe('the entries', () => {
  it.each(['start.mjs', 'test.mjs'])('%s loads nothing but the version check before that check', (entry) => {
    const source = readFileSync(new URL(`../../../../src-main/host/start/${entry}`, import.meta.url), 'utf8');
    const loadedFirst = [...source.matchAll(/^import .*from '(.+)';$/gm)].map((match) => match[1]);
    expect(loadedFirst).toEqual(['./versions.mjs']);
  });
});
