/** @file What an encoder says of itself. */
import { encoderTitles } from '../../../src-main/contract/index.ts';
import type { Encoder } from '../../../src-main/contract/index.ts';
import { countOf, formatCount } from '../../lib/format.ts';

/** Why an untrained encoder is there. */
export const untrainedMeans = 'Its weights were drawn by chance: what its neurons hear is chance, too. Good for comparison.';

/** `10 710 segments of 132 tracks indexed, 5 tracks waiting`. */
export function indexText(encoder: Encoder): string {
  const { index } = encoder;
  if (index === null) return 'Not indexed yet';
  const waiting = index.waiting > 0 ? `, ${countOf(index.waiting, 'track')} waiting` : '';
  return `${countOf(index.segments, 'segment')} of ${countOf(index.tracks, 'track')} indexed${waiting}`;
}

/** `SampleCNN, 22 050 Hz, 512 neurons`. */
export function shapeText(encoder: Encoder): string {
  const titles: Readonly<Record<string, string>> = encoderTitles;
  const architecture = titles[encoder.architecture] ?? encoder.architecture;
  return `${architecture}, ${formatCount(encoder.sampleRate)} Hz, ${countOf(encoder.dimensions, 'neuron')}`;
}
