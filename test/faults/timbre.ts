/** @file Faults in the timbre statistics. */
import { faultsOf } from './fault.ts';
import type { Fault } from './fault.ts';

const timbre = 'src-main/learn/encoders/timbre';
const values = ['test/parity/timbre-values.test.ts'];
const names = ['test/unit/service/encoders/built-in.test.ts'];

export const timbreFaults: readonly Fault[] = [
  ...faultsOf(`${timbre}/timbre.ts`, values, [
    ['timbre: less power below what is heard', '[1e-7, 1e-3]', '[1e-10, 1e-3]'],
    ['timbre: less modulation below what is heard', '[1e-7, 1e-3]', '[1e-7, 1e-6]'],
    ['timbre: bels of e', '10 / Math.LN10', '10'],
    [
      'timbre: only the first of two frames',
      'tf.mean(tf.reshape(power, [batch, timbreFrames, together, timbreBands]), 2)',
      'tf.slice(power, [0, 0, 0], [batch, timbreFrames, timbreBands])',
    ],
    [
      'timbre: variances',
      'tf.sqrt<Tensor2D>(tf.mean(tf.square(tf.sub(moved, mean)), 1))',
      'tf.mean<Tensor2D>(tf.square(tf.sub(moved, mean)), 1)',
    ],
    ['timbre: deviations from the first frame', 'tf.square(tf.sub(moved, mean))', 'tf.square(moved)'],
    ['timbre: means counted from the first frame', 'tf.reshape(tf.add(first, mean), [batch, count])', 'tf.reshape(mean, [batch, count])'],
    ['timbre: changes up less changes down', 'tf.mean<Tensor2D>(tf.abs(', 'tf.mean<Tensor2D>(tf.neg('],
    [
      'timbre: cepstrum before bands',
      '[...overTime(bands), ...overTime(cepstrum), modulation(bands)]',
      '[...overTime(cepstrum), ...overTime(bands), modulation(bands)]',
    ],
    ['timbre: modulation of sums', 'tf.mean<Tensor3D>(tf.reshape(bands,', 'tf.sum<Tensor3D>(tf.reshape(bands,'],
    ['timbre: modulation of energy, not of power', 'tf.square(sines)), timbreFrames)', 'tf.square(sines)), 1)'],
    ['timbre: ranges of modulation overlap', 'bin < to', 'bin <= to'],
    ['timbre: modulation summed over a range', '= 1 / (to - from)', '= 1'],
    ['timbre: modulation of groups at a frame', '[0, 2, 1]', '[0, 1, 2]'],
  ]),
  ...faultsOf(`${timbre}/timbre-names.ts`, values, [
    ['timbre: other ranges of modulation', '5, 8, 12, 18', '5, 9, 12, 18'],
    ['timbre: bands from 0 Hz', 'lowestHz: 30', 'lowestHz: 0'],
    ['timbre: bands of one height', "norm: 'slaney'", "norm: 'none'"],
    ['timbre: magnitudes', 'power: 2', 'power: 1'],
    ['timbre: cepstrum of points instead of halves', '(band + 0.5)', '(band + 1)'],
    ['timbre: a cosine transform that is not orthonormal', '(coefficient === 0 ? 1 : 2) / timbreBands', '2 / timbreBands'],
  ]),
  ...faultsOf(`${timbre}/timbre-names.ts`, names, [
    ['timbre: bands named one too low', 'halves[last + 1]', 'halves[last]'],
    [
      'timbre: names of bands by kind before band',
      'kinds.flatMap((kind) => all(timbreBands, (band) => `${range(band, band)}: ${kind}`))',
      'all(timbreBands, (band) => range(band, band)).flatMap((where) => kinds.map((kind) => `${where}: ${kind}`))',
    ],
    ['timbre: cycles by frame', '(bin * framesPerSecond) / timbreFrames', 'bin'],
  ]),
];
