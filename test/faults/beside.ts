/** @file Faults in what sets two spaces, or two kinds of music, beside each other. */
import { faultsOf } from './fault.ts';
import type { Fault } from './fault.ts';

const inspect = 'src-main/inspect';
const beside = ['test/unit/inspect/beside.test.ts'];
const service = ['test/unit/service/inspecting/beside.test.ts'];

export const besideFaults: Fault[] = [
  ...faultsOf(`${inspect}/alignment.ts`, beside, [
    ['alignment: without the correction for means', '(ofFirst * ofSecond) / ((count - 1) * (count - 2))', '0'],
    ['alignment: without the correction for rows', '(2 * shared) / (count - 2)', '0'],
    ['alignment: pairs once in the trace alone', 'traces += 2 *', 'traces +='],
    ['alignment: not brought to one scale', 'Math.sqrt(own * its) : null', 'own : null'],
  ]),
  ...faultsOf(`${inspect}/assignment.ts`, beside, [
    ['assignment: the least gains', 'gains.map((gain) => -gain)', 'gains.slice()'],
    ['assignment: prices of columns that stay', '- least + (shortest[column] as number)', ''],
    ['assignment: prices of rows that stay', '+ least - (shortest[columnOf[seen] as number] as number)', ''],
  ]),
  ...faultsOf(`${inspect}/matched-neurons.ts`, beside, [
    [
      'matched: opposites count as strangers',
      'return Math.abs(isTurned ? at(other, one) : at(one, other));',
      'return isTurned ? at(other, one) : at(one, other);',
    ],
    ['matched: covariances for correlations', 'column.map((value) => value / length)', 'column'],
    ['matched: partners that oppose are passed over', 'Math.abs(at(row, column)) > Math.abs(best)', 'at(row, column) > best'],
    [
      'matched: those with partners first',
      'Math.abs(a.correlation) - Math.abs(b.correlation) || a.number',
      'Math.abs(b.correlation) - Math.abs(a.correlation) || a.number',
    ],
  ]),
  ...faultsOf(`${inspect}/shared-neighbours.ts`, beside, [
    ['neighbours: a query is its own neighbour', 'if (other === query) continue;', ''],
    ['neighbours: products for cosines', 'length > 0 ? (row[i] as number) / length : 0', 'row[i] as number'],
    ['neighbours: around zero, not around the mean', 'value - (mean[at % width] as number)', 'value'],
  ]),
  ...faultsOf(`${inspect}/top-likeness.ts`, beside, [
    ['likeness: top segments without their music', 'result.map((value, i) => value - (means[i] as number))', 'result'],
    ['likeness: deviations of one side', '(variance + (its[i] as number)) / 2', 'variance'],
    ['likeness: variances for deviations', 'const deviation = Math.sqrt((variance', 'const deviation = ((variance'],
    ['likeness: resamples that are none', 'top.counts.map(() => random.below(top.counts.length))', 'top.counts.map((_, at) => at)'],
    ['likeness: chance below, not above', 'one >= value).length', 'one <= value).length'],
  ]),
  ...faultsOf(`${inspect}/grown-names.ts`, beside, [
    ['names: more than as many', 'some = Math.max(count,', 'some = Math.max(count + 1,'],
    ['names: each as if it were the only one', 'Math.min(1, tail * members.length)', 'tail'],
    ['names: segments for tracks', 'choose(tracks - bearing, drawn - some)', 'choose(tracks, drawn - some)'],
  ]),
  ...faultsOf('src-main/service/inspecting/common-segments.ts', service, [
    [
      'common: the space with shorter steps',
      'own.hopMs > (times[longest]?.hopMs ?? 0) + 1e-6',
      'own.hopMs < (times[longest]?.hopMs ?? 0) - 1e-6',
    ],
    ['common: the same number for the same time', 'if (at === base || !differInTime({ times: [own, its] }))', 'if (at >= 0)'],
  ]),
];
