/** @file Crops to embeddings: full batches across tracks, the next one filled while the device works on the last. */
import { AppError } from '../base/index.ts';
import type { FeedEvent, TrackEnd } from './crop-feed.ts';

/** The part of an encoder runner that the loop uses. */
export type Encode = {
  cropSamples: number;
  dimensions: number;
  bestBatch: number;
  /** `waves` `[batch, cropSamples]` to embeddings `[batch, dimensions]`. */
  encode(waves: Float32Array, batch: number): Promise<Float32Array>;
};

/** Hears the results, in the feed's order. */
export type Deliver = {
  rows(trackId: number, rows: Float32Array): void;
  finished(trackId: number, end: TrackEnd): void;
  failed(trackId: number, error: AppError): void;
};

/** `busyMs`: how long the device was encoding. */
export type LoopSummary = { busyMs: number; segments: number };

type Item = { type: 'slot'; trackId: number } | Exclude<FeedEvent, { type: 'crop' }>;

/**
 * Runs until the feed ends.
 * @param passed resolves when work may go on (a pause holds it)
 * @throws what the encoder throws
 */
export async function encodeLoop(
  feed: AsyncIterable<FeedEvent>,
  { encoder, deliver, passed }: { encoder: Encode; deliver: Deliver; passed: () => Promise<void> },
): Promise<LoopSummary> {
  const { cropSamples, bestBatch } = encoder;
  const buffers = [new Float32Array(bestBatch * cropSamples), new Float32Array(bestBatch * cropSamples)];
  const summary = { busyMs: 0, segments: 0 };
  let active = 0;
  let items: Item[] = [];
  let filled = 0;
  let running: Promise<void> = Promise.resolve();
  const deliverPlausible = plausibleOnly(deliver);

  const launch = async (): Promise<void> => {
    await running;
    const [waves, batch, batchItems] = [buffers[active] as Float32Array, filled, items];
    [active, filled, items] = [1 - active, 0, []];
    running = (async () => {
      const startedAt = performance.now();
      const rows = batch === 0 ? new Float32Array(0) : await encoder.encode(waves.subarray(0, batch * cropSamples), batch);
      if (batch > 0) summary.busyMs += performance.now() - startedAt;
      summary.segments += batch;
      deliverItems(batchItems, { rows, dimensions: encoder.dimensions, deliver: deliverPlausible });
    })();
    running.catch(() => undefined);
  };

  for await (const event of feed) {
    await passed();
    if (event.type === 'crop') {
      buffers[active]?.set(event.samples, filled * cropSamples);
      items.push({ type: 'slot', trackId: event.trackId });
      filled++;
    } else items.push(event);
    if (filled === bestBatch || filled === 0) await launch();
  }
  await launch();
  await running;
  return summary;
}

/** Far beyond the embeddings of any sound within the levels that decoding lets through. */
const mostEmbedding = 1e6;

/** Fails a track at its first embedding that is no finite number, or an absurd one; what else comes of it is left out. */
function plausibleOnly(deliver: Deliver): Deliver {
  let failed: number | null = null;
  return {
    rows: (trackId, rows) => {
      if (trackId === failed) return;
      const odd = rows.find((value) => !(Math.abs(value) <= mostEmbedding));
      if (odd === undefined) return deliver.rows(trackId, rows);
      failed = trackId;
      const says = `The encoder gives no usable numbers for this track (${odd} among them), so it is left out.`;
      deliver.failed(
        trackId,
        new AppError('NOT_FINITE', `${says} If this happens to every track, the encoder’s weights are damaged: import them again.`),
      );
    },
    finished: (trackId, end) => {
      if (trackId !== failed) deliver.finished(trackId, end);
      else failed = null;
    },
    failed: (trackId, error) => {
      if (trackId !== failed) deliver.failed(trackId, error);
      else failed = null;
    },
  };
}

function deliverItems(items: Item[], { rows, dimensions, deliver }: { rows: Float32Array; dimensions: number; deliver: Deliver }): void {
  let slot = 0;
  for (let i = 0; i < items.length; i++) {
    const item = items[i] as Item;
    if (item.type === 'finished') deliver.finished(item.trackId, item.end);
    else if (item.type === 'failed') deliver.failed(item.trackId, item.error);
    else {
      let end = i + 1;
      while (items[end]?.type === 'slot' && items[end]?.trackId === item.trackId) end++;
      deliver.rows(item.trackId, rows.slice(slot * dimensions, (slot + end - i) * dimensions));
      slot += end - i;
      i = end - 1;
    }
  }
}
