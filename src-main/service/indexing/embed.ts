/** @file Encodes one file that need not be in the library. */
import { encoderSettings } from '../encoders/encoder-settings.ts';
import { AppError, openRegularFile, toSystemPath } from '../../base/index.ts';
import type { Store, StoredEncoder } from '../../store/index.ts';
import { Gate } from '../jobs/gate.ts';
import { timingOf } from '../listening/listening.ts';
import type { ProcessEntries } from '../processes/child.ts';
import { runSession } from './index-session.ts';
import type { SessionOptions } from './index-session.ts';
import { embeddingSpace } from './space-writers.ts';

/** What to encode, and how. `device` is an id or `auto`. */
export type EmbedOptions = {
  store: Store;
  entries: ProcessEntries;
  /** An encoder, or one of its feature spaces. */
  encoder: StoredEncoder;
  path: string;
  hopSamples: number;
  device: string;
  signal: AbortSignal;
  /** Hears how many segments were encoded so far. */
  onSegments?: (segments: number) => void;
};

/** `embeddings` `[segments, dimensions]`; `reason` says why a file that is `truncated` ends early. `isSilent`: nothing in it is above -54 dB. */
export type Embedded = {
  embeddings: Float32Array;
  segments: number;
  hopMs: number;
  durationMs: number;
  truncated: boolean;
  reason: string;
  isSilent: boolean;
};

/** Segments, about twenty seconds of sound, that are encoded at a time where somebody waits and wants to hear how far it is. */
const toldBatch = 8;

type Ending = { durationMs: number; truncated: boolean; reason: string; peaks: Uint8Array };

/** Decodes and encodes a file in a process of its own. @throws AppError BAD_INPUT for what is no file; what decoding or the device could not do; TOO_SHORT */
export async function embedFile(options: EmbedOptions): Promise<Embedded> {
  const { entries, encoder, path, hopSamples, signal, onSegments } = options;
  const { file } = await openRegularFile(toSystemPath(path));
  await file.close();
  const parts: Float32Array[] = [];
  let values = 0;
  let ending: Ending = { durationMs: 0, truncated: false, reason: '', peaks: new Uint8Array(0) };
  const { dimensions } = encoder;
  const end = await runSession({
    entry: entries.indexProcess,
    open: openRequest(options),
    tracks: [{ trackId: 1, path }],
    gate: new Gate(),
    signal,
    onOpened: () => undefined,
    onTrack: (reply) => {
      if (reply.type === 'failed') throw AppError.fromData(reply.error);
      if (reply.type === 'finished') ending = reply;
      else {
        parts.push(reply.rows);
        values += reply.rows.length;
        onSegments?.(values / dimensions);
      }
    },
  });
  if (end.type === 'crashed') throw new AppError('DECODER_CRASHED', `The process ${end.how} while it read ${path}.`);
  const embeddings = new Float32Array(values);
  let at = 0;
  for (const part of parts) {
    embeddings.set(part, at);
    at += part.length;
  }
  const { hopMs, segmentMs } = timingOf(encoder, hopSamples);
  if (embeddings.length === 0) {
    const [has, needs] = [ending.durationMs, segmentMs].map((ms) => (ms / 1000).toFixed(2));
    throw new AppError('TOO_SHORT', `${path} holds ${has} s of sound; one segment of this encoder is ${needs} s. Choose a longer file.`);
  }
  const { durationMs, truncated, reason, peaks } = ending;
  const isSilent = peaks.every((peak) => peak === 0);
  return { embeddings, segments: embeddings.length / dimensions, hopMs, durationMs, truncated, reason, isSilent };
}

/** A space is what its encoder's weights give at another place. */
function openRequest({ store, encoder, device, hopSamples, onSegments }: EmbedOptions): SessionOptions['open'] {
  return {
    ...{
      encoder: encoderSettings(encoder),
      outputs: [encoder.space ?? embeddingSpace],
      device,
      hopSamples,
      decodeThreads: 1,
      isFed: false,
    },
    ...{ weightsPath: store.paths.weights(encoder.baseEncoderId ?? encoder.id), weightsSha256: encoder.weightsSha256 },
    ...(onSegments === undefined ? {} : { mostBatch: toldBatch }),
  };
}
