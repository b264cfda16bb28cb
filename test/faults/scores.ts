/** @file Faults in the scores of keys, of numbers, and of two encoders. */
import { faultsOf } from './fault.ts';
import type { Fault } from './fault.ts';

const metrics = 'src-main/learn/metrics';
const tests = ['test/parity/score-values.test.ts'];

export const scoreFaults: readonly Fault[] = [
  ...faultsOf(`${metrics}/keys.ts`, tests, [
    ['keys: the fifth below', 'above === 7', 'above === 5'],
    ['keys: relatives the other way round', 'truth.isMinor ? 3 : 9', 'truth.isMinor ? 9 : 3'],
    ['keys: flats forgotten', "sign === 'b' ? -1 : 0", "sign === 'b' ? 0 : 0"],
  ]),
  ...faultsOf(`${metrics}/regression.ts`, tests, [
    ['R²: mean without weights', 'sum += weightOf(at) * (truth[at] as number)', 'sum += truth[at] as number'],
    ['R²: errors without weights', 'left += weightOf(at) *', 'left +='],
  ]),
  ...faultsOf(
    `${metrics}/multi-label.ts`,
    ['test/unit/learn/metrics/precision-by-tag.test.ts'],
    [
      ['precision by tag: equal scores one by one', 'found[first - 1] === score', 'found[first - 1] === Infinity'],
      [
        'precision by tag: those that score the same are below',
        '(all[beyond - 1] as number) >= score',
        '(all[beyond - 1] as number) > score',
      ],
      ['precision by tag: of all examples', 'sum / found.length', 'sum / all.length'],
      ['precision by tag: what is no number first', 'Number.isNaN(score) ? -Infinity : score', 'Number.isNaN(score) ? Infinity : score'],
      ['precision by tag: what was found before', '((last - first) * (found.length - first))', '((last - first) * (found.length - last))'],
    ],
  ),
  ...faultsOf(`${metrics}/paired.ts`, tests, [
    ['pairs: one side alone', 'low > 0 || high < 0', 'low > 0'],
    ['pairs: every difference counts', 'isBeyondChance: low > 0 || high < 0', 'isBeyondChance: true'],
  ]),
];
