/**
 * @file How long a person waits for all neurons of a large index: statistics, histograms and names with intervals, by the threads that the core starts for
 * it; how long anything else in the core waits meanwhile; and the same again, when nothing has changed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sourceEntries } from '../../src-main/host/core.ts';
import { createServices } from '../../src-main/service/index.ts';
import type { BenchResult, BenchRow } from './bench-result.ts';
import { millionSegments } from './million.ts';
import { makeSyntheticIndex } from './synthetic-index.ts';
import type { SyntheticIndex } from './synthetic-index.ts';

const host = {
  ...{ kind: 'serve' as const, version: 'bench' },
  ...{ chooseFolder: async () => null, chooseWeights: async () => null, reveal: async () => undefined },
};
/** How often the core's own thread is asked whether it is free. */
const tickMs = 5;

/** Looks at a million segments, and at a hundred thousand. */
export async function inspectBench(): Promise<BenchResult> {
  const million = millionSegments();
  const directory = mkdtempSync(join(tmpdir(), 'earmark-inspect-'));
  try {
    const few = makeSyntheticIndex(directory, 100_000, 512);
    return { name: 'inspect', rows: [...(await look(million.directory, million.synthetic)), ...(await look(directory, few))] };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function look(dataDirectory: string, { encoderId, segments, features }: SyntheticIndex): Promise<BenchRow[]> {
  const services = createServices({ dataDirectory, host, entries: sourceEntries, report: (error) => console.error(error) });
  try {
    const size = `${features} neurons over ${segments} segments`;
    const waits = watchWaits();
    const first = await timed(() => services.inspecting.neurons(encoderId));
    const longest = waits.end();
    const again = await timed(() => services.inspecting.neurons(encoderId));
    const { tried, tracks, neurons } = first.value;
    const named = neurons.filter(({ names }) => names.length > 0).length;
    return [
      { what: `statistics and names, ${size} of ${tracks} tracks, ${tried} names tried`, value: first.seconds, unit: 's' },
      { what: `longest that the core’s thread was busy meanwhile, ${size}`, value: longest, unit: 'ms' },
      { what: `the same again, nothing changed, ${size}`, value: again.seconds, unit: 's' },
      { what: `neurons named, ${size}`, value: named, unit: 'neurons' },
    ];
  } finally {
    await services.close();
  }
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
