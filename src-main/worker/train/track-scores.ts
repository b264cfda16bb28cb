/** @file What a method makes of whole tracks: the mean over consecutive crops around the middle of each. */
import { evaluatedClips } from '../../compute/index.ts';
import type { Trainer } from '../../compute/index.ts';
import type { TrainTrack } from '../../service/index.ts';
import type { BatchFeed } from '../feed/index.ts';

/** Of the tracks that could be heard: their places among those that were asked for, and the mean of each output, row after row. */
export type TrackScores = { places: number[]; outputs: Record<string, Float32Array> };

/** What scoring needs. `crops`: so many of a track at most. `isStopping`: what is asked for is no longer wanted. */
export type ScoreOptions = {
  feed: Pick<BatchFeed, 'consecutive' | 'expect'>;
  trainer: Pick<Trainer, 'evaluate'>;
  cropSamples: number;
  crops: number;
  isStopping: () => boolean;
  onTrack: (done: number) => void;
};

/** Hears tracks one after the other, crops of several at a time. @returns null where it was told to stop */
export async function scoreTracks(tracks: readonly TrainTrack[], options: ScoreOptions): Promise<TrackScores | null> {
  const { feed, trainer, cropSamples, crops, isStopping, onTrack } = options;
  feed.expect(tracks);
  const sums = new Map<number, { clips: number; outputs: Record<string, Float64Array> }>();
  let waiting: { place: number; wave: Float32Array }[] = [];
  const evaluate = async (): Promise<void> => {
    const wave = new Float32Array(waiting.length * cropSamples);
    for (const [row, clip] of waiting.entries()) wave.set(clip.wave, row * cropSamples);
    add(
      sums,
      waiting.map(({ place }) => place),
      await trainer.evaluate(wave),
    );
    waiting = [];
  };
  for (const [place, track] of tracks.entries()) {
    if (isStopping()) return null;
    for (const wave of (await feed.consecutive(track, crops)) ?? []) {
      waiting.push({ place, wave });
      if (waiting.length === evaluatedClips) await evaluate();
    }
    onTrack(place + 1);
  }
  if (waiting.length > 0) await evaluate();
  const heard = [...sums].toSorted(([a], [b]) => a - b);
  const names = Object.keys(heard[0]?.[1].outputs ?? {});
  const rows = (name: string): Float32Array =>
    Float32Array.from(heard.flatMap(([, { clips, outputs }]) => Array.from(outputs[name] ?? [], (sum) => sum / clips)));
  return { places: heard.map(([place]) => place), outputs: Object.fromEntries(names.map((name) => [name, rows(name)])) };
}

type Sums = Map<number, { clips: number; outputs: Record<string, Float64Array> }>;

function add(sums: Sums, places: readonly number[], told: Readonly<Record<string, Float32Array>>): void {
  for (const [row, place] of places.entries()) {
    const own = sums.get(place) ?? { clips: 0, outputs: {} };
    sums.set(place, own);
    own.clips++;
    for (const [name, data] of Object.entries(told)) {
      const width = data.length / places.length;
      const sum = (own.outputs[name] ??= new Float64Array(width));
      for (let at = 0; at < width; at++) sum[at] = (sum[at] as number) + (data[row * width + at] as number);
    }
  }
}
