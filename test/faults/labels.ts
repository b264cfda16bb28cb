/** @file Faults in learning labels: losses, the head, what is held out, its figures, and what becomes of them. */
import { faultsOf } from './fault.ts';
import type { Fault } from './fault.ts';

const learn = 'src-main/learn';
const train = 'src-main/worker/train';
const values = ['test/parity/label-values.test.ts'];
const method = ['test/unit/learn/supervised.test.ts'];
const split = ['test/unit/learn/split.test.ts'];
const figures = ['test/unit/learn/metrics/label-figures.test.ts'];
const heldOut = ['test/unit/worker/train/held-out.test.ts'];

/** Every planted fault of labels. */
export const labelFaults: readonly Fault[] = [
  ...faultsOf(`${learn}/objectives/labels.ts`, values, [
    ['bce: what is not known is a no', 'tf.sub(1, tf.relu(tf.neg(labels)))', 'tf.onesLike(labels)'],
    ['bce: mean over all, not over what is known', 'tf.maximum(tf.sum(weights), leastWeight)', 'labels.size'],
    ['bce: softplus of the other sign', 'tf.softplus(logits)', 'tf.softplus(tf.neg(logits))'],
    ['bce: answers that count less as they come', 'answers: tf.relu(labels)', 'answers: labels'],
    ['cross-entropy: summed over clips', 'tf.mean<Scalar>(tf.sub(tf.logSumExp', 'tf.sum<Scalar>(tf.sub(tf.logSumExp'],
    ['cross-entropy: over the clips, not the classes', 'tf.sum(tf.mul(logits, labels), 1)', 'tf.sum(tf.mul(logits, labels), 0)'],
  ]),
  ...faultsOf(`${learn}/methods/supervised.ts`, values, [
    ['supervised: nothing is left out', 'dropout === undefined ? embeddings : tf.mul(embeddings, dropout)', 'embeddings'],
    ['supervised: each kind has the other’s loss', "objective.kind === 'bce' ?", "objective.kind !== 'bce' ?"],
    [
      'supervised: held-out clips by the statistics of their batch',
      "encoder.forward(unroofed('encoder', weights), wave)",
      "encoder.train(unroofed('encoder', weights), wave, { chunkElements: Infinity }).embedding",
    ],
  ]),
  ...faultsOf('src-main/worker/feed/parts.ts', method, [
    ['labels: what is not known is a no', 'outputs).fill(-1)', 'outputs).fill(0)'],
    ['labels: of the place, not of the track', 'labels.get(trackId)', 'labels.get(place)'],
    ['dropout: does not keep the mean', '? 0 : 1 / (1 - dropped)', '? 0 : 1'],
    ['dropout: leaves out what was to be kept', 'random.uniform() < dropped', 'random.uniform() >= dropped'],
  ]),
  ...faultsOf(`${learn}/heads/split.ts`, split, [
    ['held out: what was to be learnt from', '[1 - share, share]', '[share, 1 - share]'],
    ['held out: a side stays without', 'side.set(smallest.id, wanting)', 'side.set(smallest.id, 1 - wanting)'],
    [
      'share of labels: rare sets are lost',
      'Math.max(1, Math.round((own.length * percent) / 100))',
      'Math.round((own.length * percent) / 100)',
    ],
    ['share of labels: another share each time', 'seededRandom(seed)', 'seededRandom(seed + percent)'],
  ]),
  ...faultsOf(`${learn}/metrics/label-figures.ts`, figures, [
    [
      'figures: classes ranked by their logits',
      'isExclusive ? logSoftmax(given) : Float64Array.from(given.logits)',
      'Float64Array.from(given.logits)',
    ],
    [
      'figures: half answers count whole',
      'weights: own.map((label) => Math.min(1, 1 + label))',
      'weights: own.map((label) => Math.ceil(1 + label))',
    ],
    ['figures: the loss is a sum', 'return sum / all;\n}\n\nfunction weightedMean', 'return sum;\n}\n\nfunction weightedMean'],
    ['guessing: names any class', 'taughtOf[one] === most', 'taughtOf[one] !== most'],
    ['guessing: the first of several classes', 'mean(Float64Array.from(frequent, shareOf))', 'shareOf(frequent[0] ?? 0)'],
    ['figures: an interval of the more frequent answer’s groups', 'bearing: [bearing, bearing,', 'bearing: [groups.length, groups.length,'],
  ]),
  ...faultsOf(`${train}/held-out.ts`, heldOut, [
    ['held-out tracks: patience of one more', 'this.#state.since >= patience', 'this.#state.since > patience'],
    ['held-out tracks: the same again is better', 'now.score > best.score ||', 'now.score >= best.score ||'],
    [
      'held-out tracks: what has learnt is taken for untrained',
      'if (this.#options.state === null) await this.#measureBegun',
      'if (this.#state.last === null) await this.#measureBegun',
    ],
    ['held-out tracks: a higher loss is better', 'return now.loss < best.loss;', 'return now.loss > best.loss;'],
    ['plateau: one measurement too early', 'sinceLowest < plateauPatience', 'sinceLowest + 1 < plateauPatience'],
    ['held-out tracks: measured before their steps', 'step % this.#every === 0', 'step % this.#every === 1'],
  ]),
  ...faultsOf(
    `${learn}/inputs/cepstral.ts`,
    ['test/parity/mfcc-values.test.ts'],
    [
      ['cepstra: the first as large as the others', 'row === 0 ? 1 : 2', '2'],
      ['cepstra: no floor below the loudest', 'Math.max(least, level)', 'level'],
      ['cepstra: frames begin where they should be centred', 'frame * hop + at - half', 'frame * hop + at'],
    ],
  ),
  ...faultsOf(`${train}/track-scores.ts`, heldOut, [['scores of a track: summed over crops', '(sum) => sum / clips', '(sum) => sum']]),
  ...faultsOf(
    'src-main/worker/feed/batch-feed.ts',
    ['test/unit/worker/feed/consecutive.test.ts'],
    [
      ['crops of a track: the same again', 'start: from + at * cropSamples', 'start: from'],
      ['crops of a track: from its beginning', 'Math.floor((samples - count * cropSamples) / 2)', '0'],
    ],
  ),
  ...faultsOf(
    'src-main/service/pretraining/run-head.ts',
    ['test/unit/service/pretraining/run-head.test.ts'],
    [['head of classes: each against all', '/ (rows - 1)', '/ rows']],
  ),
];
