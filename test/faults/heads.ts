/** @file Faults in heads and in what they are measured by. */
import { faultsOf } from './fault.ts';
import type { Fault } from './fault.ts';

const learn = 'src-main/learn/heads';
const compute = 'src-main/compute/heads';
const values = 'test/parity/head-values.test.ts';
const parts = [values, 'test/unit/learn/heads/'];
const fits = [values, 'test/unit/compute/heads/'];
const figures = ['test/unit/learn/metrics/'];

export const headFaults: readonly Fault[] = [
  ...faultsOf(`${learn}/balance.ts`, parts, [
    ['balancing: each answer sums to one', '1 / (2 * sum)', '1 / sum'],
    ['balancing: a part learns what it is held out of', 'if (foldOf[row] === part) return;', ''],
    ['balancing: shares of all folds', 'if (foldOf[row] !== part)', 'if (row >= 0)'],
  ]),
  ...faultsOf(`${learn}/platt.ts`, parts, [
    ['calibration: certain targets', '(yes + 1) / (yes + 2) : 1 / (no + 2)', '1 : 0'],
    [
      'calibration: weights forgotten',
      'const [difference, spread] = [weight * (probability - target),',
      'const [difference, spread] = [probability - target,',
    ],
  ]),
  ...faultsOf(`${learn}/standardise.ts`, parts, [
    ['standardising: n − 1', 'Math.sqrt(sum / Math.max(1, count))', 'Math.sqrt(sum / Math.max(1, count - 1))'],
    ['standardising: variance for deviation', 'Math.sqrt(sum / Math.max(1, count))', 'sum / Math.max(1, count)'],
    [
      'standardising: mean not folded into the bias',
      'shift -= own * (mean[dimension] as number)',
      'shift -= 0 * (mean[dimension] as number)',
    ],
  ]),
  ...faultsOf(`${learn}/folds.ts`, parts, [
    ['folds: unknown answers counted', 'answers[place] === 1 && (weights[place] as number) > 0', '(weights[place] as number) > 0'],
    ['folds: sizes not counted', 'sizes[best] = (sizes[best] ?? 0) + group.rows;', 'sizes[best] = size(best);'],
  ]),
  ...faultsOf(`${learn}/logistic.ts`, parts, [
    ['logistic: biases penalised', '(input === inputs - 1 ? 0 : 1)', '1'],
    ['logistic: penalty not halved', 'tf.mul(pull, given.weights), 0, true), 0.5)', 'tf.mul(pull, given.weights), 0, true), 1)'],
    ['logistic: penalty not in the slope', 'gradient: tf.add(given.gradient, pull)', 'gradient: given.gradient'],
  ]),
  ...faultsOf(
    `${learn}/mlp.ts`,
    [...parts, 'test/parity/first-weights.test.ts'],
    [
      ['hidden layer: biases penalised', "names.filter((name) => name.endsWith('.weight'))", 'names'],
      ['hidden layer: dropout forgotten', 'kept === undefined ? shaped : tf.mul(shaped, kept)', 'shaped'],
      ['hidden layer: no ReLU', 'tf.relu(tf.add(tf.matMul(rows', 'tf.clone(tf.add(tf.matMul(rows'],
      ['hidden layer: penalty not halved', 'tf.mul(tf.addN(squares), given.penalty), 0.5)', 'tf.mul(tf.addN(squares), given.penalty), 1)'],
      ['hidden layer: first weights too small', 'Math.sqrt(6 / dimensions)', 'Math.sqrt(1 / dimensions)'],
    ],
  ),
  ...faultsOf(`${compute}/fold-problem.ts`, fits, [
    [
      'held-out loss: answers weighed the other way',
      '* labels + label) * 2 + (answers[place] as number)',
      '* labels + label) * 2 + 1 - (answers[place] as number)',
    ],
    ['held-out loss: sign of the answer', 'Math.max(logit, 0) - logit * (answers', 'Math.max(logit, 0) + logit * (answers'],
  ]),
  ...faultsOf(`${compute}/logistic-solver.ts`, fits, [
    [
      'held out: logits of the head that learnt it',
      '(own * parts + (foldOf[row] as number)) * labels',
      '(own * parts + parts - 1) * labels',
    ],
  ]),
  ...faultsOf(`${compute}/fit-logistic.ts`, fits, [
    ['logistic: a fold’s head is kept', 'const last = columns - labels + column;', 'const last = column;'],
    [
      'logistic: the worst penalty is kept',
      '(losses[column] as number) < (least.get(label) ?? 0)',
      '(losses[column] as number) > (least.get(label) === Infinity ? 0 : (least.get(label) ?? 0))',
    ],
  ]),
  ...faultsOf(`${compute}/fit-mlp.ts`, fits, [
    ['dropout: the wrong share', 'batch * hidden, heads.dropout, random', 'batch * hidden, 0, random'],
    ['hidden layer: batches not scaled to an epoch', 'problem.count / rows.length / labels', '1 / labels'],
    ['hidden layer: logits of the head that learnt it', '(problem.foldOf[from + own] as number) * batch', '(shape.parts - 1) * batch'],
    ['hidden layer: a fold’s head is kept', 'const last = parts - 1;', 'const last = 0;'],
  ]),
  ...faultsOf(`${compute}/fit-head.ts`, fits, [
    ['figures: every example counts alike', '{ groups, weights, bearing', '{ groups, bearing'],
    ['figures: thresholds of logits', 'scores: probabilities, weights', 'scores: logits, weights'],
    ['figures: share of those without', 'sum + answer * (weights[row] as number)', 'sum + (1 - answer) * (weights[row] as number)'],
    [
      'figures: slope and offset changed over',
      'slope: calibration.scale, offset: calibration.shift',
      'slope: calibration.shift, offset: calibration.scale',
    ],
  ]),
  ...faultsOf('src-main/learn/metrics/ranking.ts', figures, [
    ['ROC-AUC: ties count nothing', 'positives + here / 2', 'positives'],
    [
      'average precision: precision before the tie',
      '(here * positives) / (positives + negatives)',
      '(here * positives) / (positives + negatives - beside)',
    ],
  ]),
  ...faultsOf('src-main/learn/metrics/intervals.ts', figures, [
    ['Wilson: not drawn to the middle', 'share + square / (2 * trials)', 'share'],
    [
      'bootstrap: an interval of 90 %',
      '[quantile(sorted, 0.025), quantile(sorted, 0.975)]',
      '[quantile(sorted, 0.05), quantile(sorted, 0.95)]',
    ],
  ]),
  ...faultsOf('src-main/learn/metrics/probabilities.ts', figures, [
    ['Brier: distance not squared', '(label - probability) ** 2', 'Math.abs(label - probability)'],
    ['calibration error: bins weigh alike', 'bin.difference += weight *', 'bin.difference +='],
  ]),
  ...faultsOf('src-main/learn/metrics/decisions.ts', figures, [
    ['F1: without its two', '(2 * truePositives) / (2 * truePositives +', 'truePositives / (truePositives +'],
  ]),
];
