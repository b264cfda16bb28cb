/** @file Faults in probes: their loss, their rates, how clips are put together, and their figures. */
import { faultsOf } from './fault.ts';
import type { Fault } from './fault.ts';

const learn = 'src-main/learn/probes';
const compute = 'src-main/compute/probes';
const values = ['test/parity/probe-values.test.ts'];
const fits = [...values, 'test/unit/compute/probes/'];

export const probeFaults: readonly Fault[] = [
  ...faultsOf(`${learn}/probe.ts`, values, [
    ['probe: rows that only fill count', 'tf.div(tf.sum(tf.mul(each, counts)), tf.sum(counts))', 'tf.mean(each)'],
    ['probe: labels summed', 'tf.mean(tf.sub(tf.softplus(logits)', 'tf.sum(tf.sub(tf.softplus(logits)'],
    ['probe: cross-entropy without its norm', 'tf.sub(tf.logSumExp(logits, 1), tf.sum', 'tf.sub(tf.max(logits, 1), tf.sum'],
    ['probe: error not squared', 'tf.square(tf.sub(logits, answers))', 'tf.abs(tf.sub(logits, answers))'],
    ['probe: no ReLU', "tf.relu(layer(rows, 'hidden'))", "tf.clone(layer(rows, 'hidden'))"],
    ['probe: dropout forgotten', 'kept === undefined ? units : tf.mul(units, kept)', 'units'],
  ]),
  ...faultsOf(
    `${learn}/probe.ts`,
    ['test/parity/layer-values.test.ts'],
    [
      ['probe: layers without their softmax', 'tf.exp(tf.sub(weights, tf.logSumExp(weights)))', 'tf.clone(weights)'],
      ['probe: layers not normed', 'tf.exp(tf.sub(weights, tf.logSumExp(weights)))', 'tf.exp(weights)'],
      [
        'probe: layers interleaved',
        'tf.reshape(rows, [count, layers, width / layers])',
        'tf.transpose(tf.reshape(rows, [count, width / layers, layers]), [0, 2, 1])',
      ],
      ['probe: shares not normed', 'parts.map((part) => part / sum)', 'parts'],
      ['probe: the first layer counts most', "initial: { kind: 'constant', value: 0 }", "initial: { kind: 'uniform', bound: 1 }"],
    ],
  ),
  ...faultsOf(
    'src-main/learn/encoders/chroma/chroma-bank.ts',
    ['test/parity/chroma-values.test.ts'],
    [
      ['chroma: classes from A', '(pitchClass + 3) % classes', '(pitchClass + 0) % classes'],
      ['chroma: bumps twice as wide', '2 * awayFrom(place, at)', 'awayFrom(place, at)'],
      ['chroma: bumps not normed', '(bump / length) * loudness', 'bump * loudness'],
      ['chroma: every octave alike', '(bump / length) * loudness', 'bump / length'],
      ['chroma: bumps as narrow as a bin', 'Math.max((places[bin + 1] as number) - place, 1)', '(places[bin + 1] as number) - place'],
    ],
  ),
  ...faultsOf(
    'src-main/learn/encoders/chroma/chroma.ts',
    ['test/parity/chroma-values.test.ts'],
    [
      ['chroma: frames not normed', 'tf.div(power, tf.maximum(tf.max(power, 2, true), leastPower))', 'power'],
      ['chroma: variance for deviation', 'tf.sqrt(variance)', 'variance'],
    ],
  ),
  ...faultsOf(`${learn}/rates.ts`, values, [
    ['probe: plateau a step early', 'this.#bad <= schedule.patience', 'this.#bad < schedule.patience'],
    ['probe: plateau without its threshold', 'this.#lowest * (1 - threshold)', 'this.#lowest'],
    ['probe: plateau falls once', 'this.#factor *= schedule.factor', 'this.#factor = schedule.factor'],
    ['probe: cosine not halved', 'Math.cos(Math.PI * share))) / 2', 'Math.cos(Math.PI * share)))'],
    ['probe: patience a step long', 'this.#since >= patience', 'this.#since > patience'],
    ['probe: equal is better', '!(value > this.best)', '!(value >= this.best)'],
  ]),
  ...faultsOf(`${compute}/judge-probe.ts`, fits, [
    ['probe: sums for means', 'sum / (counts[Math.floor(at / outputs)] as number)', 'sum'],
    ['probe: probabilities never', 'isProbability ? probabilities(kind, own) : own', 'own'],
    [
      'probe: clips for wholes',
      'defined(places.get(problem.wholes[clip] as number)',
      'defined(places.get(problem.wholes[clips[0] as number] as number)',
    ],
  ]),
  ...faultsOf(`${compute}/probe-problem.ts`, fits, [
    ['probe: mean rows summed', '/ count;', '/ 1;'],
    [
      'probe: standard of all clips',
      'const taught = clipsOf(problem, probeParts.train);\n  const total',
      'const taught = [...problem.parts.keys()];\n  const total',
    ],
  ]),
  ...faultsOf(`${compute}/fit-probe.ts`, fits, [
    [
      'probe: the last and not the best',
      'if (isBest || this.#best === undefined || Number.isNaN(value))',
      'if (isBest || this.#best !== null)',
    ],
    ['probe: judged by what it learnt from', 'clipsOf(this.#fit.problem, probeParts.test)', 'clipsOf(this.#fit.problem, probeParts.train)'],
    ['probe: validated by what it learnt from', 'clipsOf(fit.problem, probeParts.validation)', 'clipsOf(fit.problem, probeParts.train)'],
    ['probe: always the first segment', 'first(clip) + random.below(count)', 'first(clip)'],
  ]),
  ...faultsOf(`${compute}/asked-rows.ts`, fits, [
    ['probe: the last segment stays', 'reading.isLastDropped && count > 1 ? count - 1 : count', 'count'],
    ['probe: means summed', '(sums[at] as number) / (counts[Math.floor(at / dimensions)] as number)', 'sums[at] as number'],
  ]),
  ...faultsOf(`${compute}/probe-figures.ts`, fits, [
    ['probe: clips without labels count as wrong', 'share(weights) / counted(weights)', 'share(weights)'],
    ['probe: seeds summed', '(own[at] as number), 0) / each.length)', '(own[at] as number), 0))'],
  ]),
  ...faultsOf(`${compute}/run-protocol.ts`, fits, [
    ['probe: the first trial', 'fit.value > best.fit.value', 'fit.value > Infinity'],
    ['probe: the first layer', 'one.validated > best.validated', 'one.validated > Infinity'],
    ['probe: statistics as they are', 'isStandardised || trial.isStandardised', 'trial.isStandardised'],
  ]),
  ...faultsOf(`${compute}/judge-head.ts`, fits, [
    ['head: segments where their mean is judged', "reading.taughtBy === 'mean' ? meanRows(given) : given", 'given'],
    ['head: its hidden layer forgotten', 'hidden?.[0] ?? null', 'null'],
    ['head: drawn anew', 'seed: 0, first: head,', 'seed: 0,'],
  ]),
  ...faultsOf(`${compute}/run-folds.ts`, fits, [
    ['folds: judged by what is validated', 'own === fold ? probeParts.test', 'own === (fold + 1) % count ? probeParts.test'],
    ['folds: the order of folds', 'a.clip - b.clip', '0'],
    ['folds: one seed for all', 'defined(folds[place]', 'defined(folds[0]'],
  ]),
  ...faultsOf('src-main/compute/dropout.ts', fits, [
    ['probe: dropout not scaled', '1 / (1 - share)', '1'],
    ['probe: dropout of the others', '< share ? 0 : scale', '< share ? scale : 0'],
  ]),
];
