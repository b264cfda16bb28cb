import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isOwnFrame, isOwnPage, mayOpenOutside, parseMediaAddress } from '../../../../src-main/host/electron/addresses.ts';
import { namedDataDirectory } from '../../../../src-main/host/electron/arguments.ts';
import { closingChoice, closingQuestion, trayText } from '../../../../src-main/host/electron/closing.ts';
import { menuTemplate } from '../../../../src-main/host/electron/menu.ts';
import { answerPage } from '../../../../src-main/host/electron/pages.ts';
import { fitWindow, loadWindowState, saveWindowState } from '../../../../src-main/host/electron/window-state.ts';

describe('addresses', () => {
  it.each(['earmark-app://app/index.html', 'earmark-app://app/', 'earmark-app://app/index.html#/listen'])(
    'takes %s for its own page',
    (address) => {
      expect(isOwnPage(address)).toBe(true);
    },
  );

  it.each([
    'earmark-app://other/index.html',
    'earmark-app://user@app/index.html',
    'https://app/index.html',
    'file:///index.html',
    'earmark-media://library/media/audio/1',
    'about:blank',
    'javascript:1',
    '',
  ])('does not take %s for its own page', (address) => {
    expect(isOwnPage(address)).toBe(false);
  });

  it('opens papers and its home outside', () => {
    expect(mayOpenOutside('https://arxiv.org/abs/2103.09410')).toBe(true);
    expect(mayOpenOutside('https://www.gnu.org/licenses/gpl-3.0.html')).toBe(true);
  });

  it.each([
    'http://arxiv.org/abs/2103.09410',
    'https://arxiv.org.example.com/',
    'https://arxiv.org@example.com/',
    'https://name@arxiv.org/',
    'https://arxiv.org:8443/',
    'file:///etc/passwd',
    'smb://arxiv.org/share',
    'not an address',
  ])('does not open %s', (address) => {
    expect(mayOpenOutside(address)).toBe(false);
  });

  it('reads media addresses by track, never by path', () => {
    expect(parseMediaAddress('earmark-media://library/media/audio/42')).toEqual({ kind: 'audio', trackId: 42 });
    expect(parseMediaAddress('earmark-media://library/media/picture/7?x=1')).toEqual({ kind: 'picture', trackId: 7 });
    for (const address of [
      'earmark-media://elsewhere/media/audio/42',
      'earmark-media://library/media/audio/../../etc/passwd',
      'earmark-media://library/media/audio/%2e%2e/1',
      'earmark-media://library/media/audio/0',
      'earmark-media://library/etc/passwd',
      'file:///media/audio/42',
    ])
      expect(parseMediaAddress(address), address).toBeNull();
  });

  it('trusts messages of the top frame of its own page alone', () => {
    const url = 'earmark-app://app/index.html';
    expect(isOwnFrame({ url, parent: null })).toBe(true);
    expect(isOwnFrame({ url, parent: {} })).toBe(false);
    expect(isOwnFrame({ url: 'https://example.com/', parent: null })).toBe(false);
    expect(isOwnFrame(null)).toBe(false);
  });
});

describe('namedDataDirectory', () => {
  it('finds --data among Electron’s own arguments', () => {
    expect(namedDataDirectory(['electron', '.', '--data', '/music data'])).toBe(resolve('/music data'));
    expect(namedDataDirectory(['electron', '.', '--data=/x', '--no-sandbox'])).toBe(resolve('/x'));
  });

  it('takes no other flag for a directory', () => {
    expect(namedDataDirectory(['electron', '.', '--data', '--no-sandbox'])).toBeNull();
    expect(namedDataDirectory(['electron', '.', '--data='])).toBeNull();
    expect(namedDataDirectory(['electron', '.'])).toBeNull();
  });
});

describe('closing', () => {
  const job = { title: 'Indexing 120 tracks', fraction: 0.426 };

  it('asks nothing when nothing runs', () => {
    expect(closingQuestion([])).toBeNull();
  });

  it('names the job, or their number', () => {
    expect(closingQuestion([job])?.message).toBe('“Indexing 120 tracks” is still running.');
    expect(closingQuestion([job, job])?.message).toBe('2 jobs are still running.');
  });

  it('means by each button what it says, and stays when the dialog is closed', () => {
    const { buttons = [], cancelId } = closingQuestion([job]) ?? {};
    const meant = buttons.map((label, index) => [label, closingChoice(index)]);
    expect(meant).toEqual([
      ['Keep going in the tray', 'keep'],
      ['Pause and quit', 'pause'],
      ['Cancel', 'stay'],
    ]);
    expect(closingChoice(cancelId ?? -1)).toBe('stay');
    expect(closingChoice(-1)).toBe('stay');
  });

  it('says in the tray how far the work is', () => {
    expect(trayText([])).toBe('Earmark');
    expect(trayText([job])).toBe('Earmark: Indexing 120 tracks 42 %');
    expect(trayText([{ title: 'Scanning', fraction: null }, job])).toBe('Earmark: Scanning, and 1 more');
  });
});

describe('menuTemplate', () => {
  const actions = { addFolder: vi.fn(), setTheme: vi.fn(), press: vi.fn(), openOutside: vi.fn() };
  type Item = {
    label?: string;
    role?: string;
    accelerator?: string;
    registerAccelerator?: boolean;
    checked?: boolean;
    click?: () => void;
    submenu?: Item[];
  };
  const items = (platform: string): Item[] => menuTemplate(platform, 'dark', actions) as Item[];
  const all = (list: Item[]): Item[] => list.flatMap((item) => [item, ...all(Array.isArray(item.submenu) ? item.submenu : [])]);

  it('has the menus that the design names', () => {
    expect(items('linux').map((item) => item.label ?? item.role)).toEqual([
      '&File',
      'editMenu',
      '&View',
      '&Playback',
      'windowMenu',
      'help',
    ]);
    expect(items('darwin')[0]?.role).toBe('appMenu');
  });

  it('does what its items say', () => {
    const click = (label: string): void =>
      all(items('linux'))
        .find((item) => item.label === label)
        ?.click?.();
    for (const label of ['Add Folder…', 'Light', 'Play or Pause', 'Keys']) click(label);
    expect(actions.addFolder).toHaveBeenCalledTimes(1);
    expect(actions.setTheme).toHaveBeenCalledWith('light');
    expect(actions.press.mock.calls).toEqual([['Space'], ['?']]);
  });

  it('marks the theme there is', () => {
    expect(
      all(items('linux'))
        .filter((item) => item.checked === true)
        .map((item) => item.label),
    ).toEqual(['Dark']);
  });

  it('never takes a key from the page', () => {
    const plain = (item: Item): boolean => item.accelerator !== undefined && !item.accelerator.includes('+');
    expect(all(items('linux')).filter((item) => plain(item) && item.registerAccelerator !== false)).toEqual([]);
    expect(all(items('darwin')).filter(plain)).toEqual([]);
  });
});

describe('answerPage', () => {
  const pages = new Map([['/index.html', { type: 'text/html; charset=utf-8', bytes: Buffer.from('<p>x'), isImmutable: false }]]);

  it('answers a page with a policy that allows no foreign script', async () => {
    const response = answerPage(pages, 'earmark-app://app/index.html?x#y');
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('<p>x');
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toMatch(/unsafe-eval|https?:|\*/);
    expect(policy).toMatch(/media-src [^;]*earmark-media:/);
  });

  it.each(['earmark-app://app/other.js', 'earmark-app://app/../../etc/passwd', 'earmark-app://elsewhere/index.html', 'nothing'])(
    'has no %s',
    (address) => {
      expect(answerPage(pages, address).status).toBe(404);
    },
  );
});

describe('the window’s place', () => {
  const screen = { x: 0, y: 25, width: 1920, height: 1055 };
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'earmark-window-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('comes back after it was saved', () => {
    const path = join(folder, 'deep', 'place.json');
    saveWindowState(path, { x: 100, y: 120, width: 1300, height: 800 }, true);
    expect(loadWindowState(path, [screen])).toEqual({ x: 100, y: 120, width: 1300, height: 800, isMaximized: true });
  });

  it.each(['', '{', 'null', '{"x":1}', '{"x":1e99,"y":0,"width":1,"height":1}', '{"x":"1","y":0,"width":9,"height":9}'])(
    'is the usual one when the file holds %j',
    (text) => {
      const path = join(folder, 'place.json');
      writeFileSync(path, text);
      expect(loadWindowState(path, [screen])).toEqual({ width: 1440, height: 900, isMaximized: false });
    },
  );

  it('is the usual one when nothing was saved, and saving to an impossible place does no harm', () => {
    expect(loadWindowState(join(folder, 'absent'), [screen]).width).toBe(1440);
    writeFileSync(join(folder, 'file'), 'kept');
    saveWindowState(join(folder, 'file', 'place.json'), screen, false);
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('kept');
  });

  it('is left to the system when its screen is gone, keeping the size', () => {
    expect(fitWindow({ x: 3000, y: 100, width: 1300, height: 800, isMaximized: false }, [screen])).toEqual({
      width: 1300,
      height: 800,
      isMaximized: false,
    });
  });

  it('is left to the system when its top edge could not be grasped', () => {
    expect(fitWindow({ x: 100, y: 1070, width: 1300, height: 800, isMaximized: false }, [screen])).not.toHaveProperty('x');
    expect(fitWindow({ x: -1250, y: 100, width: 1300, height: 800, isMaximized: false }, [screen])).not.toHaveProperty('x');
  });

  it('fits the screen it is on and never gets smaller than the views', () => {
    const fitted = fitWindow({ x: 0, y: 25, width: 4000, height: 3000, isMaximized: false }, [screen]);
    expect(fitted).toMatchObject({ width: 1920, height: 1055 });
    expect(fitWindow({ x: 0, y: 25, width: 10, height: 10, isMaximized: false }, [screen])).toMatchObject({ width: 1024, height: 640 });
  });
});
