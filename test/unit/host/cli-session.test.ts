/** @file How verbs end: with a sentence and an exit code, whatever went wrong. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../../src-main/base/index.ts';
import type { JobId } from '../../../src-main/contract/index.ts';
import { processOutput, table } from '../../../src-main/host/cli/output.ts';
import { follow } from '../../../src-main/host/cli/session.ts';
import type { Session } from '../../../src-main/host/cli/session.ts';
import type { Services } from '../../../src-main/service/index.ts';
import { openStore } from '../../../src-main/store/index.ts';
import { trackFile } from '../../support/store-data.ts';
import { runEarmark } from '../../support/run-earmark.ts';

let data: string;
const escape = '\u001b]0;gotcha\u0007\u001b[2J\u009b31m\u202e';

beforeAll(() => {
  data = mkdtempSync(join(tmpdir(), 'earmark-session-'));
  const store = openStore(data);
  const folder = join(data, `music ${escape}`);
  mkdirSync(folder);
  const folderId = store.folders.add(folder).id;
  const track = store.tracks.upsert({
    ...trackFile(store, `title ${escape}`, { folderId }),
    path: join(folder, `x ${escape}\nforged row.mp3`),
  });
  store.playlists.create({ name: `list ${escape}`, trackIds: [track.id], smart: null });
  store.close();
});
afterAll(() => rmSync(data, { recursive: true }));

describe('a verb', () => {
  it('tells how its job ended, also where the end could not be stored', async () => {
    const full = new AppError('DISK_FULL', 'Could not finish: the disk is full.');
    const dismiss = vi.fn(() => {
      throw new AppError('ALREADY_RUNNING', 'The job has not ended.');
    });
    const services = { jobs: { list: () => [], dismiss } } as unknown as Services;
    const session: Session = { output: processOutput(true), interrupted: new AbortController().signal, interruption: full };
    await expect(follow(services, session, { jobId: 1 as JobId, settled: Promise.reject(full) })).rejects.toBe(full);
    expect(dismiss).toHaveBeenCalledOnce();
  });

  it.each([
    ['--data', ''],
    ['--data=', 'tracks'],
  ])('refuses an empty data directory as bad usage', async (...args) => {
    const run = await runEarmark(data, ...(args.includes('tracks') ? ['tracks', '--data='] : ['tracks', ...args]));
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('It must name a directory.');
  });

  it.each([
    ['pretrain', '--tracks', '--json'],
    ['pretrain', '--tracks', 'library', '--name', '-t'],
    ['playlist', 'list', '--data', '--json'],
  ])('refuses an option that is taken for the value of the one before it: %s %s %s', async (...args) => {
    const { code, stderr } = await runEarmark(data, ...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: option '[^']+>' was given no value: '-[-\w]+' is an option of its own/);
  });

  it.each([
    ['tracks'],
    ['playlist', 'list', '--json'],
    ['import', 'weights', `/none/${escape}.pt`],
    [`verb${escape}`],
    ['tracks', `--option${escape}`],
  ])('shows control characters instead of carrying them out: %s %s', async (...args) => {
    const { stdout, stderr } = await runEarmark(data, ...args);
    const printed = `${stdout}${stderr}`;
    expect(printed).not.toBe('');
    expect(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.exec(printed.replace(/[\n\t]/g, ''))).toBeNull();
  });
});

describe('a table', () => {
  it('keeps a row on its line', () => {
    expect(table(['title'], [['one\ntwo'], ['\u001b[1m']]).split('\n')).toEqual(['title', 'one␊two', '␛[1m']);
  });
});
