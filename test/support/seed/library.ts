/** @file Fills an empty core with a small library: files with real sound, their tracks, encoders with an index, tags, runs. */
import { mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { peaksPerSecond } from '../../../src-main/audio/about.ts';
import { writeSafetensorsFile } from '../../../src-main/compute/index.ts';
import type { EncoderId, FolderId, TrackId } from '../../../src-main/contract/index.ts';
import { findEncoder } from '../../../src-main/learn/index.ts';
import type { WeightArrays } from '../../../src-main/learn/index.ts';
import type { Services } from '../../../src-main/service/index.ts';
import type { Store } from '../../../src-main/store/index.ts';
import { embeddingsOf, seedDimensions } from './activations.ts';
import { seedCover, seedSampleRate, writeSeedAudio } from './audio.ts';
import { seedRuns } from './runs.ts';
import { seedTagsOf } from './tags.ts';
import { noise, plannedTrack, seedFolders } from './track-plan.ts';
import type { PlannedTrack } from './track-plan.ts';

/** What the library holds. */
export type SeedOptions = {
  /** Tracks; none: nothing was added. Default 137. */
  tracks?: number;
  /** Encoders that are there, and whether the first has an index. Default `indexed`; `none` where there are no tracks. */
  encoders?: 'none' | 'unindexed' | 'indexed';
  /** The encoder that every library begins with; else it was removed, as a person may, so that a start does not bring it. Default false. */
  builtIn?: boolean;
  /** Also indexed by the untrained encoder, half of whose neurons do what the first one's do, and by the encoder that every library begins with. Default false. */
  beside?: boolean;
  /** Three runs from before. Default none. */
  runs?: boolean;
  /** Tags from before, and a published set of tags that came with the first encoder. Default none. */
  tags?: boolean;
};

type Written = { id: TrackId; path: string; audioHash: string; planned: PlannedTrack };

/** Why a seeded track failed, and why another was indexed in part. */
const failure = 'The decoder found no frame that it could read; the file may be damaged.';
const partly = 'The file ends after 0:12 of 0:30; the part that is there was indexed.';

/** Writes files below `root` and all that is known of them into an empty core. */
export async function seedLibrary(services: Services, root: string, options: SeedOptions): Promise<void> {
  const { store } = services;
  const count = options.tracks ?? 137;
  const encoders = options.encoders ?? (count === 0 ? 'none' : 'indexed');
  for (const folder of seedFolders) mkdirSync(join(root, folder), { recursive: true });
  store.settings.set({ indexAfterScan: false });
  const written = count === 0 ? [] : seedTracks(store, root, count);
  if (encoders !== 'none') await seedEncoders(services, root, options.tags === true);
  if (encoders === 'indexed') seedIndexes(store, written);
  if (options.tags === true) seedTagsOf(store, written);
  if (options.beside === true) seedBeside(services, written);
  if (options.runs === true) await seedRuns(store);
  if (options.builtIn !== true && options.beside !== true) services.encoders.remove(services.encoders.bringBuiltIn().id);
}

function seedTracks(store: Store, root: string, count: number): Written[] {
  const folders = new Map(seedFolders.map((name) => [name, store.folders.add(join(root, name)).id]));
  const written = Array.from({ length: count }, (_, number) => seedTrack(store, root, folders, number));
  for (const id of folders.values()) store.folders.setScanned(id, Date.UTC(2025, 9, 4, 9, 30));
  const unreadable = (name: string, code: string, message: string): void => {
    const path = join(root, 'Music', 'Downloads', name);
    store.problems.set({ path, code, message, during: 'scan', trackId: null });
  };
  unreadable('notes.mp3', 'NOT_AUDIO', 'This is not audio: the file begins like plain text.');
  unreadable('empty.flac', 'FILE_EMPTY', 'The file is empty (0 bytes).');
  return written;
}

function seedTrack(store: Store, root: string, folders: ReadonlyMap<string, FolderId>, number: number): Written {
  const planned = plannedTrack(number);
  const { title, artist, album, year, genre, seconds, recording } = planned;
  const path = join(root, planned.folder, ...planned.place);
  mkdirSync(dirname(path), { recursive: true });
  const outline = writeSeedAudio(path, { recording, seconds, cover: planned.hasCover ? seedCover(number) : null });
  const { size, mtimeMs } = statSync(path);
  const audioHash = `sound of seeded track ${recording}, copy ${number}`;
  const { id } = store.tracks.upsert({
    ...{
      folderId: folders.get(planned.folder) as FolderId,
      path,
      size,
      mtimeMs,
      audioHash,
      container: 'wav',
      codec: 'pcm_u8',
      format: 'WAV',
    },
    ...{ sampleRate: seedSampleRate, channels: 1, bitRate: seedSampleRate * 8, durationMs: seconds * 1000, title, artist, album },
    ...{ albumArtist: '', year, genre, discNumber: null, trackNumber: 1 + (number % 14), tags: {} },
    labels: [genre, year === null ? '' : String(year)].filter((label) => label !== ''),
  });
  store.peaks.set(id, peaksPerSecond, outline);
  return { id, path, audioHash, planned };
}

async function seedEncoders({ encoders, store }: Services, root: string, hasLabels: boolean): Promise<void> {
  const weights = new Map([...findEncoder('sample-cnn', 22_050).initialise(2), ...(hasLabels ? publishedHead() : [])]);
  const path = join(root, 'clmr_checkpoint_10000.safetensors');
  await writeSafetensorsFile(path, weights);
  const { id } = await encoders.importWeights(path, { name: 'CLMR MagnaTagATune' });
  await encoders.createUntrained({ sampleRate: 22_050, seed: 1, name: 'Untrained, seed 1' });
  store.settings.set({ encoderId: id });
}

/** Tags of the published head. */
const outputs = 50;
const outputBias = -3;

/** A head of fifty tags, each of which listens to some of the neurons. */
function publishedHead(): WeightArrays {
  const data = Float32Array.from({ length: outputs * seedDimensions }, (_, i) =>
    noise(Math.floor(i / seedDimensions), i % seedDimensions) < 0.03 ? 1.2 : -0.04,
  );
  const bias = new Float32Array(outputs).fill(outputBias);
  return new Map([
    ['fc.weight', { shape: [outputs, seedDimensions], data }],
    ['fc.bias', { shape: [outputs], data: bias }],
  ]);
}

/** What the published head says of segments, float32 `[segments, outputs]`, from their embeddings and its weights `[outputs, neurons]`. */
function outputsOf(embeddings: Float32Array, weights: Float32Array): Float32Array {
  return Float32Array.from({ length: (embeddings.length / seedDimensions) * outputs }, (_, i) => {
    const [segment, output] = [Math.floor(i / outputs), i % outputs];
    let logit = outputBias;
    for (let d = 0; d < seedDimensions; d++)
      logit += (embeddings[segment * seedDimensions + d] as number) * (weights[output * seedDimensions + d] as number);
    return 1 / (1 + Math.exp(-logit));
  });
}

/** Indexes of the chosen encoder and, where it came with a head, of the head's outputs. */
function seedIndexes(store: Store, written: readonly Written[]): void {
  const encoderId = store.settings.get().encoderId as EncoderId;
  seedIndex(store, { encoderId, written, rowsOf: embeddingsOf });
  const set = store.encoders.tagSetOf(encoderId);
  const weights = publishedHead().get('fc.weight')?.data;
  if (set === null || weights === undefined) return;
  seedIndex(store, { encoderId: set.id, written, rowsOf: (path, segments) => outputsOf(embeddingsOf(path, segments), weights) });
}

/** Indexes of the untrained encoder and of timbre statistics. */
function seedBeside({ store, encoders }: Services, written: readonly Written[]): void {
  const other = store.encoders.list().find(({ source }) => source === 'untrained');
  if (other === undefined) return;
  const half = seedDimensions / 2;
  const rowsOf = (path: string, segments: number): Float32Array => {
    const [own, another] = [embeddingsOf(path, segments), embeddingsOf(`${path} heard otherwise`, segments)];
    return own.map((_, at) => (at % seedDimensions < half ? (own[at + half] as number) : (another[at] as number)));
  };
  seedIndex(store, { encoderId: other.id, written, rowsOf });
  const { id: encoderId, dimensions } = encoders.bringBuiltIn();
  const timbre = (path: string, segments: number): Float32Array => {
    const all = embeddingsOf(path, segments);
    return Float32Array.from(
      { length: segments * dimensions },
      (_, at) => all[Math.floor(at / dimensions) * seedDimensions + (at % dimensions)] as number,
    );
  };
  seedIndex(store, { encoderId, written, rowsOf: timbre });
}

type IndexPlan = { encoderId: EncoderId; written: readonly Written[]; rowsOf: (path: string, segments: number) => Float32Array };

function seedIndex(store: Store, { encoderId, written, rowsOf }: IndexPlan): void {
  const encoder = store.encoders.get(encoderId);
  const writer = store.index.writer(store.index.ensure(encoder.id, encoder.cropSamples).id);
  for (const { id, path, audioHash, planned } of written) {
    if (planned.outcome === 'failed') {
      writer.fail(id, audioHash, 'DECODE_FAILED', failure);
      store.problems.set({ path, code: 'DECODE_FAILED', message: failure, during: 'index', trackId: id });
      continue;
    }
    const segments = Math.floor((planned.seconds * encoder.sampleRate) / encoder.cropSamples);
    writer.begin(id, audioHash);
    writer.append(rowsOf(path, segments));
    writer.finish(planned.outcome === 'partial' ? { partial: true, message: partly } : {});
  }
  writer.close();
}
