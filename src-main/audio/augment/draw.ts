/** @file What is drawn for one view before any sample is touched. */
import type { Random } from '../../base/index.ts';
import type { AugmentationSettings, Range } from './settings.ts';

/** The transforms of one view; null where a transform was not drawn. */
export type DrawnTransforms = {
  polarity: true | null;
  /** `ratio`: the noise's deviation by the signal's. */
  noise: { ratio: number; seed: number } | null;
  gain: { db: number } | null;
  filter: { pass: 'low' | 'high'; hertz: number; slope: 'gentle' | 'steep' } | null;
  delay: { ms: number; feedback: number; halve: boolean } | null;
  pitch: { semitones: number } | null;
  reverb: { roomSize: number; reverberance: number; damping: number; stereoDepth: number } | null;
};

/**
 * Draws one view's transforms. Every number is drawn whether it is used or not: with the same stream, another probability of one transform
 * leaves the others as they were.
 */
export function drawTransforms(settings: AugmentationSettings, random: Random): DrawnTransforms {
  const { polarity, noise, gain, filter, delay, pitch, reverb } = settings;
  const between = ({ least, most }: Range): number => least + (most - least) * random.uniform();
  const maybe = <T>(probability: number, drawn: T): T | null => (random.uniform() < probability ? drawn : null);
  return {
    polarity: maybe(polarity.probability, true),
    noise: maybe(noise.probability, { ratio: drawNoise(noise, random.uniform()), seed: random.below(2 ** 32) }),
    gain: maybe(gain.probability, { db: between(gain.db) }),
    filter: maybe(filter.probability, drawFilter(filter, { toss: random.uniform(), place: random.uniform() })),
    delay: maybe(delay.probability, { ms: drawSteps(delay, random.uniform()), feedback: delay.feedback, halve: delay.halve }),
    pitch: maybe(pitch.probability, { semitones: between(pitch.semitones) }),
    reverb: maybe(reverb.probability, {
      roomSize: between(reverb.roomSize),
      reverberance: between(reverb.reverberance),
      damping: between(reverb.damping),
      stereoDepth: reverb.stereoDepth,
    }),
  };
}

function drawNoise({ kind, snrDb, deviation }: AugmentationSettings['noise'], place: number): number {
  const within = ({ least, most }: Range): number => least + (most - least) * place;
  return kind === 'snr' ? 10 ** (-within(snrDb) / 20) : within(deviation);
}

type FilterDraw = { toss: number; place: number };

function drawFilter(
  { lowPassHz, highPassHz, slope }: AugmentationSettings['filter'],
  { toss, place }: FilterDraw,
): DrawnTransforms['filter'] {
  const pass = toss < 0.5 ? 'low' : 'high';
  const { least, most } = pass === 'low' ? lowPassHz : highPassHz;
  return { pass, hertz: least + (most - least) * place, slope };
}

/** The least, or so many whole steps above it, both ends included; the released code leaves the longest out. */
function drawSteps({ ms, stepMs }: AugmentationSettings['delay'], place: number): number {
  const steps = Math.floor((ms.most - ms.least) / stepMs + 1e-9) + 1;
  return ms.least + stepMs * Math.floor(place * steps);
}

/** The transforms that were drawn, in their order, as a person reads them. */
export function describeTransforms({ polarity, noise, gain, filter, delay, pitch, reverb }: DrawnTransforms): string[] {
  const percent = (value: number): string => `${value.toFixed(0)} %`;
  return [
    polarity && 'polarity inverted',
    noise && `noise ${signed(20 * Math.log10(noise.ratio), 0)} dB`,
    gain && `gain ${signed(gain.db)} dB`,
    filter && `${filter.slope} ${filter.pass}-pass ${filter.hertz.toFixed(0)} Hz`,
    delay && `delay ${delay.ms.toFixed(0)} ms`,
    pitch && `pitch ${signed(pitch.semitones)} semitones`,
    reverb && `reverb room ${percent(reverb.roomSize)}, reverberance ${percent(reverb.reverberance)}, damping ${percent(reverb.damping)}`,
  ].filter((line) => line !== null);
}

function signed(value: number, decimals = 1): string {
  const digits = Math.abs(value).toFixed(decimals);
  return Number(digits) === 0 ? digits : `${value < 0 ? '−' : '+'}${digits}`;
}
