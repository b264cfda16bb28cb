/** @file What the core and its child processes say to each other. Structured clones over the process channel; arrays travel as they are. */
import type { AudioProbe, ChangedFile, Field, FieldChange, FieldState, FileTags } from '../../audio/index.ts';
import type { ErrorData } from '../../base/index.ts';
import type { SegmentSound } from '../../inspect/index.ts';
import type { EncoderSettings, OutputChoice } from '../../learn/index.ts';

/** A track to be encoded; `known`: in place of its file, what an index holds of it; `cut`: a stretch of it alone. */
export type IndexTrack = { trackId: number; path: string; known?: KnownTrack; cut?: { startMs: number; endMs: number } };

/** Embeddings `[segments, length]` of the encoder that the one in question stands upon, and what was found when they were made. */
export type KnownTrack = { rows: Float32Array; segments: number; durationMs: number; truncated: boolean; reason: string };

/** Core to index process. */
export type IndexRequest =
  | {
      type: 'open';
      /** What the encoder is made from. */
      encoder: EncoderSettings;
      /** Tracks come with embeddings of the encoder that it stands upon, and no file is read. */
      isFed: boolean;
      /** What to give of each segment, side by side. */
      outputs: readonly OutputChoice[];
      weightsPath: string;
      /** What the weights' hash is to be. */
      weightsSha256: string;
      /** A device's id or `auto`. */
      device: string;
      /** Null: the crop's length. */
      hopSamples: number | null;
      decodeThreads: number;
      /** Segments at a time at most, where results are to be told of often; as many as suit the device when left out. */
      mostBatch?: number;
      /** Whether what else the machine does goes first. */
      isYielding?: boolean;
    }
  /** More tracks; they are encoded in this order. */
  | { type: 'tracks'; tracks: IndexTrack[] }
  /** No more tracks will come: end when all are done. */
  | { type: 'end' }
  | { type: 'pause' }
  | { type: 'resume' };

/** Index process to core. For one track: `decoding`, any number of `rows`, then `finished` or `failed`; tracks end in the order they came. */
export type IndexReply =
  | { type: 'opened'; device: string; deviceReason: string; cropSamples: number; dimensions: number; batch: number }
  | { type: 'openFailed'; error: ErrorData }
  /** Reading has begun: should the process die now, this track may be the reason. */
  | { type: 'decoding'; trackId: number }
  /** Embeddings, or what was asked for in their place, `[segments, dimensions]`, row after row. */
  | { type: 'rows'; trackId: number; rows: Float32Array }
  /** `peaks` are empty where no file was read. */
  | { type: 'finished'; trackId: number; durationMs: number; truncated: boolean; reason: string; peaks: Uint8Array }
  | { type: 'failed'; trackId: number; error: ErrorData }
  /** The device gave up in the middle: nothing more can be encoded. */
  | { type: 'deviceFailed'; error: ErrorData }
  /** Ends the process's work: how long it ran, and how long of that the device was encoding. */
  | { type: 'ended'; elapsedMs: number; busyMs: number; segments: number };

/** What the media process can be asked to do with one file. */
export type MediaTask =
  | { type: 'read'; path: string }
  | { type: 'peaks'; path: string }
  | { type: 'picture'; path: string }
  /** A stretch of the sound, mono; what lies beyond the file’s end is left out. */
  | { type: 'passage'; path: string; startMs: number; endMs: number; sampleRate: number }
  /** Whether a browser finds every place in the file where the decoder has it. */
  | { type: 'seeks'; path: string }
  /** What `unpackFingerprint` takes. */
  | { type: 'fingerprint'; path: string }
  /** How a stretch of it sounds. */
  | { type: 'sound'; path: string; sampleRate: number; startMs: number; endMs: number }
  | { type: 'transcode'; path: string; outPath: string }
  | { type: 'readField'; path: string; field: Field }
  /** May be asked again: a file that is as it should be is left alone. */
  | { type: 'changeField'; path: string; change: FieldChange };

/** What each task answers. */
export type MediaAnswers = {
  read: { probe: AudioProbe; tags: FileTags };
  peaks: { peaks: Uint8Array; durationMs: number };
  picture: { mimeType: string; data: Uint8Array } | null;
  passage: Float32Array;
  seeks: boolean;
  fingerprint: Uint8Array;
  /** Null for one that is silent, or too short to be measured. */
  sound: SegmentSound | null;
  transcode: null;
  readField: FieldState;
  changeField: ChangedFile;
};

export type MediaRequest = { id: number; task: MediaTask };
export type MediaReply = { id: number; value: MediaAnswers[keyof MediaAnswers] } | { id: number; error: ErrorData };
