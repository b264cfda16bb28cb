/** @file Faults in augmentations. */
import { faultsOf } from './fault.ts';
import type { Fault } from './fault.ts';

const augment = 'src-main/audio/augment';
const values = 'test/parity/augment-values.test.ts';
const own = (...names: string[]): string[] => [values, ...names.map((name) => `test/unit/audio/augment/${name}.test.ts`)];

export const augmentFaults: readonly Fault[] = [
  ...faultsOf(`${augment}/augmenter.ts`, own(), [
    ['gain: decibels of power', '10 ** (gain.db / 20)', '10 ** (gain.db / 10)'],
    ['gain: turned round', '10 ** (gain.db / 20)', '10 ** (-gain.db / 20)'],
    ['polarity: nothing', 'scale(crop, -1)', 'scale(crop, 1)'],
    ['delay: in samples', '(delay.ms * this.#sampleRate) / 1000', 'delay.ms'],
  ]),
  ...faultsOf(`${augment}/level.ts`, own(), [
    ['noise: of any signal alike', 'ratio * deviationOf(crop)', 'ratio'],
    ['noise: level about zero', 'squares / crop.length - mean * mean', 'squares / crop.length'],
    ['noise: positive alone', 'deviation * random.normal()', 'deviation * Math.abs(random.normal())'],
    ['delay: halved never', 'halve ? 0.5 : 1', '1'],
    ['delay: echo not halved', 'dry * feedback', 'feedback'],
  ]),
  ...faultsOf(`${augment}/draw.ts`, own('draw'), [
    ['noise: decibels of power', '10 ** (-within(snrDb) / 20)', '10 ** (-within(snrDb) / 10)'],
    ['filter: low-pass alone', 'toss < 0.5', 'toss < 1'],
    ['delay: the longest left out', '/ stepMs + 1e-9) + 1', '/ stepMs + 1e-9)'],
    ['probability: the other way', 'random.uniform() < probability ? drawn : null', 'random.uniform() < probability ? null : drawn'],
    ['range: half of it', 'least + (most - least) * random.uniform()', 'least + ((most - least) / 2) * random.uniform()'],
  ]),
  ...faultsOf(`${augment}/pass-filter.ts`, own('pass-filter'), [
    ['filter: four zero crossings', 'zeroCrossings = 8', 'zeroCrossings = 4'],
    ['filter: Hamming’s window', '0.5 + 0.5 * Math.cos(', '0.54 + 0.46 * Math.cos('],
    ['filter: cut-off by the Nyquist frequency', 'hertz / sampleRate)', '(2 * hertz) / sampleRate)'],
    ['filter: high-pass passes low', "pass === 'low' ? low : 1 - low", "pass === 'low' ? 1 - low : low"],
    ['filter: the end is not repeated', 'into[i] = last;', 'into[i] = 0;'],
    ['filter: kernel does not sum to 1', '(i === 0 ? 1 : 2) * (kernel[i] as number)', 'kernel[i] as number'],
  ]),
  ...faultsOf(`${augment}/first-order-filter.ts`, own(), [
    ['gentle filter: cut-off by the Nyquist frequency', 'Math.tan(Math.PI * cutoff)', 'Math.tan(2 * Math.PI * cutoff)'],
    ['gentle filter: pole on the other side', 'sign * lastIn) - pole * lastOut', 'sign * lastIn) + pole * lastOut'],
    ['gentle filter: high-pass passes low', '[(1 - pole) / 2, -1]', '[(1 + pole) / 2, 1]'],
    ['gentle filter: no sample before', 'gain * (value + sign * lastIn)', 'gain * value'],
  ]),
  ...faultsOf(`${augment}/reverb.ts`, own(), [
    ['reverb: twice as wet', 'wetGain = 0.015', 'wetGain = 0.03'],
    ['reverb: damping of another scale', '(damping / 100) * 0.3 + 0.2', '(damping / 100) * 0.4'],
    ['reverb: rooms of one size', '(roomSize / 100) * 0.9 + 0.1', '1'],
    ['reverb: all-pass feedback', 'allPassFeedback = 0.5', 'allPassFeedback = 0.7'],
    ['reverb: delays not scaled to the rate', 'sampleRate / tunedRate', '1'],
    ['reverb: feedback in a straight line', '1 - Math.exp((reverberance - b) / (a * b))', '0.3 + (0.68 * reverberance) / 100'],
    ['reverb: a comb of another length', '1116, 1188', '1161, 1188'],
    ['reverb: damped combs lose nothing', 'const fresh = 1 - damping;', 'const fresh = 1;'],
    ['reverb: both sides as loud as one', 'gain /= 2', 'gain /= 1'],
    ['reverb: one side alone', 'wet[i] = (wet[i] as number) + (side[i] as number)', 'wet[i] = 2 * (wet[i] as number)'],
    ['reverb: all combs of a side are longer', 'combSamples[i] as number, i % 2 === 0', 'combSamples[i] as number, true'],
    ['reverb: all-passes moved the other way', 'allPassSamples[i] as number, i % 2 === 1', 'allPassSamples[i] as number, i % 2 === 0'],
    ['reverb: all-pass adds', 'samples[i] = delayed - value;', 'samples[i] = delayed + value;'],
  ]),
  ...faultsOf(`${augment}/pitch-shift.ts`, own('pitch-shift'), [
    ['pitch: the other way', '2 ** (semitones / 12)', '2 ** (-semitones / 12)'],
    ['pitch: whole tones', '2 ** (semitones / 12)', '2 ** (semitones / 6)'],
    ['pitch: folds back', 'Math.min(1, 1 / speed) * passed', 'passed'],
    ['pitch: half of the band is lost', 'passed = 0.95', 'passed = 0.5'],
    ['pitch: louder where the band is cut', 'cutoff * (kernel[place] as number)', 'kernel[place] as number'],
    ['pitch: no window', 'kaiserBeta = 7', 'kaiserBeta = 0'],
  ]),
  ...faultsOf(`${augment}/time-stretch.ts`, own('pitch-shift', 'time-stretch'), [
    ['stretch: time runs away', 'Math.round(at / factor)', 'Math.round(at)'],
    ['stretch: no search', 'if (difference < bestDifference) {', 'if (difference < bestDifference && bestDifference === Infinity) {'],
    ['stretch: segments begin with a click', 'const share = i / overlap;', 'const share = 1;'],
    [
      'stretch: the fade runs the other way',
      '* (1 - share) + (input[place + i] as number) * share',
      '* share + (input[place + i] as number) * (1 - share)',
    ],
    ['stretch: hardly any overlap', 'overlapMs = 12', 'overlapMs = 0.5'],
  ]),
  ...faultsOf(
    'src-main/base/fourier.ts',
    [...own('pass-filter'), 'test/unit/base/fourier.test.ts'],
    [['Fourier: sines the other way', 'Math.sin((Math.PI * j) / half)', '-Math.sin((Math.PI * j) / half)']],
  ),
];
