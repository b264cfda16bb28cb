/**
 * @file Makes the database that later migrations are tried on: one with rows in every table, written by the code and schema of today.
 * `node test/support/make-store-fixture.ts` writes `test/fixtures/store/version-N.db`; once a release has it, it is never made again.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { defined } from '../../src-main/base/index.ts';
import { pretraining, trackFilterSchema } from '../../src-main/contract/index.ts';
import type { EncoderId, TrackId, WritingWish } from '../../src-main/contract/index.ts';
import { openStore } from '../../src-main/store/index.ts';
import type { Store, StoredLabel } from '../../src-main/store/index.ts';
import { migrations } from '../../src-main/store/migrations/index.ts';
import { smallEncoder, trackFile } from './store-data.ts';

const names = ['Knolls', 'Battle Epic', 'Ångström – 夜', "It's a “quoted” title", 'Siege'];

/** Tracks in two folders, one of which was taken out; a file that is gone, waveforms, fingerprints and a file that could not be read. */
function fillLibrary(store: Store): TrackId[] {
  const jazz = store.folders.add('/music/jazz').id;
  const ids = names.map(
    (name) => store.tracks.upsert(trackFile(store, name, { labels: ['Rock', 'Live'], tags: { comment: ['a note'] } })).id,
  );
  ids.push(store.tracks.upsert(trackFile(store, 'Blue', { folderId: jazz, path: '/music/jazz/Blue.flac', year: null })).id);
  store.folders.setScanned(jazz, 1_700_000_000_000);
  store.folders.setState(jazz, 'unavailable', 'The drive is not there.');
  store.folders.remove(store.folders.add('/old music').id);
  store.folders.addDemo('/opt/Earmark/resources/demo');
  store.tracks.markMissing(ids.slice(4, 5), 1_700_000_100_000);
  for (const id of ids.slice(0, 2)) {
    store.peaks.set(
      id,
      50,
      Uint8Array.from({ length: 64 }, (_, i) => (i * 7 + id) % 256),
    );
    const words = Uint8Array.from({ length: 48 }, (_, i) => (i * 31 + id) % 256);
    store.fingerprints.set(id, { audioHash: `hash of ${names[id - 1]}`, version: 1, words });
  }
  const problem = { path: '/music/broken.mp3', code: 'DECODE_FAILED', message: 'The file is damaged.', trackId: null } as const;
  store.problems.set({ ...problem, during: 'scan' });
  return ids;
}

/** An encoder with an index, notes and a tag set, an encoder that was removed, and a trained head. */
function fillEncoders(store: Store, ids: readonly TrackId[]): EncoderId {
  const encoder = store.encoders.add({
    ...smallEncoder(4),
    name: 'CLMR',
    source: 'imported',
    origin: '/weights/clmr.ckpt',
    weightsSha256: 'c1',
  });
  const set = { ...smallEncoder(2), architecture: 'tag-set', settings: { labels: ['guitar', 'slow'] }, weightsSha256: 'c1' };
  store.encoders.add({ ...set, name: 'MagnaTagATune', baseEncoderId: encoder.id });
  store.encoders.remove(store.encoders.add({ ...smallEncoder(4), name: 'Untrained', weightsSha256: 'd2' }).id);
  const writer = store.index.writer(store.index.ensure(encoder.id, 29_524).id);
  for (const id of ids.slice(0, 3)) {
    writer.begin(id, `hash of ${names[id - 1]}`);
    writer.append(Float32Array.from({ length: 12 }, (_, i) => Math.sin(i + id)));
    writer.finish(id === 3 ? { partial: true, message: 'Decoded as far as it went.' } : {});
  }
  writer.fail(ids[3] as TrackId, `hash of ${names[3]}`, 'DECODE_FAILED', 'The decoder gave up.');
  writer.close();
  store.notes.set(encoder.id, 0, 'loud guitars');
  store.notes.set(encoder.id, 3, 'silence\nbefore the beat');
  const label: StoredLabel = {
    ...{ label: 0, tagId: 1 as never, kind: 'mood', name: 'rainy', yes: 2, no: 1, groups: 3, rocAuc: null, averagePrecision: null },
    ...{
      chance: 0.5,
      state: 'ready',
      message: '',
      slope: 1.25,
      offset: -0.5,
      thresholds: [{ atLeast: 0.5, precision: 0.9, low: 0.7, recall: 0.5 }],
    },
  };
  store.heads.put({
    ...{ encoderId: encoder.id, source: 'trained', name: 'Your tags', architecture: 'logistic', groupedBy: 'artist', examples: 3 },
    ...{ seconds: 0.4, labels: [label], settings: { l2: 0.001, indexed: '3 tracks' }, lastChangeId: store.tags.lastChangeId() },
    weightsSha256: 'b1',
  });
  return encoder.id;
}

/** Tags with answers of both kinds on tracks and passages, one that was removed, and a change that was taken back. */
function fillTags(store: Store, ids: readonly TrackId[]): void {
  const [rainy, sets, gone] = [
    { kind: 'mood', name: 'rainy' },
    { kind: '', name: 'for sets' },
    { kind: '', name: 'gone' },
  ].map((words) => store.tags.create(words).tag.id) as [never, never, never];
  const targets = ids.slice(0, 3).map((trackId) => ({ trackId }));
  store.tags.mark({ tagIds: [rainy], targets, answer: 'yes', source: 'person' });
  store.tags.mark({ tagIds: [sets], targets: targets.slice(0, 1), answer: 'no', source: 'suggestion' });
  const passage = { trackId: ids[1] as TrackId, startMs: 1000.25, endMs: 3677.755_102_040_816 };
  store.tags.mark({ tagIds: [rainy, sets], targets: [passage], answer: 'yes', source: 'neuron' });
  store.tags.mark({ tagIds: [gone], targets, answer: 'yes', source: 'file' });
  store.tags.remove([gone]);
  const change = store.tags.mark({ tagIds: [sets], targets: targets.slice(2), answer: 'yes', source: 'folder' });
  if (change !== null) store.tags.undo(change.id);
}

/** A run with a curve, health and checkpoints, one of which became an encoder. */
function fillRuns(store: Store, encoderId: EncoderId): void {
  const run = store.runs.add({
    ...{ name: 'Overnight', settings: pretraining.recipeDefaults.clmr, selection: { kind: 'library' }, deviceWanted: 'auto', tracks: 5 },
    ...{ codeVersion: '0.1.0', continuesRunId: null, continuesStep: null },
  });
  const points = [1, 2, 3].map((step) => ({
    point: {
      ...{ step, epoch: step / 10, loss: 1 / step, parts: { attraction: step, repulsion: -step }, learningRate: 1e-3 },
      ...{ gradientNorm: 2, clipsPerSecond: 20, stepsPerSecond: 0.5 },
    },
    activeSeconds: 2 * step,
  }));
  store.runPoints.add(run.id, points);
  store.runPoints.addHealth(run.id, 3, {
    ...{ deviationLeast: 0.1, deviationMean: 0.2, rank: 40, dimensions: 128, positives: [0, 1], negatives: [1, 0] },
    ...{ positive: 0.8, negative: 0.1, verdict: 'healthy', says: 'Well.' },
  });
  store.checkpoints.add(run.id, { step: 2, loss: 0.5, rank: 40, bytes: 10, isBest: true, activeSeconds: 4 });
  store.checkpoints.add(run.id, { step: 3, loss: 0.6, rank: 41, bytes: 10, isBest: false, activeSeconds: 6 });
  store.checkpoints.setEncoder(run.id, 2, encoderId);
  const last = points.at(-1)?.point ?? null;
  store.runs.update(run.id, { state: 'done', step: 3, totalSteps: 3, last, message: 'Finished.', endedAt: 1_700_000_200_000 });
}

/** Playlists, a batch of changes to files, duplicates, settings, views, and a job that has ended. */
function fillRest(store: Store, ids: readonly TrackId[], encoderId: EncoderId): void {
  const rainy = defined(store.tags.find('mood', 'rainy'), 'the tag').id;
  const [first, second] = ids as [TrackId, TrackId];
  store.playlists.create({ name: 'Sunday', trackIds: [second, first, second], smart: null });
  const removed = store.playlists.create({ name: 'Old', trackIds: [first], smart: null });
  store.playlists.remove(removed.id);
  const filter = trackFilterSchema.parse({ tagIds: [rainy] });
  const smart = { kind: 'filter' as const, filter, sort: null, limit: 100 };
  store.playlists.create({ name: 'Rainy', trackIds: [], smart });
  const file = { trackId: first, path: '/music/Knolls.mp3', before: ['Rock'], after: ['Rock', 'rainy'], audioHash: 'hash of Knolls' };
  const wish: WritingWish = { tagIds: [rainy], field: 'genre', mode: 'add', withKind: false, trackIds: [first] };
  const writing = store.writings.add(wish, [{ ...file, former: { genre: ['Rock'] }, state: 'planned', message: '' }]);
  store.writings.setFile(writing.id, first, { state: 'written' });
  store.writings.setState(writing.id, 'done');
  const tracks = [first, second].map((trackId) => ({ trackId, offsetMs: 12.5, bitErrorRate: 0.05 }));
  store.duplicates.save([{ key: 'a b', relation: 'same', tracks }]);
  store.duplicates.dismiss('c d', true);
  store.settings.set({ theme: 'dark', encoderId });
  store.settings.setView('listen', { features: '0-3', widths: [120, 80] });
  const progress = { done: 5, total: 5, unit: 'files', audioSeconds: 0, rate: 2, secondsLeft: null, detail: '', failed: 1 };
  store.jobs.insert({ kind: 'scan', title: 'Scan /music', state: 'done', params: { folderIds: null }, progress });
}

const directory = mkdtempSync(join(tmpdir(), 'earmark-fixture-'));
const store = openStore(directory);
const ids = fillLibrary(store);
fillTags(store, ids);
const encoderId = fillEncoders(store, ids);
fillRuns(store, encoderId);
fillRest(store, ids, encoderId);
store.close();
const target = fileURLToPath(new URL(`../fixtures/store/version-${migrations.at(-1)?.version}.db`, import.meta.url));
rmSync(target, { force: true });
const database = new Database(join(directory, 'earmark.db'));
database.pragma('journal_mode = DELETE');
database.pragma('page_size = 1024');
database.exec('VACUUM');
database.prepare('VACUUM INTO ?').run(target);
database.close();
rmSync(directory, { recursive: true });
