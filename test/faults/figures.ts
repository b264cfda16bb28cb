/** @file Faults in figures of neurons. */
import { faultsOf } from './fault.ts';
import type { Fault } from './fault.ts';

const inspect = 'src-main/inspect';
const factors = ['test/unit/inspect/factors.test.ts'];
const occurrence = ['test/unit/inspect/tag-occurrence.test.ts'];
const spectra = ['test/parity/spectra-values.test.ts'];
const profile = ['test/unit/inspect/activation-profile.test.ts'];

export const figureFaults: Fault[] = [
  ...faultsOf(`${inspect}/activation-profile.ts`, profile, [
    ['profile: the weakest neuron first', '.reverse();', '.subarray();'],
    [
      'profile: half of the strongest, not of the range',
      '((row[0] as number) + (row[dimensions - 1] as number)) / 2',
      '(row[0] as number) / 2',
    ],
    ['profile: quantiles without their own last value', 'share * (sorted.length - 1)', 'share * sorted.length'],
    ['profile: quantiles as the value below', '(upper - lower) * (place - below)', '0'],
    ['profile: deviations of a sample', 'Math.sqrt(squares / count)', 'Math.sqrt(squares / (count - 1))'],
  ]),
  ...faultsOf(`${inspect}/varimax.ts`, factors, [
    ['varimax: quartimax', 'value ** 3 - value * (squares[at % size] ?? 0)', 'value ** 3'],
    ['varimax: sums of squares for means', 'value ** 2 / features', 'value ** 2'],
    ['varimax: one round', 'if (next.sum <= before * (1 + 1e-12)) break;', 'if (next.sum > before) break;'],
    ['varimax: directions without length', 'const least = 1e-13 * Math.max(...lengths);', 'const least = -1;'],
  ]),
  ...faultsOf(`${inspect}/principal-components.ts`, factors, [
    ['components: vectors for loadings', 'Math.sqrt(Math.max(0, values[component] ?? 0))', '1'],
  ]),
  ...faultsOf(`${inspect}/leading-vectors.ts`, factors, [
    [
      'components: the least first',
      '(small[b * size + b] as number) - (small[a * size + a] as number)',
      '(small[a * size + a] as number) - (small[b * size + b] as number)',
    ],
  ]),
  ...faultsOf(`${inspect}/factors.ts`, factors, [
    ['factors: signs as they come', '(own[strongest[0] ?? 0] ?? 0) < 0 ? -1 : 1', '1'],
    ['factors: scores by loadings alone', '((loadings[row + k] as number) / variance)', '(loadings[row + k] as number)'],
    ['factors: scores of the components before', '(rotation[k * components + column] as number);', '(k === column ? 1 : 0);'],
    [
      'factors: scores of standardised neurons',
      '(scoring[neuron * components + component] as number)) / deviation',
      '(scoring[neuron * components + component] as number))',
    ],
    ['factors: scores without the mean', 'const offset = -weights', 'const offset = 0 * weights'],
    ['factors: scores with the other sign', '(sign * (scoring', '((scoring'],
  ]),
  ...faultsOf(`${inspect}/top-places.ts`, occurrence, [
    ['tops: the last of equal ones', '!(value > (kept[most - 1] as number))', '!(value >= (kept[most - 1] as number))'],
    ['tops: what is no number', '!Number.isFinite(value) || ', ''],
  ]),
  ...faultsOf(`${inspect}/tag-occurrence.ts`, occurrence, [
    ['excess: variance without its second factor', 'drawn * share * (1 - share)', 'drawn * share'],
    ['excess: of nothing', '(count - drawn * share) / deviation', 'count / deviation'],
  ]),
  ...faultsOf('src-main/learn/encoders/sample-cnn-ascent.ts', spectra, [
    ['spectra: norms below the layer left out', 'one === top ? given : below', 'given'],
    ['spectra: the layer’s own norm', 'one === top ? given : below', 'below'],
    ['spectra: gradients of what a ReLU closes', 'return tf.mul(padded, active);', 'return padded as Tensor4D;'],
    ['spectra: kernels that are not reversed', 'tf.reverse(kernel, 2)', 'kernel'],
  ]),
  ...faultsOf('src-main/compute/spectra/filter-waves.ts', spectra, [
    ['spectra: a step more', 'const [noise, steps] = [0.5, 17];', 'const [noise, steps] = [0.5, 18];'],
    ['spectra: down instead of up', 'adam.decay * value - (gradient[at] as number)', 'adam.decay * value + (gradient[at] as number)'],
  ]),
  ...faultsOf(`${inspect}/wave-spectra.ts`, spectra, [
    ['spectra: Hann’s window', '0.54 - 0.46 * cosine', '0.5 - 0.5 * cosine'],
    ['spectra: with DC', '(value - mean) * (window[at] as number)', 'value * (window[at] as number)'],
  ]),
];
