/** @file What the core and the training process say to each other. Structured clones over the process channel; arrays travel as they are. */
import type { ErrorData } from '../../base/index.ts';
import type { pretraining } from '../../contract/index.ts';

/** A track to learn from. `durationMs` as the library knows it; 0 when it does not. */
export type TrainTrack = { trackId: number; path: string; audioHash: string; durationMs: number };

/** A track's embeddings that an index holds, `[segments, length]`. */
export type TrackRows = { trackId: number; rows: Float32Array };

/**
 * Labels to learn, as objectives over labels take them: `answers` in the order of `names`, 1 where a label fits, 0 where it does not, down to −1 an answer that
 * counts less, −1 not at all. `isExclusive`: each track has one class. Tracks of one `group` (artist, album) all have one role.
 */
export type TrainLabels = {
  names: string[];
  isExclusive: boolean;
  tracks: { trackId: number; answers: number[]; group: number; role: 'taught' | 'heldOut' }[];
};

/** What every kind of work needs to know. `device`: an id or `auto`. */
type Work = {
  settings: pretraining.PretrainSettings;
  device: string;
  tracks: TrainTrack[];
  /** What is known of tracks, those that are held out among them; null for recipes that need no labels. */
  labels: TrainLabels | null;
  /** Tracks that are measured and not learnt from. */
  heldOut: TrainTrack[];
  /** Folder for decoded audio; may be deleted at any time. */
  cacheDirectory: string;
};

/** Core to training process: one of `train`, `estimate` and `hear`, once; then steering. */
export type TrainRequest =
  | (Work & {
      type: 'train';
      /** Where checkpoints lie and go: `step-N.safetensors` with `step-N.json` beside it. */
      checkpointDirectory: string;
      /** The step to go on from; null: from the beginning. */
      fromStep: number | null;
      /** Weights to begin with instead of drawn ones: a checkpoint of another run. */
      continuesPath: string | null;
      /** Time that the run has trained before, in seconds. */
      activeSeconds: number;
      /** Checkpoints that are there already, for `checkpoints.keep` and the best. */
      checkpoints: { step: number; loss: number; rank: number; isBest?: boolean }[];
      codeVersion: string;
    })
  | (Work & { type: 'estimate' })
  | (Work & { type: 'hear'; seed: number })
  /** What `rowsWanted` asked for; null when there is no more. */
  | { type: 'rows'; rows: TrackRows[] | null }
  | { type: 'pause' }
  | { type: 'resume' }
  /** End after the step under way, with a checkpoint. */
  | { type: 'stop' };

/** Training process to core. A run: `opened`, any number of `rowsWanted`, `prepared`, any number of `preparing`, then of `stepped`, `healthy`, `saved`, `dropped`, then `ended` or `failed`. */
export type TrainReply =
  | { type: 'opened'; device: string; deviceReason: string }
  /** Embeddings of further tracks are asked for, by runs that are fed with them. */
  | { type: 'rowsWanted' }
  /** The tracks of the first step are being decoded; those of the next ones follow while it goes on. */
  | { type: 'preparing'; done: number; total: number; audioSeconds: number; detail: string }
  /** Tracks are heard to be measured. */
  | { type: 'measuring'; phase: string; done: number; total: number }
  /** What will be learnt from, as far as the library knows. `totalSteps` is null while the length is in minutes. */
  | { type: 'prepared'; tracks: number; tooShort: number; fromStep: number; totalSteps: number | null; stepsPerEpoch: number }
  /** A track that cannot be used, and why. */
  | { type: 'problem'; trackId: number; path: string; code: ErrorData['code']; message: string }
  | { type: 'stepped'; point: pretraining.RunPoint; activeSeconds: number; totalSteps: number | null; idleShare: number }
  | { type: 'healthy'; step: number; health: pretraining.Health }
  /** A checkpoint is on the disk. */
  | { type: 'saved'; step: number; loss: number; rank: number; bytes: number; isBest: boolean; activeSeconds: number }
  /** An older checkpoint was deleted. */
  | { type: 'dropped'; step: number }
  | { type: 'paused'; step: number }
  /** `remark`: why it ended before its length, as a sentence; empty otherwise. */
  | {
      type: 'ended';
      why: 'done' | 'stopped';
      remark?: string;
      step: number;
      loss: number;
      activeSeconds: number;
      clipsPerSecond: number;
      idleShare: number;
    }
  | { type: 'estimated'; estimate: pretraining.Estimate }
  | { type: 'heard'; pair: Omit<pretraining.ViewPair, 'title' | 'artist'> }
  /** Nothing more will come. */
  | { type: 'failed'; error: ErrorData };
