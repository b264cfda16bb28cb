/**
 * @file How long a person waits for what Inspect shows: all neurons of a large index (statistics alone, and with names and their intervals), by the threads that
 * the core starts for it, how long anything else in the core waits meanwhile, the same again when nothing has changed or tracks came; filter spectra of
 * layers, large maps, and concepts beside their twin in PyTorch (`EARMARK_PYTHON`, else `.venv`).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sourceEntries } from '../../src-main/host/core.ts';
import { createServices } from '../../src-main/service/index.ts';
import type { Services } from '../../src-main/service/index.ts';
import { indexedTracks, knownLevels, levelStep } from '../../src-main/service/inspecting/indexed-tracks.ts';
import { readRows } from '../../src-main/service/inspecting/inspect-threads.ts';
import { timingOf } from '../../src-main/service/listening/listening.ts';
import { defined } from '../../src-main/base/index.ts';
import type { NeuronSums } from '../../src-main/inspect/index.ts';
import type { BenchResult, BenchRow } from './bench-result.ts';
import { conceptRows, statedConcepts } from './inspect-concepts.ts';
import type { ConceptSize } from './inspect-concepts.ts';
import { largeMaps } from './map.ts';
import { millionSegments } from './million.ts';
import { makeSyntheticIndex } from './synthetic-index.ts';
import type { SyntheticIndex } from './synthetic-index.ts';

const host = {
  ...{ kind: 'serve' as const, version: 'bench' },
  ...{ chooseFolder: async () => null, chooseWeights: async () => null, reveal: async () => undefined },
};
/** How often the core's own thread is asked whether it is free. */
const tickMs = 5;

/** How much is measured; what is left out is as it is stated. */
export type InspectSize = {
  many: { directory: string; synthetic: SyntheticIndex };
  few: number;
  layers: readonly number[];
  map: number;
  concepts: ConceptSize;
};

/** Tracks that come at last, for what keeping statistics up to date takes. */
const lateTracks = 10;

/** Looks at a million segments, and at a hundred thousand; then at filters, maps and concepts. */
export async function inspectBench(size: Partial<InspectSize> = {}): Promise<BenchResult> {
  const { many = millionSegments(), few = 100_000, layers = [1, 6], map = 100_000, concepts = statedConcepts } = size;
  const directory = mkdtempSync(join(tmpdir(), 'earmark-inspect-'));
  try {
    const some = makeSyntheticIndex(directory, few, 512);
    return {
      name: 'inspect',
      rows: [
        ...(await withServices(many.directory, (services) => statistics(services, many.synthetic))),
        ...(await withServices(many.directory, (services) => look(services, many.synthetic))),
        ...(await withServices(directory, (services) => look(services, some))),
        ...(await withServices(directory, (services) => spectra(services, layers))),
        ...(await largeMaps(map)),
        ...(await conceptRows(concepts)),
      ],
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function withServices(dataDirectory: string, run: (services: Services) => Promise<BenchRow[]>): Promise<BenchRow[]> {
  const services = createServices({ dataDirectory, host, entries: sourceEntries, report: (error) => console.error(error) });
  try {
    return await run(services);
  } finally {
    await services.close();
  }
}

/** Statistics without names: of all tracks but the last ones, and then with these. */
async function statistics({ store }: Services, { encoderId, segments, features }: SyntheticIndex): Promise<BenchRow[]> {
  const index = defined(store.index.current(encoderId), 'an index');
  const tracks = await indexedTracks(store, index, () => Promise.resolve());
  const [count, step] = [tracks.counts.length, levelStep(tracks.counts.length)];
  const timing = timingOf(store.encoders.get(encoderId), index.hopSamples);
  const read = async (from: number, end: number, before: NeuronSums[] | null): Promise<NeuronSums[]> => {
    const own = { ...tracks, firstRows: tracks.firstRows.slice(0, end), counts: tracks.counts.slice(0, end) };
    const shared = new SharedArrayBuffer(Float32Array.BYTES_PER_ELEMENT * features * (end - from));
    const means = { tracks: end - from, values: new Float32Array(shared) };
    const known = await knownLevels(
      store,
      { ...own, trackIds: tracks.trackIds.slice(0, end) },
      { from, step, timing, pause: () => Promise.resolve() },
    );
    return readRows(
      {
        directory: store.paths.index(index.id),
        dimensions: features,
        firstRows: own.firstRows,
        counts: own.counts,
        from,
        means,
        before,
        known,
      },
      { entry: sourceEntries.inspectThread, signal: new AbortController().signal, onProgress: () => undefined },
    );
  };
  const what = `statistics of ${features} neurons over ${segments} segments`;
  const whole = await timed(() => read(0, count - lateTracks, null));
  const more = await timed(() => read(count - lateTracks, count, whole.value));
  return [
    { what, value: whole.seconds, unit: 's' },
    { what: `${what}: ${lateTracks} tracks that came`, value: more.seconds, unit: 's' },
  ];
}

/** Filter spectra of an untrained SampleCNN, nothing kept of them before. */
async function spectra({ encoders, inspecting }: Services, layers: readonly number[]): Promise<BenchRow[]> {
  const encoder = await encoders.createUntrained({ architecture: 'sample-cnn', sampleRate: 22_050, seed: 1, name: 'Bench' });
  const rows: BenchRow[] = [];
  for (const layer of layers) {
    const made = await timed(() => inspecting.spectra.spectra({ encoderId: encoder.id, layer }));
    rows.push({
      what: `filter spectra of layer ${layer} of SampleCNN, ${made.value.lines.length} filters`,
      value: made.seconds,
      unit: 's',
    });
  }
  return rows;
}

async function look({ inspecting }: Services, { encoderId, segments, features }: SyntheticIndex): Promise<BenchRow[]> {
  const size = `${features} neurons over ${segments} segments`;
  const waits = watchWaits();
  const first = await timed(() => inspecting.neurons(encoderId));
  const longest = waits.end();
  const again = await timed(() => inspecting.neurons(encoderId));
  const { tried, tracks, neurons } = first.value;
  const named = neurons.filter(({ names }) => names.length > 0).length;
  return [
    { what: `statistics and names, ${size} of ${tracks} tracks, ${tried} names tried`, value: first.seconds, unit: 's' },
    { what: `longest that the core’s thread was busy meanwhile, ${size}`, value: longest, unit: 'ms' },
    { what: `the same again, nothing changed, ${size}`, value: again.seconds, unit: 's' },
    { what: `neurons named, ${size}`, value: named, unit: 'neurons' },
  ];
}

async function timed<T>(run: () => Promise<T>): Promise<{ value: T; seconds: number }> {
  const start = performance.now();
  const value = await run();
  return { value, seconds: (performance.now() - start) / 1000 };
}

/** Measures the longest time between two ticks. */
function watchWaits(): { end(): number } {
  let [last, longest] = [performance.now(), 0];
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last - tickMs);
    last = now;
  }, tickMs);
  return {
    end: () => {
      clearInterval(timer);
      return longest;
    },
  };
}
