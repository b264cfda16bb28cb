/** @file Faults in what is told of neurons. */
import { faultsOf } from './fault.ts';
import type { Fault } from './fault.ts';

const tests = ['test/unit/inspect/neurons.test.ts'];
const maps = ['test/unit/inspect/map.test.ts'];
const inspect = 'src-main/inspect';

export const inspectFaults: Fault[] = [
  ...faultsOf(`${inspect}/neuron-statistics.ts`, tests, [
    ['neuron: selectivity without its correction', ' / (1 - 1 / count);', ';'],
    ['neuron: selectivity of values as they are', 'sparseness(mean - least, deviation, count)', 'sparseness(mean, deviation, count)'],
    ['neuron: variance without its mean', 'squares / count - (sum / count) ** 2', 'squares / count'],
    ['neuron: the greatest value is in no bar', 'bin <= histogramBins) increase', 'bin < histogramBins) increase'],
    ['neuron: active from the third quarter on', 'histogram.subarray(histogramBins / 2)', 'histogram.subarray((histogramBins * 3) / 4)'],
    [
      'neuron: loudness as a covariance',
      'both - (value * level) / count) / Math.sqrt(ofValue * ofLevel)',
      'both - (value * level) / count) / count',
    ],
    ['neuron: bars of an old range kept', 'grown.greatest === before.greatest', 'true'],
    [
      'neuron: what came counts from its own first value',
      'const origin = before.count > 0 ? before.origin : (values.find((value) => Number.isFinite(value)) ?? 0);\n  let',
      'const origin = values.find((value) => Number.isFinite(value)) ?? 0;\n  let',
    ],
    ['neuron: bars of before forgotten', 'isKept ? before.histogram.slice() : new', 'new'],
    ['neuron: a handful whatever there is', 'Math.min(handful, handfulShare * all)', 'handful'],
    ['neuron: a handful is a share', 'Math.min(handful, handfulShare * all)', 'handfulShare * all'],
    ['neuron: a handful apart from the first bar alone', 'Math.max(most, bar), 0);', 'most, histogram[0] ?? 0);'],
  ]),
  ...faultsOf(`${inspect}/auroc.ts`, tests, [
    ['area: equal values by their places', 'ranks[placeAt(at)] = (start + 1 + end) / 2;', 'ranks[placeAt(at)] = at + 1;'],
    ['area: negative numbers the wrong way', '-(own & 0x7fffffff)', '(own & 0x7fffffff)'],
    ['area: ranks from 0', '(sum - (yes * (yes + 1)) / 2)', '(sum - (yes * (yes - 1)) / 2)'],
    ['area: components of the others upside down', 'placed[place] = 1 - (', 'placed[place] = ('],
  ]),
  ...faultsOf(`${inspect}/clustered-interval.ts`, tests, [
    [
      'interval: groups as if each were alone',
      'const group = groups[place] as number;\n    const hasLabel',
      'const group = place % size;\n    const hasLabel',
    ],
    ['interval: no covariance of both sides', '(2 * both) / (yes * no)', '0'],
    ['interval: groups of the label divided by their number', 'groupsWith / ((groupsWith - 1) * yes)', '1 / yes'],
    ['interval: groups do not widen it', 'return Math.max(1, designEffect', 'return Math.min(1, designEffect'],
    ['interval: what the label makes counts as alike', 'ranks.map((rank) => rank - without)', 'ranks.slice()'],
    [
      'interval: groups of one size',
      'const typical = (all - counts.reduce((sum, count) => sum + count ** 2, 0) / all) / (known - 1);',
      'const typical = all / known;',
    ],
    ['interval: both sides of a group add up', 'own / ofYes - (no[group] as number) / ofNo', 'own / ofYes + (no[group] as number) / ofNo'],
    ['interval: one group has a design effect', 'if (members.every(', 'if (!members.some('],
    ['interval: Hanley and McNeil’s second term', '(2 * area * area) / (1 + area)', '(area * area) / (1 + area)'],
  ]),
  ...faultsOf(`${inspect}/rank-sum.ts`, tests, [
    ['rarity: places of one too few', '? (chances[wins - more - i] as number) : 0', '? 0 : 0'],
    ['rarity: as many places for each', '* i) / (more + i)', '* i) / more'],
    [
      'rarity: so many wins left out',
      'sum += chances[most - wins] as number;\n    tails[wins] = Math.min(1, sum);',
      'tails[wins] = Math.min(1, sum);\n    sum += chances[most - wins] as number;',
    ],
  ]),
  ...faultsOf(`${inspect}/tails.ts`, tests, [['quantile: of both tails', 'beyond(1 - probability)', 'beyond((1 - probability) / 2)']]),
  ...faultsOf(`${inspect}/neuron-names.ts`, tests, [
    ['name: corrected for no label', 'Math.max(most, (scores[at] as Score)(', 'Math.min(10, (scores[at] as Score)('],
    [
      'name: corrected for no neuron',
      'if ((sorted[told - 1] as number) <= (rate * told) / sorted.length)',
      'if ((sorted[told - 1] as number) <= rate)',
    ],
    ['name: at the level of all neurons', '(rate * named) / counted.length', 'rate'],
    ['name: groups change nothing', 'Math.max(1, Math.round(own.length / growth))', 'own.length'],
    ['name: no shuffle twice alike', 'const other = Math.floor(uniform() * (place + 1));', 'const other = place;'],
    ['name: an interval of the normal distribution’s deviations', 'z: level * ratio', 'z: level'],
    ['name: by two tracks', 'export const leastExamples = 3;', 'export const leastExamples = 2;'],
    ['name: the least certain first', 'b.low - a.low', 'a.low - b.low'],
  ]),
  ...faultsOf(`${inspect}/related-neurons.ts`, tests, [
    ['related: products of what is not centred', '(value) => value - mean', '(value) => value'],
    ['related: of no length', 'const length = Math.sqrt(squares);', 'const length = squares;'],
  ]),
  ...faultsOf(`${inspect}/neighbour-weights.ts`, maps, [
    [
      'map: weights of one direction alone',
      'joined(weights[place] as number, own[from] as number);',
      'joined(weights[place] as number, 0);',
    ],
    ['map: no pair that only the other row names', 'joined(0, own[from] as number)', '0'],
  ]),
  ...faultsOf(`${inspect}/umap.ts`, maps, [
    ['umap: the row itself is no neighbour', 'Math.log2(distances.length + 1)', 'Math.log2(distances.length)'],
    ['umap: distances from nothing', '(own[at] as number) - nearest', '(own[at] as number)'],
    ['umap: a sum for a union', 'one + other - one * other', 'one + other'],
    [
      'umap: rows are never pushed off',
      'places[own] = (places[own] as number) + clipped(by * x) * rate;',
      'places[own] = places[own] as number;',
    ],
    ['umap: rows are pushed off more at every epoch', '1 - epoch / epochs', 'epoch / epochs'],
  ]),
  ...faultsOf(`${inspect}/t-sne.ts`, maps, [
    ['t-sne: distances without squares', '(distances[at] as number) ** 2 - nearest', '(distances[at] as number) - nearest'],
    ['t-sne: entropy without its second term', 'Math.log(sum) + (precision * weighted) / sum', 'Math.log(sum)'],
    ['t-sne: affinities that are 2 in total', '(a + b) / (2 * count)', '(a + b) / count'],
    ['t-sne: exaggerated all the time', 'times: isEarly ? exaggeration : 1', 'times: exaggeration'],
    ['t-sne: attraction as of a Gaussian', '/ (1 + x * x + y * y);', ';'],
  ]),
  ...faultsOf(`${inspect}/grid-repulsion.ts`, maps, [
    ['t-sne: repulsion as of a Gaussian', 'const forceX = near * near * x;', 'const forceX = near * x;'],
    ['t-sne: a pair pushes one of both', 'forces[b] = (forces[b] as number) - forceX;', ''],
    ['t-sne: many places pair by pair', 'places.length / 2 < placesPerNode * this.#grid.sizeFor(places)', 'true'],
    ['t-sne: few places by a grid', 'places.length / 2 < placesPerNode * this.#grid.sizeFor(places)', 'false'],
    ['t-sne: splines without their prefilter', '(2 + Math.cos((2 * Math.PI * bin) / size)) / 3', '1'],
    ['t-sne: a row counts among those that push it', 'this.#convolve() - count', 'this.#convolve()'],
  ]),
  ...faultsOf(`${inspect}/principal-components.ts`, maps, [
    ['map: components of what is not centred', '- (mean[i] as number);\n    result.set', ';\n    result.set'],
  ]),
  ...faultsOf(`${inspect}/standard-rows.ts`, maps, [
    ['map: deviations as variances', 'const deviation = Math.sqrt(square);', 'const deviation = square;'],
    ['map: rounding as if it were sound', 'deviation > leastDeviation *', 'deviation > 0 *'],
  ]),
];
