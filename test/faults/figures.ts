/** @file Faults in figures of neurons. */
import { faultsOf } from './fault.ts';
import type { Fault } from './fault.ts';

const inspect = 'src-main/inspect';
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
];
