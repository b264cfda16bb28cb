/** @file Checks of the installation and the data, each a sentence. */
import { countOf } from '../../base/index.ts';
import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { checkWeightsHash, listDevices, readWeightsFile } from '../../compute/index.ts';
import type { Check, EncoderId, JobProgress } from '../../contract/index.ts';
import { backupFiles } from '../../store/index.ts';
import type { Store } from '../../store/index.ts';
import { readTagSet } from '../encoders/tag-set.ts';
import { ProgressMeter } from '../jobs/progress-meter.ts';
import type { MediaWorker } from '../processes/media-worker.ts';
import type { NeighbourEngine } from '../similar/engine.ts';
import { readHead } from '../tagging/head-file.ts';

/** Less free space than this is worth a word: a million segments need about 3 GB. */
const enoughFreeBytes = 2 * 2 ** 30;

/** The fast search is to find this share of the nearest passages. */
const enoughRecall = 0.99;

/** What the checks look at. */
export type DoctorParts = { store: Store; media: MediaWorker; neighbours: NeighbourEngine };

/** A check that goes on, and how far it is. */
export type DoctorProgress = { check: string; progress: JobProgress };

/** `onProgress` hears which check goes on, and how far it is. `signal` ends them between two parts of an index. */
export type DoctorOptions = { onProgress?: (progress: DoctorProgress) => void; signal?: AbortSignal };

/** Hears how many segments of how many were compared. */
type OnSegments = (done: number, total: number) => void;

/** Runs every check; what one finds wrong is in its row. @throws the signal's reason */
export async function runDoctor(
  { store, media, neighbours }: DoctorParts,
  { onProgress = () => undefined, signal }: DoctorOptions = {},
): Promise<Check[]> {
  const meter = new ProgressMeter(() => performance.now());
  const tell = (check: string, done: number, total: number | null): void => {
    signal?.throwIfAborted();
    const report = { done, total, unit: 'segments', audioSeconds: 0, detail: '', failed: 0 };
    onProgress({ check, progress: meter.measure(report) });
  };
  const checks: [string, () => Promise<string>][] = [
    ['Runtime', async () => checkRuntime()],
    ['Database', async () => store.check()],
    ['Backups', async () => checkBackups(store)],
    ['Disk space', async () => checkSpace(store.paths.root)],
    ['Folders', async () => checkFolders(store)],
    ['Encoders', async () => checkEncoders(store)],
    ['Indexes', () => checkIndexes(store, (done, total) => tell('Indexes', done, total))],
    ['Similar music', async () => checkNeighbours(store, neighbours)],
    ['Decoder', async () => checkDecoder(media)],
    ['Devices', checkDevices],
  ];
  const results: Check[] = [];
  for (const [name, check] of checks) {
    meter.start();
    tell(name, 0, null);
    try {
      results.push({ name, ok: true, message: await check() });
    } catch (error) {
      signal?.throwIfAborted();
      results.push({ name, ok: false, message: error instanceof Error ? error.message : String(error) });
    }
  }
  return results;
}

function checkRuntime(): string {
  const [major = 0] = process.versions.node.split('.').map(Number);
  if (major < 24) throw new Error(`Node ${process.versions.node} is too old: Earmark needs Node 24. Start it with \`npm start\`.`);
  return `Node ${process.versions.node} on ${process.platform} ${process.arch}.`;
}

/** A library in which something was done has a backup of the last start that is younger than this. */
const oldBackupMs = 7 * 24 * 60 * 60 * 1000;

function checkBackups(store: Store): string {
  const backups = backupFiles(store.paths);
  const [newest] = backups;
  if (newest === undefined) return 'None yet; one is made at the next start of the application, or by `earmark backup`.';
  const made = `${backups.length} in ${store.paths.backups}, the newest of ${new Date(newest.at).toLocaleString('en-GB')}`;
  if (Date.now() - newest.at > oldBackupMs) throw new Error(`${made}: that is long ago. Make one with \`earmark backup\`.`);
  return `${made}.`;
}

async function checkSpace(path: string): Promise<string> {
  const { bavail, bsize } = await statfs(path);
  const free = bavail * bsize;
  const says = `${(free / 2 ** 30).toFixed(1)} GB free at ${path}`;
  if (free < enoughFreeBytes) throw new Error(`Only ${says}. Free some space: an index takes about 3 KB a segment.`);
  return `${says}.`;
}

function checkFolders(store: Store): string {
  const folders = store.folders.list();
  const away = folders.filter((folder) => !existsSync(folder.path));
  const whose = away.length === 1 ? 'Its tracks are kept until it is' : 'Their tracks are kept until they are';
  if (away.length > 0) throw new Error(`${away.map((folder) => folder.path).join(', ')} cannot be reached. ${whose} back.`);
  return folders.length === 0 ? 'No folder was added yet.' : `${folders.length} in the library, all there.`;
}

async function checkEncoders(store: Store): Promise<string> {
  const encoders = store.encoders.list();
  const weighed = encoders.filter(({ source }) => source !== 'built-in');
  const without = weighed.filter((encoder) => !existsSync(store.paths.weights(encoder.id)));
  if (without.length > 0)
    throw new Error(`The weights of ${without.map((encoder) => encoder.name).join(', ')} are gone. Import them again.`);
  for (const { id, weightsSha256: sha256 } of weighed) {
    const path = store.paths.weights(id);
    checkWeightsHash(await readWeightsFile(path), { path, sha256 });
  }
  for (const encoder of encoders) {
    const set = store.encoders.tagSetOf(encoder.id);
    if (set !== null) await readTagSet(store, encoder, set);
    for (const { id } of [encoder, ...store.encoders.spacesOf(encoder.id)])
      for (const head of store.heads.list(id)) if (head.source === 'trained') await readHead(store, head);
  }
  return encoders.length === 0
    ? 'None: bring timbre statistics back, import weights or make an untrained one.'
    : `${encoders.length}, with their weights as they were imported.`;
}

/** Every number of an index is in two files; where they are not whole, do not agree or are not what was written, the files are named. */
async function checkIndexes(store: Store, onSegments: OnSegments): Promise<string> {
  const indexed = store.encoders.listWithSpaces().filter((encoder) => encoder.index !== null);
  const total = indexed.reduce((sum, encoder) => sum + (store.index.current(encoder.id)?.committedRows ?? 0), 0);
  let before = 0;
  let withoutHash = 0;
  const broken: string[] = [];
  for (const encoder of indexed) {
    // Reading one row of the last and the first feature touches every part of the index's files.
    store.index.top(encoder.id, 0, 1);
    store.index.top(encoder.id, encoder.dimensions - 1, 1);
    const compared = await store.index.compareFiles(encoder.id, (done) => onSegments(before + done, total));
    before += store.index.current(encoder.id)?.committedRows ?? 0;
    withoutHash += compared?.rowsWithoutHash ?? 0;
    if (compared === null || compared.damaged.length === 0) {
      broken.push(...(await brokenFiles(store, encoder.id)));
      continue;
    }
    const says = `The index of ${encoder.name} is not what was written: ${compared.damaged.join(', ')} changed.`;
    throw new Error(`${says} \`earmark index --repair\` mends what it can from the other files; else put the file back from a backup.`);
  }
  if (broken.length > 0)
    throw new Error(
      `${broken.join(', ')} ${broken.length === 1 ? 'is' : 'are'} not whole. \`earmark index --repair\` mends what it can from the other files.`,
    );
  const segments = indexed.reduce((sum, encoder) => sum + (encoder.index?.segments ?? 0), 0);
  if (indexed.length === 0) return 'None yet.';
  const older = withoutHash === 0 ? '' : ` ${withoutHash} of them were written before hashes were kept.`;
  return `${indexed.length} with ${countOf(segments, 'segment')}, as they were written.${older}`;
}

async function brokenFiles(store: Store, encoderId: EncoderId): Promise<string[]> {
  const broken: string[] = [];
  for (const id of [encoderId, store.encoders.tagSetOf(encoderId)?.id]) {
    const index = id === undefined ? null : store.index.current(id);
    if (index !== null) broken.push(...(await store.index.repair(index.id, { writes: false })).files);
  }
  return broken;
}

/** How much of the exact answer the fast search finds in each library that is large enough to be searched by it. */
async function checkNeighbours(store: Store, neighbours: NeighbourEngine): Promise<string> {
  const indexed = store.encoders.listWithSpaces().filter((encoder) => encoder.index !== null && encoder.index.segments > 0);
  if (indexed.length === 0) return 'No index yet.';
  const large = indexed.filter((encoder) => neighbours.isLarge(encoder.index?.segments ?? 0));
  if (large.length === 0) return 'Every index is small enough to be searched exactly.';
  const says: string[] = [];
  let isEnough = true;
  for (const { id, name } of large) {
    const recall = await neighbours.recall(id);
    isEnough &&= recall >= enoughRecall;
    says.push(`the fast search finds ${(100 * recall).toFixed(1)} % of the 50 nearest passages with ${name}`);
  }
  const sentence = `Of 50 passages of the library, ${says.join('; ')}.`;
  if (!isEnough) throw new Error(`${sentence} Choose the exact search where it matters.`);
  return sentence;
}

async function checkDecoder(media: MediaWorker): Promise<string> {
  // A file that cannot exist: the decoder process must start and say so.
  const answer = await media.run({ type: 'peaks', path: '/this/file/does/not/exist.wav' }).then(
    () => 'answered',
    (error: { code?: string; message: string }) => (error.code === 'FILE_GONE' ? 'answered' : error.message),
  );
  if (answer !== 'answered') throw new Error(`The decoder does not work: ${answer}`);
  return 'The decoder process starts and answers.';
}

async function checkDevices(): Promise<string> {
  const devices = await listDevices();
  const usable = devices.filter((device) => device.available).map((device) => device.name);
  if (usable.length === 0) throw new Error('No device can run an encoder. Reinstall Earmark with `npm ci`.');
  return `Usable: ${usable.join(', ')}.`;
}
