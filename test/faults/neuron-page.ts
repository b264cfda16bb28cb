/** @file Faults in how segments sound and in the intervals of that. */
import { faultsOf } from './fault.ts';
import type { Fault } from './fault.ts';

const inspect = 'src-main/inspect';
const tests = ['test/parity/sound-values.test.ts'];

export const neuronPageFaults: readonly Fault[] = [
  ...faultsOf(`${inspect}/segment-sound.ts`, tests, [
    ['sound: bands of half an octave', 'const edge = 2 ** (1 / 6);', 'const edge = 2 ** (1 / 4);'],
    ['sound: Hamming’s window', '0.5 - 0.5 * Math.cos', '0.54 - 0.46 * Math.cos'],
    ['sound: windows that do not overlap', 'from += window / 2', 'from += window'],
    ['sound: power of bands as it is', 'all > 0 ? power / all : 0', 'power'],
    ['sound: levels without a floor', '- mostBelowDb;', '- 600;'],
    ['sound: levels compared over one frame', '[0.01, 5] as const', '[0.01, 1] as const'],
    ['sound: attack of the usual stretch', 'const steepShare = 0.95;', 'const steepShare = 0.5;'],
    ['sound: quantiles as the value below', '(high - low) * (place - below)', '0'],
    ['sound: level of amplitudes', 'sum += (wave[at] as number) ** 2;', 'sum += Math.abs(wave[at] as number);'],
  ]),
  ...faultsOf(`${inspect}/clustered-mean.ts`, tests, [
    ['mean: values of a group as if alone', 'const group = groups[at] as number;', 'const group = at + 0 * groups.length;'],
    ['mean: few groups as many', '(count / (count - 1)) * squares', 'squares'],
    ['mean: freedom of all values', 'freedom: count - 1', 'freedom: values.length - 1'],
    ['mean: as of the normal distribution', 'studentQuantile(upper, freedom)', '1.96'],
    ['difference: freedom of the first alone', '(a.error + b.error) ** 2 / (', 'a.error ** 2 / ('],
    ['difference: error of the first alone', 'interval(a.mean - b.mean, a.error + b.error,', 'interval(a.mean - b.mean, a.error,'],
  ]),
  ...faultsOf(`${inspect}/student.ts`, tests, [
    ['student: even terms', '(m * (b - m) * x)', '(m * (b + m) * x)'],
    ['student: both tails', 'return beta / 2;', 'return beta;'],
    ['student: half a degree', 'const [a, b] = [freedom / 2, 0.5];', 'const [a, b] = [freedom / 2, 1];'],
  ]),
  ...faultsOf(`${inspect}/correlation-interval.ts`, tests, [
    ['correlation: Fisher’s error of all numbers', 'Math.sqrt(independent - 3)', 'Math.sqrt(independent)'],
    ['correlation: of what is not centred', '(value) => value - mean', '(value) => value'],
    ['correlation: an interval as of independent numbers', 'independent <= 3) return', 'one.length <= 3) return'],
  ]),
];
