/** @file What held-out tracks say: means over crops, the best measurement, early ends, plateaus, and going on with what a checkpoint holds. */
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src-main/base/index.ts';
import { pretraining } from '../../../../src-main/contract/index.ts';
import type { TrainLabels, TrainTrack } from '../../../../src-main/service/index.ts';
import { withHeldOut } from '../../../../src-main/worker/train/health.ts';
import { HeldOut } from '../../../../src-main/worker/train/held-out.ts';
import type { HeldOutOptions, HeldOutState } from '../../../../src-main/worker/train/held-out.ts';
import { scoreTracks } from '../../../../src-main/worker/train/track-scores.ts';

const cropSamples = 4;
const tracks = (...ids: number[]): TrainTrack[] =>
  ids.map((trackId) => ({ trackId, path: `${trackId}.mp3`, audioHash: String(trackId), durationMs: 1 }));

/** Crops that are filled with the track's number and a part for the crop's; some tracks cannot be heard. */
function feedWithout(...broken: number[]): HeldOutOptions['feed'] {
  const unusable = new Set<number>();
  return {
    unusable,
    expect: () => undefined,
    consecutive: async ({ trackId }, most) => {
      if (broken.includes(trackId)) {
        unusable.add(trackId);
        return null;
      }
      return Array.from({ length: Math.min(most, trackId + 1) }, (_, at) => new Float32Array(cropSamples).fill(trackId + at / 10));
    },
  };
}
const feed = feedWithout(13);

/** A logit that grows with the track's number, times `slope`, as good as a label that even tracks have not. */
const trainerOf = (slope: { now: number }, calls: number[] = []): HeldOutOptions['trainer'] => ({
  evaluate: async (wave) => {
    calls.push(wave.length / cropSamples);
    const firsts = Float32Array.from({ length: wave.length / cropSamples }, (_, row) => wave[row * cropSamples] ?? 0);
    return {
      logits: firsts.map((value) => slope.now * (value - 5.5)),
      embeddings: Float32Array.from([...firsts].flatMap((value) => [value, 1])),
    };
  },
});

const scoring = { cropSamples, crops: 3, isStopping: () => false, onTrack: () => undefined };

describe('a track', () => {
  it('is scored by the mean over its crops, those of several tracks at a time', async () => {
    const calls: number[] = [];
    const scores = await scoreTracks(tracks(1, 13, 5, 6, 7, 8, 9), { ...scoring, feed, trainer: trainerOf({ now: 1 }, calls) });
    expect(scores?.places).toEqual([0, 2, 3, 4, 5, 6]);
    expect(calls).toEqual([16, 1]);
    const means = [1.05, 5.1, 6.1, 7.1, 8.1, 9.1];
    for (const [row, mean] of means.entries()) {
      expect(scores?.outputs['logits']?.[row]).toBeCloseTo(mean - 5.5, 5);
      expect(scores?.outputs['embeddings']?.[2 * row]).toBeCloseTo(mean, 5);
    }
  });

  it('is not waited for when the run is to end', async () => {
    let heard = 0;
    const stopping = { ...scoring, isStopping: () => heard > 0, onTrack: () => void heard++ };
    expect(await scoreTracks(tracks(1, 2, 3), { ...stopping, feed, trainer: trainerOf({ now: 1 }) })).toBeNull();
    expect(heard).toBe(1);
  });
});

type Changes = {
  objective?: Partial<Extract<pretraining.ObjectiveSettings, { kind: 'bce' }>>;
  schedule?: Partial<pretraining.ScheduleSettings>;
  state?: HeldOutState;
  broken?: number[];
  told?: string[];
  hears?: (track: TrainTrack) => Float32Array;
  /** The label fits even tracks. */
  isEven?: boolean;
};

function noiseOf(seed: number, level: number): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from({ length: cropSamples }, () => level * random.normal());
}

/** Tracks 1 to 10 are held out, 20 to 43 learnt from; the label fits those from 6 on, and the odd ones. */
function heldOutOf(
  slope: { now: number },
  { objective = {}, schedule = {}, state, broken = [], told = [], hears, isEven = false }: Changes = {},
): HeldOut {
  const { supervised } = pretraining.recipeDefaults;
  const row = (trackId: number, role: 'taught' | 'heldOut'): TrainLabels['tracks'][number] => ({
    trackId,
    answers: [(isEven ? trackId % 2 === 0 : trackId >= 6) ? 1 : 0],
    group: trackId,
    role,
  });
  const ids = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  const taught = Array.from({ length: 24 }, (_, at) => 20 + at).map((trackId) => ({
    ...row(trackId, 'taught'),
    answers: [isEven ? 1 - (trackId % 2) : trackId % 2],
  }));
  return new HeldOut({
    settings: {
      ...supervised,
      objective: { ...pretraining.objectiveDefaults.bce, ...objective },
      schedule: { ...supervised.schedule, ...schedule },
    },
    labels: { names: ['late'], isExclusive: false, tracks: [...taught, ...ids.map((trackId) => row(trackId, 'heldOut'))] },
    taught: tracks(...taught.map(({ trackId }) => trackId)),
    heldOut: tracks(...ids),
    encoder: { dimensions: 2, cropSamples, sampleRate: 8000 },
    ...{
      trainer: trainerOf(slope),
      feed: hears === undefined ? feedWithout(...broken) : { ...feed, consecutive: async (track) => [hears(track)] },
      stepsPerEpoch: 10,
      state: state ?? null,
      isContinued: false,
    },
    ...{ isStopping: () => false, report: () => undefined, tell: (message) => void told.push(message) },
  });
}

describe('held-out tracks', () => {
  it('are measured after an epoch and not before 25 steps, or as often as was set', () => {
    const due = (heldOut: HeldOut): number[] => Array.from({ length: 60 }, (_, at) => at + 1).filter((step) => heldOut.isDue(step));
    expect(due(heldOutOf({ now: 1 }))).toEqual([25, 50]);
    expect(due(heldOutOf({ now: 1 }, { objective: { measuredEvery: 20 } }))).toEqual([20, 40, 60]);
  });

  it('tell loss, scores with intervals, the untrained encoder’s and those of guessing', async () => {
    const heldOut = heldOutOf({ now: 2 });
    await heldOut.begin();
    expect(await heldOut.measure(25)).toBe(true);
    expect(heldOut.last).toMatchObject({
      ...{ step: 25, tracks: 10, isExclusive: false, groupedBy: 'artist', since: 0 },
      scores: { accuracy: null, rocAuc: { value: 1, low: expect.closeTo(0.566, 3) as number, high: 1 } },
      ...{ chance: { rocAuc: 0.5, averagePrecision: 0.5, accuracy: null }, each: [{ name: 'late', yes: 5, no: 5, rocAuc: 1 }] },
      ...{ best: { step: 25, score: 1, figures: { tracks: 10 } }, began: { labels: 1, isContinued: false }, mfcc: { labels: 1 } },
    });
    // Odd and even tracks cannot be told apart by a line through numbers.
    expect(heldOut.last?.began?.rocAuc?.value).toBeLessThanOrEqual(1);
    expect(() => pretraining.healthSchema.shape.heldOut.parse(heldOut.last)).not.toThrow();
  });

  it('end a run when so many measurements in a row were no better, and not where that is off', async () => {
    const slope = { now: 1 };
    const heldOut = heldOutOf(slope, { objective: { patience: 2 } });
    const found: (boolean | null)[] = [];
    for (const [step, now] of [1, 1.5, -1, 1.2].entries()) {
      slope.now = now;
      found.push(await heldOut.measure(step));
      expect(heldOut.isExhausted).toBe(step === 3);
    }
    // As high a score at a lower loss is better; a lower score is not, nor the same with a higher loss.
    expect(found).toEqual([true, true, false, false]);
    expect(heldOut.state.best).toMatchObject({ step: 1 });
    heldOut.goOn();
    expect(heldOut.isExhausted).toBe(false);
    const off = heldOutOf(slope, { objective: { patience: null } });
    for (let step = 0; step < 6; step++) await off.measure(step);
    expect(off.isExhausted).toBe(false);
  });

  it('are judged by the loss where that is set', async () => {
    const slope = { now: 5 };
    const heldOut = heldOutOf(slope, { objective: { judgedBy: 'loss' } });
    expect(await heldOut.measure(1)).toBe(true);
    slope.now = 0.1;
    expect(await heldOut.measure(2)).toBe(false);
    slope.now = 6;
    expect(await heldOut.measure(3)).toBe(true);
  });

  it('lower the rate on a plateau, as PyTorch’s scheduler does: after more measurements than its patience', async () => {
    const slope = { now: 3 };
    const heldOut = heldOutOf(slope, { schedule: { kind: 'plateau', plateauFactor: 0.2, plateauPatience: 1 } });
    const rates: number[] = [];
    for (const now of [3, 2, 2, 2, 2, 4, 2, 2]) {
      slope.now = now;
      await heldOut.measure(rates.length);
      rates.push(heldOut.rateShare);
    }
    const [first, second] = [0.2, 0.2 * 0.2];
    expect(rates).toEqual([1, 1, first, first, second, second, second, second * 0.2]);
    expect(heldOutOf(slope).rateShare).toBe(1);
  });

  it('go on with what a checkpoint holds, and say the same', async () => {
    const slope = { now: 1 };
    const whole = heldOutOf(slope);
    await whole.begin();
    await whole.measure(25);
    const kept = JSON.parse(JSON.stringify(whole.state)) as HeldOutState;
    slope.now = -1;
    await whole.measure(50);
    const again = heldOutOf(slope, { state: kept });
    await again.begin();
    await again.measure(50);
    expect(again.state).toEqual(whole.state);
    expect(again.state.last?.began).not.toBeNull();
  });

  it('tell what cepstral coefficients reach with the same head, of the same tracks and labels', async () => {
    // The tracks with even numbers are loud: an encoder that hears their number alone does not know.
    const heldOut = heldOutOf({ now: 1 }, { hears: ({ trackId }) => noiseOf(trackId, trackId % 2 === 0 ? 1 : 0.01), isEven: true });
    await heldOut.begin();
    await heldOut.measure(25);
    expect(heldOut.last?.mfcc).toMatchObject({ labels: 1, rocAuc: { value: 1 }, averagePrecision: { value: 1 } });
    const before = { ...heldOut.state, mfcc: undefined };
    const again = heldOutOf({ now: 1 }, { state: before });
    await again.begin();
    expect(again.state.mfcc).toMatchObject({ labels: 1 });
    expect(again.state.began).toEqual(heldOut.state.began);
  });

  it('keep the figures of the best measurement beside those of the last', async () => {
    const slope = { now: 2 };
    const heldOut = heldOutOf(slope);
    await heldOut.measure(25);
    slope.now = -2;
    await heldOut.measure(50);
    const { last } = heldOut;
    expect([last?.step, last?.scores.rocAuc?.value, last?.best.figures?.scores.rocAuc?.value]).toEqual([50, 0, 1]);
    const best = pretraining.heldOutAt(last as pretraining.HeldOut, 25);
    expect([best.step, best.scores.rocAuc?.value, best.each[0]?.rocAuc]).toEqual([25, 1, 1]);
    expect(pretraining.heldOutAt(last as pretraining.HeldOut, 50)).toBe(last);
  });

  it('take nothing that has learnt for the encoder that the run began with', async () => {
    const slope = { now: 1 };
    const whole = heldOutOf(slope);
    await whole.begin();
    // Saved before the first measurement.
    const again = heldOutOf({ now: 3 }, { state: JSON.parse(JSON.stringify(whole.state)) as HeldOutState });
    await again.begin();
    await again.measure(25);
    expect(again.last?.began).toEqual(whole.state.began);
    const without = heldOutOf(slope, { state: { ...whole.state, began: null } });
    await without.begin();
    expect(without.state.began).toBeNull();
  });

  it('of too few artists have no interval, and decide nothing', async () => {
    const heldOut = heldOutOf({ now: 2 }, { broken: [3, 4, 5, 6, 7, 8] });
    await heldOut.measure(1);
    expect(heldOut.last?.scores.rocAuc).toEqual({ value: 1, low: null, high: null });
    const health = withHeldOut({ verdict: 'healthy', says: 'Healthy.' } as pretraining.Health, heldOut.last);
    expect(health).toMatchObject({
      verdict: 'unlearnt',
      says: expect.stringContaining('ROC-AUC (1.000, too few artists to tell') as string,
    });
  });

  it('are parted again in words where tracks fall out: what a label lost is told once, and a label of nothing ends the run', async () => {
    const told: string[] = [];
    const two = heldOutOf({ now: 1 }, { broken: [6, 7, 8, 9, 10], told });
    await expect(two.begin()).rejects.toThrow(/5 of 10 labelled tracks \(held-out tracks\) cannot be used, .* nothing can be measured/);
    const odd = Array.from({ length: 12 }, (_, at) => 21 + 2 * at);
    await expect(heldOutOf({ now: 1 }, { broken: odd }).begin()).rejects.toThrow(/12 of 24 labelled tracks .* nothing can be learnt/);
    await expect(heldOutOf({ now: 1 }, { broken: [1, 2, 20, 21] }).begin()).resolves.toBeUndefined();
    expect(told).toEqual([]);
  });

  it('decide whether something was learnt: where their score may be chance, nothing was', async () => {
    const slope = { now: 2 };
    const heldOut = heldOutOf(slope);
    await heldOut.measure(1);
    const health = { verdict: 'healthy', says: 'Healthy.' } as pretraining.Health;
    expect(withHeldOut(health, heldOut.last)).toMatchObject({
      verdict: 'healthy',
      says: expect.stringContaining('ROC-AUC (1.000') as string,
    });
    slope.now = -2;
    await heldOut.measure(2);
    expect(withHeldOut(health, heldOut.last).verdict).toBe('unlearnt');
    expect(withHeldOut({ ...health, verdict: 'collapsed' }, heldOut.last).verdict).toBe('collapsed');
    expect(withHeldOut(health, null)).toBe(health);
  });
});
