/** @file What a pretended training measures: curves that fall, health, a pair of views. The same numbers on every run. */
import type { pretraining, TrackId } from '../../src-main/contract/index.ts';
import { toBase64 } from '../../src-main/contract/index.ts';
import { noise } from './fake-tracks.ts';

type Settings = pretraining.PretrainSettings;

/** How a pretended run goes. */
export type FakeCourse = {
  seed: number;
  recipe: pretraining.RecipeName;
  learningRate: number;
  stepsPerEpoch: number;
  isCollapsing: boolean;
};

const stepsPerSecond = 1.6;
const bins = 40;

/** What is known at a step. */
export function fakePoint(course: FakeCourse, step: number): pretraining.RunPoint {
  const jitter = noise(course.seed * 7919 + step, 3) - 0.5;
  const fall = Math.exp(-step / 90);
  const parts: Record<string, number> =
    course.recipe === 'clmr'
      ? {}
      : {
          invariance: 3.2 * fall + 1.4 + jitter * 0.2,
          variance: 9 * fall + 2.1 + jitter * 0.3,
          covariance: 0.4 + 2.2 * (1 - fall) + jitter * 0.1,
        };
  const summed = Object.values(parts).reduce((sum, part) => sum + part, 0);
  return {
    step,
    epoch: step / course.stepsPerEpoch,
    loss: course.recipe === 'clmr' ? 0.92 + course.seed * 0.11 + 3.1 * fall + jitter * 0.22 : summed,
    parts,
    learningRate: course.learningRate * Math.min(1, step / 20),
    gradientNorm: 0.6 + 2 * fall + jitter * 0.3,
    clipsPerSecond: stepsPerSecond * 64 + jitter * 6,
    stepsPerSecond,
  };
}

/** Whether its embeddings tell clips apart. */
export function fakeHealth({ seed, recipe, isCollapsing }: FakeCourse, step: number): pretraining.Health {
  const learnt = 1 - Math.exp(-step / 120);
  const dimensions = recipe === 'clmr' ? 64 : 1024;
  const rank = isCollapsing ? 1.3 + 20 * Math.exp(-step / 40) : dimensions * (0.12 + 0.5 * learnt) + noise(seed, step);
  const positive = isCollapsing ? 0.995 : 0.55 + 0.36 * learnt;
  const negative = isCollapsing ? 0.99 - 0.5 * Math.exp(-step / 40) : 0.42 * Math.exp(-step / 60) + 0.03;
  const verdict = !isCollapsing ? 'healthy' : rank < 4 ? 'collapsed' : 'collapsing';
  const shape = `effective rank ${rank.toFixed(1)} of ${dimensions}`;
  const says = {
    healthy: `Healthy: embeddings tell tracks apart (${shape}).`,
    collapsing: `Close to collapse: different tracks look almost alike (${shape}). It may recover in the first steps.`,
    collapsed: `Collapsed: every clip gets nearly the same embedding (${shape}). Stop, and lower the learning rate.`,
  }[verdict];
  return {
    deviationLeast: isCollapsing ? 0.0004 : 0.031 * learnt,
    deviationMean: isCollapsing ? 0.002 : 0.04 + 0.08 * learnt,
    rank,
    dimensions,
    positives: bell(positive, isCollapsing ? 0.02 : 0.12, 48),
    negatives: bell(negative, isCollapsing ? 0.03 : 0.16, 2256),
    positive,
    negative,
    verdict,
    says,
  };
}

function bell(mean: number, width: number, count: number): number[] {
  const weights = Array.from({ length: bins }, (_, bin) => Math.exp(-(((-1 + (2 * (bin + 0.5)) / bins - mean) / width) ** 2) / 2));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => Math.round((weight / (sum || 1)) * count));
}

/** The curves up to a step, thinned to at most so many points. */
export function fakeCurves(course: FakeCourse, steps: number, points: number): pretraining.Curves {
  const stride = Math.max(1, Math.ceil(steps / points));
  const taken = Array.from({ length: Math.floor(steps / stride) }, (_, i) => fakePoint(course, (i + 1) * stride));
  const health = taken.filter((_, i) => i % 5 === 4).map(({ step }) => ({ step, ...fakeHealth(course, step) }));
  const names = Object.keys(taken[0]?.parts ?? {});
  return {
    step: taken.map(({ step }) => step),
    epoch: taken.map(({ epoch }) => epoch),
    seconds: taken.map(({ step }) => step / stepsPerSecond),
    loss: taken.map(({ loss }) => loss),
    learningRate: taken.map(({ learningRate }) => learningRate),
    gradientNorm: taken.map(({ gradientNorm }) => gradientNorm),
    clipsPerSecond: taken.map(({ clipsPerSecond }) => clipsPerSecond),
    parts: Object.fromEntries(names.map((name) => [name, taken.map(({ parts }) => parts[name] ?? 0)])),
    healthStep: health.map(({ step }) => step),
    rank: health.map(({ rank }) => rank),
    deviationMean: health.map(({ deviationMean }) => deviationMean),
    positive: health.map(({ positive }) => positive),
    negative: health.map(({ negative }) => negative),
  };
}

/** A pair of views of a track: chords that differ, and pictures that look like music. */
export function fakePair(track: { id: TrackId; title: string; artist: string }, settings: Settings, seed: number): pretraining.ViewPair {
  const { sampleRate } = settings.encoder;
  const view = (index: number): pretraining.ViewPair['views'][number] => ({
    startMs: Math.round(noise(seed, index) * 90_000),
    applied:
      index === 0
        ? ['polarity inverted', 'low-pass 2 840 Hz', 'pitch +3.2 semitones']
        : ['gain −4.1 dB', 'delay 350 ms', 'reverb, room 62 %'],
    ...fakeSound(sampleRate, 110 * 2 ** ((track.id % 12) / 12 + index * 0.27), seed + index),
  });
  return { trackId: track.id, title: track.title, artist: track.artist, sampleRate, views: [view(0), view(1)] };
}

function fakeSound(sampleRate: number, hertz: number, seed: number): { wave: string; spectrogram: string; bands: number; frames: number } {
  const count = Math.round(2.678 * sampleRate);
  const samples = Int16Array.from({ length: count }, (_, i) => {
    const seconds = i / sampleRate;
    return (
      [1, 1.5, 2].reduce((sum, part) => sum + 2200 * Math.sin(2 * Math.PI * hertz * part * seconds), 0) * Math.exp(-(seconds % 0.67) * 3)
    );
  });
  const [bands, frames] = [96, 228];
  const pixels = new Uint8Array(bands * frames);
  for (let band = 0; band < bands; band++)
    for (let frame = 0; frame < frames; frame++) {
      const beat = Math.exp(-((frame % 57) / 57) * 2);
      const partial = Math.max(...[18, 32, 42, 50, 56, 61].map((place) => Math.exp(-(((band - place - (seed % 7)) / 1.4) ** 2))));
      const hiss = noise(seed * 131 + band, frame) * 0.22 * (1 - band / bands + 0.3);
      pixels[band * frames + frame] = Math.round(
        255 * Math.min(1, hiss + partial * beat * 0.9 + (frame % 57 < 3 ? 0.3 * (1 - band / 140) : 0)),
      );
    }
  return { wave: toBase64(new Uint8Array(samples.buffer)), spectrogram: toBase64(pixels), bands, frames };
}
