/** @file What the decode pool and its threads say to each other. A thread carries out one task at a time. */
import type { AudioProbe, DecodeSummary } from '../audio/index.ts';
import type { ErrorData } from '../base/index.ts';

/** One task for a thread. `path`s are in stored form. */
export type DecodeTask =
  | { type: 'probe'; path: string }
  | { type: 'transcode'; path: string; outPath: string }
  | { type: 'fingerprint'; path: string }
  | { type: 'decode'; path: string; sampleRate: number; blockSamples: number; inParts: boolean; startMs?: number; endMs?: number };

/** What a decoded file comes to: the summary and its outline. */
export type DecodeEnd = DecodeSummary & { peaks: Uint8Array };

/** Pool to thread: a task with the number that its answers carry, leave to send one more block, the end of a task, the end of the thread. */
export type ToThread =
  { type: 'task'; id: number; task: DecodeTask } | { type: 'more'; id: number } | { type: 'cancel'; id: number } | { type: 'close' };

/** Thread to pool, about one task. */
export type FromThread =
  | { type: 'block'; id: number; samples: Float32Array }
  | { type: 'probed'; id: number; probe: AudioProbe }
  | { type: 'printed'; id: number; print: Uint8Array }
  | { type: 'decoded'; id: number; end: DecodeEnd }
  | { type: 'done'; id: number }
  | { type: 'failed'; id: number; error: ErrorData };
