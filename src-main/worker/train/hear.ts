/** @file What a step takes of a track, two augmented views or a crop, to be heard and seen. */
import { spectrogramOf } from '../../audio/index.ts';
import type { pretraining } from '../../contract/index.ts';
import { toBase64 } from '../../contract/index.ts';
import { seededRandom } from '../../base/index.ts';
import type { TrainReply, TrainRequest } from '../../service/index.ts';
import { createModel, isHeard } from '../../learn/index.ts';
import type { BatchFeed } from '../feed/index.ts';

type DrawnPair = Extract<TrainReply, { type: 'heard' }>['pair'];

/** The views that a run with these settings would see of a track that the seed draws. */
export async function hearPair({ settings, tracks, seed }: Extract<TrainRequest, { type: 'hear' }>, feed: BatchFeed): Promise<DrawnPair> {
  const random = seededRandom(seed);
  const { sampleRate } = settings.encoder;
  const candidates = tracks.map(({ trackId }) => trackId);
  const trackId = candidates[random.below(candidates.length)] ?? 0;
  const epoch = random.below(1_000_000);
  const heard = createModel(settings).method.parts.filter(isHeard);
  const views = await Promise.all(heard.map(({ content }) => feed.view(trackId, epoch, content.kind === 'view' ? content.view : 0)));
  return {
    trackId: trackId as DrawnPair['trackId'],
    sampleRate,
    views: views.map(({ startMs, applied, wave }): pretraining.ViewPair['views'][number] => {
      const { data, bands, frames } = spectrogramOf(wave, sampleRate);
      return { startMs, applied, wave: toBase64(sixteenBit(wave)), spectrogram: toBase64(data), bands, frames };
    }),
  };
}

/** Little-endian samples; what is beyond full scale is cut, as a sound card would. */
function sixteenBit(wave: Float32Array): Uint8Array {
  const samples = Int16Array.from(wave, (value) => Math.round(Math.max(-1, Math.min(1, value)) * 32_767));
  return new Uint8Array(samples.buffer);
}
