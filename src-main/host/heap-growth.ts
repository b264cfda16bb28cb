/**
 * @file Keeps the core's heap near what it holds. Left alone, V8 lets garbage pile up to several times what is in use, and gives the young generation
 * 128 MB that it keeps: right for a server that has a machine to itself, too much for an application that runs all day beside others.
 */
import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** The old generation is collected when it has grown by so much, in percent of what was in use after the last time. */
const growthPercent = 50;

/** Bytes of the young generation from which on it grows no further. */
const mostYoungBytes = 16 * 2 ** 20;

/**
 * Limits this process's heap from now on. The size of the young generation is an option of the command line alone, which Electron, `npm` and a
 * person's shell would all have to give; its growth can be ended while the process runs. @returns what ends the watching
 */
export function limitHeapGrowth(): () => void {
  setFlagsFromString(`--heap-growing-percent=${growthPercent}`);
  const observer = new PerformanceObserver(() => endGrowth());
  const endGrowth = (): void => {
    if (youngBytes() < mostYoungBytes) return;
    setFlagsFromString('--semi-space-growth-factor=1');
    observer.disconnect();
  };
  observer.observe({ entryTypes: ['gc'] });
  endGrowth();
  return () => observer.disconnect();
}

/** Memory of the young generation, used or not. */
export function youngBytes(): number {
  return getHeapSpaceStatistics().find((space) => space.space_name === 'new_space')?.space_size ?? 0;
}
