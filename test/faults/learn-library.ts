/** @file Faults in what learns from an index: the network, the equaliser, the feed, the comparison. */
import { faultsOf } from './fault.ts';
import type { Fault } from './fault.ts';

const net = 'src-main/learn/encoders/timbre';
const netValues = ['test/parity/timbre-net-values.test.ts'];
const feed = ['test/unit/worker/feed/row-feed.test.ts'];
const listening = ['test/unit/service/listening/', 'test/parity/clear-values.test.ts'];
const comparing = ['test/unit/service/comparing/compare-encoders.test.ts'];

export const learnLibraryFaults: readonly Fault[] = [
  ...faultsOf(`${net}/timbre-net.ts`, netValues, [
    ['timbre net: statistics are not standardised', 'normalised(entrance, rows, statistics),', 'rows,'],
    ['timbre net: no ReLU while it learns', 'return tf.relu(shifted);', 'return shifted;'],
    ['timbre net: running means left out', 'tf.sub(statistics, weight(`${entrance}.running_mean`))', 'statistics'],
    [
      'timbre net: divided by variances',
      'tf.sqrt(tf.add(weight(`${norm}.running_var`), batchNormEpsilon))',
      'tf.add(weight(`${norm}.running_var`), batchNormEpsilon)',
    ],
    ['timbre net: the second layer hears the statistics', 'left.at(-1) ?? standardised', 'standardised'],
    ['timbre net: the second layer’s batch norm is left out', "{ linear: '4', norm: '5' }", "{ linear: '4', norm: '2' }"],
  ]),
  ...faultsOf('src-main/learn/layers/batch-norm.ts', netValues, [
    ['batch norm of columns: running variances of the batch', 'tf.mul(variance, count / Math.max(1, count - 1))', 'variance'],
    ['batch norm of columns: not centred', 'tf.mul<Tensor2D>(centred,', 'tf.mul<Tensor2D>(x,'],
  ]),
  ...faultsOf('src-main/contract/pretrain/recipes.ts', netValues, [
    [
      'learn my library: another temperature',
      "{ ...objectiveDefaults['nt-xent'], temperature: 1 }",
      "{ ...objectiveDefaults['nt-xent'], temperature: 0.5 }",
    ],
  ]),
  ...faultsOf(
    `${net}/equaliser.ts`,
    ['test/parity/timbre-values.test.ts'],
    [
      ['equaliser: bands alone', 'sum + gain * cosineOf(band, number)', 'sum'],
      ['equaliser: steps in place of lines', 'from + (place - before) * (to - from)', 'from'],
      ['equaliser: points a band too far', '(timbreBands - 1)', 'timbreBands'],
      ['equaliser: deviations of coefficients', '3 * timbreBands', '3 * timbreBands + timbreCoefficients'],
      ['silence: everything is heard', 'level < silenceDb', 'level < 2 * silenceDb'],
      ['silence: one quiet band', '.every((level)', '.some((level)'],
    ],
  ),
  ...faultsOf('src-main/worker/feed/row-feed.ts', feed, [
    ['row feed: twice the same moment', '(first + 1 + pair.below(moments - 1)) % moments', 'first'],
    [
      'row feed: one equaliser for both views',
      'randomFor(seed, epoch, numberOf(audioHash), view)',
      'randomFor(seed, epoch, numberOf(audioHash), 0)',
    ],
    ['row feed: an equaliser of half the strength', 'deviationDb * random.normal()', '0.5 * deviationDb * random.normal()'],
    ['row feed: silence counts', 'all.filter((row) => !isSilent(row))', 'all'],
    ['row feed: tracks by where they lie in memory', 'epoch, numberOf(audioHash), pairDraw', 'epoch, moments, pairDraw'],
    ['row feed: one moment is enough', 'if (all.length < 2) {', 'if (all.length < 1) {'],
  ]),
  ...faultsOf('src-main/service/comparing/compare-encoders.ts', comparing, [
    ['comparison: dimensions as they are', '- sum / count) / deviation;', '- sum / count);'],
    ['comparison: a track is its own neighbour', 'likeness[query] = -Infinity;', 'likeness[query] = Infinity;'],
    [
      'comparison: the farthest',
      'if ((likeness[other] as number) > (likeness[best] as number)) best = other;',
      'if ((likeness[other] as number) < (likeness[best] as number)) best = other;',
    ],
    ['comparison: the other way round', 'value - (second[query] ?? 0)', '(second[query] ?? 0) - value'],
    ['comparison: out of five where an album has three', 'Math.min(nearest, members.length - 1)', 'nearest'],
    ['comparison: tracks that one has not heard as they are', '.filter(({ trackId }) => second?.has(trackId) === true)', ''],
    ['comparison: chance with itself', 'members.length * (members.length - 1)', 'members.length * members.length'],
    ['comparison: better where it might be', 'known.some(({ low }) => low > 0)', 'known.some(({ high }) => high > 0)'],
  ]),
  ...faultsOf('src-main/service/comparing/shared-labels.ts', comparing, [
    ['comparison: no artists', "if (artist !== '') join(artists, artist, place);", ''],
    [
      'comparison: intervals by track',
      "numberOf(groups, artist !== '' ? `artist ${artist}` : album !== '' ? `album ${album}` : `track ${trackId}`)",
      'numberOf(groups, String(trackId))',
    ],
  ]),
  ...faultsOf('src-main/service/listening/clear-features.ts', listening, [
    [
      'clear features: correlations alike count for nothing',
      'likeness > mostAlike ? -Infinity : candidate.clarity - likeness',
      'candidate.clarity',
    ],
    ['clear features: copies with the other sign', 'Math.abs(correlation(order, candidate.order))', 'correlation(order, candidate.order)'],
    ['clear features: likeness to what was chosen matters only where it is a copy', 'candidate.clarity - likeness', 'candidate.clarity'],
    ['clear features: copies are chosen', 'likeness > mostAlike ? -Infinity :', 'false ? -Infinity :'],
    ['clear features: noise is clear', 'if (judged.clarity >= leastClarity)', 'if (judged.clarity >= 0)'],
    ['clear features: unwanted ones too', 'if (!isWanted(feature)) continue;', ''],
    ['clear features: the least clear', 'other.score > one.score ? other : one', 'other.score < one.score ? other : one'],
    ['clear features: few tracks are enough', 'if (sample.starts.length - 1 < fewestTracks) return [];', ''],
    ['clear features: loudness is clear', ' * (1 - correlation(order, loudness) ** 2)', ''],
    ['clear features: segments do not count', 'between / (between + within)', 'between / Math.max(between, 1e-9)'],
    ['clear features: crowds do not count', '(0.6 + 0.4 * parted)', '1'],
    ['clear features: medians of segments are certain', 'total - ((Math.PI / 2) * within) / segments', 'total'],
    ['clear features: medians vary as means do', '((Math.PI / 2) * within) / segments', 'within / segments'],
    ['clear features: a track is its first segment', 'const centre = medianOf(own);', 'const centre = own[0] as number;'],
    [
      'clear features: hardly a difference is one',
      'if (hardlyDiffers(sorted[0] as number, sorted[tracks - 1] as number))',
      'if (tracks < 0)',
    ],
    ['clear features: the last track is not held', 'held[held.length - 1] = held[held.length - 2] as number;', ''],
    ['clear features: the first track is not held', 'held[0] = held[1] as number;', ''],
    ['clear features: halves that need not weigh the same', '(at * (count - at) * apart ** 2) / count', 'apart ** 2'],
    ['clear features: correlations of what is not held', 'Math.min(most, Math.max(least, value))', 'value'],
    ['clear features: correlations of what is not centred', 'within.map((value) => value - mean)', 'within.map((value) => value)'],
    [
      'clear features: a median of the lower one',
      '((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2',
      'sorted[Math.ceil(middle) - 1] ?? 0',
    ],
  ]),
  ...faultsOf(
    'src-main/learn/training/learning-rate.ts',
    ['test/parity/rate-values.test.ts'],
    [
      ['rate: a share’s rise that jumps', 'share < riseShare ? share / riseShare :', 'share < riseShare ? 1 :'],
      ['rate: a share’s fall from the start', '(share - riseShare) / Math.max(1e-9, 1 - riseShare)', 'share'],
    ],
  ),
];
