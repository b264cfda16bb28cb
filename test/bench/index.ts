/** @file What `earmark bench` can measure. */
import type { BenchOptions, BenchResult } from './bench-result.ts';

/** By the name that a person types; each is loaded when it is wanted. */
export const benches: Record<string, (options?: BenchOptions) => Promise<BenchResult>> = {
  augment: async () => (await import('./augment.ts')).augmentBench(),
  clearest: async () => (await import('./clearest.ts')).clearestBench(),
  'contract-fuzz': async () => (await import('./contract-fuzz.ts')).contractFuzzBench(),
  decode: async () => (await import('./decode.ts')).decodeBench(),
  duplicates: async () => (await import('./duplicates.ts')).duplicatesBench(),
  encode: async () => (await import('./encode.ts')).encodersBench(),
  feed: async () => (await import('./feed.ts')).feedBench(),
  first: async () => (await import('./first.ts')).firstBench(),
  hubs: async () => (await import('./hubs.ts')).hubsBench(),
  index: async () => (await import('./index-bench.ts')).indexBench(),
  inspect: async () => (await import('./inspect.ts')).inspectBench(),
  kills: async () => (await import('./kills.ts')).killsBench(),
  labelled: async () => (await import('./labelled.ts')).labelledBench(),
  learn: async () => (await import('./learn.ts')).learnBench(),
  map: async () => (await import('./map.ts')).mapBench(),
  'map-frames': async () => (await import('./map-frames.ts')).mapFramesBench(),
  neighbours: async () => (await import('./neighbours.ts')).neighboursBench(),
  probe: async () => (await import('./probe.ts')).probeBench(),
  scale: async () => (await import('./scale.ts')).scaleBench(),
  sort: async () => (await import('./sort.ts')).sortBench(),
  table: async () => (await import('./table.ts')).tableBench(),
  tagging: async () => (await import('./tagging.ts')).taggingBench(),
  tracks: async () => (await import('./tracks.ts')).tracksBench(),
  train: async (options) => (await import('./train.ts')).trainBench(options),
};
