/**
 * @file `kill -9` at random moments of everything that writes: scans, index jobs, runs, tags in files, playlists, backups. Counts what was lost and
 * which processes were still there two seconds later. EARMARK_KILLS and EARMARK_KILL_SEED change how many and when, EARMARK_KILL_KINDS (names with
 * commas between) what is killed; Linux alone tells which processes belong together.
 */
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { probeAudio } from '../../src-main/audio/index.ts';
import { AppError, seededRandom } from '../../src-main/base/index.ts';
import { backupFiles, DataPaths, openStore } from '../../src-main/store/index.ts';
import type { Store } from '../../src-main/store/index.ts';
import Database from 'better-sqlite3';
import { earmarkJson } from '../support/run-earmark.ts';
import { sourceEntries } from '../../src-main/host/core.ts';
import { createServices } from '../../src-main/service/index.ts';
import type { Services } from '../../src-main/service/index.ts';
import { writeWav } from '../support/wav.ts';
import type { BenchResult, BenchRow } from './bench-result.ts';

/** One thing that is killed. `verify` throws a sentence about what was lost; `finish` goes on to the end, and what must then be is looked at. */
type Victim = {
  name: string;
  /** From a fresh data directory to the first kill. */
  prepare(life: Life): Promise<void>;
  /** What is started and killed. */
  command(life: Life): string[];
  verify?(life: Life, output: string): void;
  finish(life: Life): Promise<void>;
};

type Life = { data: string; music: string; round: number };
type Tally = { kills: number; ended: number; lost: string[]; orphans: number; slowestMs: number };

const total = Number(process.env['EARMARK_KILLS'] ?? 200);
const random = seededRandom(Number(process.env['EARMARK_KILL_SEED'] ?? 1));
/** So many kills in a row, then the work is brought to its end and compared. */
const killsInARow = 12;
const orphanLimitMs = 2_000;
const main = fileURLToPath(new URL('../../src-main/host/cli/main.ts', import.meta.url));
const changesPlaylists = fileURLToPath(new URL('../support/entries/changes-playlists.ts', import.meta.url));
const trackCount = 10;
const tinyRun = ['--preset', 'try', '--steps', '12', '--device', 'cpu'].concat(
  ['batch=4', 'encoder.sampleRate=8000', 'checkpoints.everyMinutes=0.05', 'cacheMegabytes=50'].flatMap((one) => ['--set', one]),
);

/** Processes of a data directory, which all its children have in their environment. Zombies have ended. */
function livingOf(data: string): number[] {
  const mark = `EARMARK_DATA=${data}\0`;
  return readdirSync('/proc').flatMap((name) => {
    try {
      if (!/^\d+$/.test(name) || !`${readFileSync(`/proc/${name}/environ`, 'latin1')}\0`.includes(mark)) return [];
      const state = readFileSync(`/proc/${name}/stat`, 'latin1').split(') ').at(-1)?.[0];
      return state === 'Z' || Number(name) === process.pid ? [] : [Number(name)];
    } catch {
      return [];
    }
  });
}

/** Starts a command, kills its core after a while, and waits for everything it had started. */
async function kill(life: Life, command: readonly string[], afterMs: number, tally: Tally): Promise<string> {
  const child = spawn(process.execPath, [...command], {
    env: { ...process.env, EARMARK_DATA: life.data },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  const timer = setTimeout(() => child.kill('SIGKILL'), afterMs);
  const [, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  clearTimeout(timer);
  if (signal === 'SIGKILL') tally.kills++;
  else tally.ended++;
  const diedAt = performance.now();
  const isLate = (): boolean => performance.now() - diedAt > orphanLimitMs;
  while (livingOf(life.data).length > 0 && !isLate()) await new Promise((resolve) => setTimeout(resolve, 20));
  tally.slowestMs = Math.max(tally.slowestMs, performance.now() - diedAt);
  const left = livingOf(life.data);
  tally.orphans += left.length;
  for (const processId of left) process.kill(processId, 'SIGKILL');
  return output;
}

/** Looks into what a life left, without its core. */
function looking<T>(data: string, look: (store: Store) => T): T {
  const store = openStore(data);
  try {
    store.check();
    return look(store);
  } finally {
    store.close();
  }
}

const nobody = async (): Promise<null> => null;
const host = { kind: 'serve' as const, version: '0', chooseFolder: nobody, chooseWeights: nobody, reveal: async () => undefined };

/** Works with a life's services in this process, undisturbed. What was interrupted is not taken up by itself. */
async function calmly<T>(data: string, work: (services: Services) => Promise<T>): Promise<T> {
  const services = createServices({ dataDirectory: data, host, entries: sourceEntries, report: (error) => console.error(error) });
  try {
    return await work(services);
  } finally {
    await services.close();
  }
}

function must(isSo: boolean, what: string): void {
  if (!isSo) throw new AppError('INTERNAL', what);
}

/** What a person has made before the kills begin, and must find after each. */
async function make({ data, music }: Life): Promise<void> {
  await calmly(data, async ({ encoders, library, store, tagging }) => {
    await encoders.createUntrained({ sampleRate: 8000, seed: 3, name: undefined });
    await (
      await library.addFolder(music)
    ).settled;
    const targets = store.tracks.audio().map(({ trackId }) => ({ trackId }));
    const { tag } = tagging.create({ kind: 'mood', name: 'rainy' });
    await tagging.mark({ tagIds: [tag.id], targets, answer: 'yes' });
  });
}

function checkMade({ data, music }: Life): void {
  looking(data, (store) => {
    const tracks = store.tracks.audio();
    must(tracks.length === filesOf(music).length, `${tracks.length} of ${filesOf(music).length} tracks are there`);
    const tag = store.tags.list().find(({ name }) => name === 'rainy');
    must(tag !== undefined, 'a tag is gone');
    must(store.tags.allMarks().length === trackCount, 'a tag has lost tracks');
  });
}

const filesOf = (music: string): string[] =>
  readdirSync(music)
    .filter((name) => name.endsWith('.wav'))
    .map((name) => join(music, name));

/** Sums of every track's embeddings, by the file's name. */
function indexedOf(data: string): [name: string, sum: number][] {
  return looking(data, (store) => {
    const [encoder] = store.encoders.list();
    if (encoder === undefined) throw new AppError('INTERNAL', 'the encoder is gone');
    const sums = store.tracks.audio().map(({ trackId, path }): [string, number] => {
      return [basename(path), store.index.embeddings(encoder.id, trackId).reduce((sum, value) => sum + value, 0)];
    });
    return sums.toSorted(([a], [b]) => (a < b ? -1 : 1));
  });
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const scan: Victim = {
  name: 'scan',
  prepare: make,
  command: ({ music, round }) => {
    // Every file is read anew.
    for (const path of filesOf(music)) utimesSync(path, 1_000_000 + round, 1_000_000 + round);
    return [main, 'scan', music];
  },
  finish: async ({ data, music }) => {
    const { unchanged } = await calmly(data, async ({ library }) => {
      await library.scan(null).settled;
      return (await library.scan(null).settled).result as { unchanged: number };
    });
    must(unchanged === filesOf(music).length, `after all scans ${unchanged} of ${trackCount} files are known as they are`);
  },
};

const indexAll = (data: string): Promise<unknown> =>
  calmly(data, ({ encoders }) => encoders.index({ encoderId: encoders.resolve(null).id, device: 'cpu' }).settled);

let expectedIndex: [string, number][] | undefined;
const index: Victim = {
  name: 'index',
  prepare: async (life) => {
    await make(life);
    if (expectedIndex !== undefined) return;
    await indexAll(life.data);
    expectedIndex = indexedOf(life.data);
    rmSync(life.data, { recursive: true });
    await make(life);
  },
  command: () => [main, 'index', '--device', 'cpu'],
  finish: async ({ data }) => {
    await indexAll(data);
    must(same(indexedOf(data), expectedIndex), 'the index differs from that of an undisturbed job');
  },
};

const pretrain: Victim = {
  name: 'pretrain',
  prepare: make,
  command: ({ data }) => {
    const run = looking(data, (store) => store.runs.list()[0]);
    return run === undefined || run.state === 'done' ? [main, 'pretrain', ...tinyRun] : [main, 'pretrain', '--resume', String(run.id)];
  },
  finish: async ({ data }) => {
    const last = looking(data, (store) => store.runs.list()[0]);
    if (last === undefined) return;
    if (last.state !== 'done') await calmly(data, ({ pretraining }) => pretraining.resume({ runId: last.id }).settled);
    const { state, step, points } = looking(data, (store) => {
      const run = store.runs.get(last.id);
      return { ...run, points: store.runPoints.curves(run.id, 1000).step };
    });
    must(state === 'done' && step === 12, `a run ends ${state} at step ${step}`);
    must(
      same(
        points,
        Array.from({ length: 12 }, (_, i) => i + 1),
      ),
      `a run's curve has the steps ${points.join(', ')}`,
    );
  },
};

const sounds = new Map<string, string>();
const write: Victim = {
  name: 'tag write',
  prepare: async (life) => {
    await make(life);
    for (const path of filesOf(life.music)) sounds.set(path, probeAudio(path).audioHash);
  },
  command: ({ data }) => {
    const { id, state } = looking(data, (store) => store.writings.list()[0]) ?? { id: 0, state: 'undone' };
    if (state === 'done') return [main, 'tag', 'write', '--undo', String(id)];
    if (state === 'partial') return [main, 'tag', 'write', random.below(2) === 0 ? '--resume' : '--undo', String(id)];
    return [main, 'tag', 'write', '--tags', 'rainy', '--field', 'genre', '--yes'];
  },
  verify: ({ music }) => {
    for (const path of filesOf(music)) must(probeAudio(path).audioHash === sounds.get(path), `${path} sounds otherwise than before`);
  },
  finish: async ({ data, music }) => {
    const last = looking(data, (store) => store.writings.list()[0]);
    if (last !== undefined && last.state !== 'undone' && last.state !== 'planned')
      await calmly(data, ({ writing }) => writing.undo(last.id).settled);
    write.verify?.({ data, music, round: 0 }, '');
    must(readdirSync(music).length === trackCount, 'copies of files are left beside them');
  },
};

const playlists: Victim = {
  name: 'playlist changes',
  prepare: make,
  command: ({ data }) => [changesPlaylists, data],
  verify: ({ data }, output) => {
    const told = new Map<string, number[]>();
    // The last line may be cut.
    for (const line of output.split('\n').slice(0, -1)) {
      const { name, tracks } = JSON.parse(line) as { name: string; tracks: number[] };
      told.set(name, tracks);
    }
    looking(data, (store) => {
      const there = new Map(store.playlists.list().map(({ id, name }) => [name, store.playlists.trackIds(id)]));
      const [last] = [...told.keys()].slice(-1);
      for (const [name, tracks] of told) {
        const found = there.get(name);
        // Of the last list one change more may have been made than was told.
        must(found !== undefined && (same(found, tracks) || name === last), `${name} is not as it was told`);
      }
    });
  },
  finish: async () => undefined,
};

const backup: Victim = {
  name: 'backup',
  prepare: make,
  command: () => [main, 'backup'],
  verify: ({ data }) => {
    for (const { file } of backupFiles(new DataPaths(data))) {
      const database = new Database(file, { readonly: true });
      try {
        must(database.pragma('integrity_check', { simple: true }) === 'ok', `${file} is damaged`);
        const tracks = Number(database.prepare('SELECT count(*) FROM tracks').pluck().get());
        // The first one may have been made when the library was new.
        must(tracks === trackCount || tracks === 0, `${file} has lost tracks`);
      } finally {
        database.close();
      }
    }
  },
  finish: async ({ data }) => {
    await earmarkJson(data, 'backup');
    must(backupFiles(new DataPaths(data)).length > 0, 'no backup was made');
    const left = readdirSync(new DataPaths(data).backups).filter((name) => !name.endsWith('.db'));
    must(left.length === 0, `${left.join(', ')} is left among the backups`);
  },
};

/** How long a command takes undisturbed, so that kills fall all over it. */
async function timed(life: Life, command: string[]): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, command, { env: { ...process.env, EARMARK_DATA: life.data }, stdio: 'ignore' });
  const limit = setTimeout(() => child.kill('SIGKILL'), 300_000);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(limit);
  // Killing what ends by itself at once would show nothing.
  must(code === 0, `${command.slice(1).join(' ')} does not end well undisturbed`);
  return performance.now() - startedAt;
}

async function killAll(victim: Victim, count: number, root: string): Promise<Tally> {
  const tally: Tally = { kills: 0, ended: 0, lost: [], orphans: 0, slowestMs: 0 };
  let windowMs: number | undefined;
  for (let series = 0; tally.kills < count; series++) {
    const life: Life = { data: join(root, `${victim.name} ${series}`), music: join(root, `music ${series}`), round: 0 };
    mkdirSync(life.music);
    for (const name of readdirSync(join(root, 'music'))) copyFileSync(join(root, 'music', name), join(life.music, name));
    await victim.prepare(life);
    windowMs ??= victim === playlists ? 4_000 : await timed(life, victim.command(life));
    for (let row = 0; row < killsInARow && tally.kills < count; row++) {
      life.round++;
      try {
        const output = await kill(life, victim.command(life), 100 + random.below(windowMs), tally);
        checkMade(life);
        victim.verify?.(life, output);
      } catch (error) {
        tally.lost.push(error instanceof Error ? error.message : String(error));
      }
    }
    try {
      await victim.finish(life);
      checkMade(life);
    } catch (error) {
      tally.lost.push(error instanceof Error ? error.message : String(error));
    }
    for (const folder of [life.data, life.music]) rmSync(folder, { recursive: true, force: true });
  }
  return tally;
}

/** Runs the kills and counts. */
export async function killsBench(): Promise<BenchResult> {
  const root = mkdtempSync(join(tmpdir(), 'earmark-kills-'));
  mkdirSync(join(root, 'music'));
  for (let i = 0; i < trackCount; i++)
    writeWav(join(root, 'music', `track ${i}.wav`), { seconds: 12 + i * 2, seed: i + 1, sampleRate: 8000 });
  const all = [scan, index, pretrain, write, playlists, backup];
  const wanted = process.env['EARMARK_KILL_KINDS']?.split(',').map((name) => name.trim());
  const victims = all.filter(({ name }) => wanted === undefined || wanted.includes(name));
  must(victims.length > 0, `EARMARK_KILL_KINDS names none of ${all.map(({ name }) => name).join(', ')}`);
  const rows: BenchRow[] = [];
  try {
    for (const victim of victims) {
      const tally = await killAll(victim, Math.ceil(total / victims.length), root);
      const { kills, ended, lost, orphans, slowestMs } = tally;
      for (const sentence of lost) console.error(`${victim.name}: ${sentence}`);
      console.error(`${victim.name}: ${kills} killed, ${ended} ended before, ${lost.length} losses, ${orphans} orphans`);
      rows.push({ what: `${victim.name}: killed`, value: kills, unit: 'times' });
      rows.push({ what: `${victim.name}: losses`, value: lost.length, unit: '' });
      rows.push({ what: `${victim.name}: processes left after 2 s`, value: orphans, unit: '' });
      rows.push({ what: `${victim.name}: last process gone after`, value: slowestMs, unit: 'ms' });
    }
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
  return { name: 'kills', rows };
}
