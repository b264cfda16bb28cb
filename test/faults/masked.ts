/** @file Faults in masking with a teacher: masks, targets, loss, moving average, the Transformer, and the optimiser and rate that came with it. */
import { faultsOf } from './fault.ts';
import type { Fault } from './fault.ts';

const learn = 'src-main/learn';
const reference = ['test/parity/reference.test.ts'];
const own = ['test/unit/learn/masked.test.ts'];
const formulas = ['test/unit/learn/masks.test.ts'];
const gradients = ['test/unit/learn/gradients.test.ts'];

const masks: Fault[] = [
  ...faultsOf('src-main/worker/feed/masks.ts', formulas, [
    [
      'masks: count of spans always rounded down',
      'Math.floor((probability * of) / span + random.uniform())',
      'Math.floor((probability * of) / span)',
    ],
    ['masks: the share counts spans', '(probability * of) / span', 'probability * of'],
    ['masks: spans one position short', 'Math.min(of, start + span)', 'Math.min(of, start + span - 1)'],
    ['masks: no least count of spans', 'Math.max(least, Math.floor(', 'Math.max(0, Math.floor('],
    ['masks: some clips are hidden more than others', 'of chosen(positions, least, random)', 'of positions'],
    ['masks: a place too many, at the end', 'of - span > count ? of - span : count + 1', 'of - span + 1'],
  ]),
  ...faultsOf('src-main/worker/feed/parts.ts', own, [
    ['layers left out: those that were to be kept', 'random.uniform() >= content.dropped', 'random.uniform() < content.dropped'],
    ['layers left out: others in each clip', 'kept[at % layers] ?? 1', 'Number(random.uniform() >= content.dropped)'],
  ]),
];

const regression: Fault[] = [
  ...faultsOf(`${learn}/objectives/data2vec.ts`, formulas, [
    ['target: the first layers', 'added.slice(-topLayers)', 'added.slice(0, topLayers)'],
    ['target: layers as they are', '.map(instanceNorm)', ''],
    ['target: summed over layers', 'tf.addN(normed), normed.length)', 'tf.addN(normed), 1)'],
    [
      'target: normalised over values',
      'const centred = tf.sub(x, tf.mean(x, 1, true));',
      'const centred = tf.sub(x, tf.mean(x, 2, true));',
    ],
    ['regression: mean over all positions', 'tf.div(tf.sum(tf.mul(summed, mask)), tf.sum(mask))', 'tf.mean(tf.mul(summed, mask))'],
    ['regression: divided by the values, not by their root', '1 / Math.sqrt(values)', '1 / values'],
    ['regression: smooth L1 without its half', 'tf.mul(within, 0.5)', 'within'],
    ['regression: biased deviation', 'tf.sub(count, 1)', 'count'],
  ]),
  ...faultsOf(`${learn}/methods/masked.ts`, reference, [
    ['masking: what was to be hidden is heard', 'tf.mul(heard, tf.sub(1, isMasked))', 'heard'],
    ['masking: the teacher is taught', 'const target = untaped(() =>', 'const target = tf.tidy(() =>'],
    [
      'masking: the teacher hears the masked crop',
      "unroofed('teacher', weights), heard)",
      "unroofed('teacher', weights), hidden(heard, mask, defined(weights[maskName], maskName) as Tensor1D))",
    ],
    ['masking: no teacher of its own', "halves.understand(unroofed('teacher', weights), heard)", 'halves.understand(learner, heard)'],
  ]),
  ...faultsOf(`${learn}/methods/masked.ts`, own, [
    ['teacher: its decay goes on rising', 'tf.minimum(tf.div(step, decaySteps), 1)', 'tf.div(step, decaySteps)'],
    ['teacher: averages what tells positions', 'isCopy: tellsPosition', 'isCopy: false'],
    [
      'teacher: drawn by itself',
      'first.set(name, defined(first.get(of), of))',
      'first.set(name, defined(encoder.initialise(seed + 1).get(of.slice(8)), of))',
    ],
  ]),
  ...faultsOf(`${learn}/training/averages.ts`, own, [
    ['teacher: follows who was before the step', 'defined(after[of], of)', 'defined(weights[of], of)'],
    [
      'teacher: shares changed over',
      'defined(weights[name], name), decay), tf.mul(followed, share)',
      'defined(weights[name], name), share), tf.mul(followed, decay)',
    ],
  ]),
  ...faultsOf('src-main/worker/train/first-weights.ts', own, [
    ['teacher: stays as drawn where the checkpoint has none', '?? []) if (!taken.has(name))', '?? []) if (taken.has(name))'],
  ]),
];

const transformer: Fault[] = [
  ...faultsOf(`${learn}/encoders/data2vec/data2vec-pass.ts`, reference, [
    ['target: after the norm instead of what a layer adds', 'added.push(made.added)', 'added.push(made.after)'],
    ['data2vec: norm before the sum', 'tf.add(seen, added), epsilon)', 'added, epsilon)'],
  ]),
  ...faultsOf(`${learn}/encoders/data2vec/data2vec-pass.ts`, own, [
    ['layers left out: what they make is added', 'tf.mul(second, tf.sub(1, isFirst))', 'second'],
  ]),
  ...faultsOf(`${learn}/layers/transformer.ts`, gradients, [
    ['layer norm: gradient without the mean', 'tf.sub(tf.sub(through, tf.mean(through, 2, true)), along)', 'tf.sub(through, along)'],
    [
      'layer norm: gradient without what goes along',
      'tf.sub(tf.sub(through, tf.mean(through, 2, true)), along)',
      'tf.sub(through, tf.mean(through, 2, true))',
    ],
    ['layer norm: gain forgotten on the way back', 'tf.mul<Tensor3D>(gradient, gain)', 'gradient'],
    ['GELU: gradient without the density', 'tf.add(cumulative(y), tf.mul(y, density))', 'cumulative(y)'],
  ]),
  ...faultsOf(`${learn}/layers/transformer.ts`, reference, [
    ['attention: scores not scaled', '1 / Math.sqrt(each)', '1'],
    [
      'attention: queries and keys of other heads',
      '[batch, time, heads, each]), [0, 2, 1, 3])',
      '[batch, time, each, heads]), [0, 3, 1, 2])',
    ],
  ]),
  ...faultsOf(`${learn}/layers/transformer.ts`, own, [
    ['Transformer: first weights ten times as large', 'deviation: 0.02', 'deviation: 0.2'],
  ]),
  ...faultsOf(`${learn}/layers/grouped-convolution.ts`, gradients, [
    [
      'convolution in groups: kernels not turned round',
      'tf.reverse(tf.reshape<tf.Rank.R4>(kernel, [groups, each, each, size]), 3)',
      'tf.reshape<tf.Rank.R4>(kernel, [groups, each, each, size])',
    ],
    [
      'convolution in groups: gradient of another layout',
      '[groups, each, size, each]), [0, 3, 1, 2])',
      '[groups, each, size, each]), [0, 1, 3, 2])',
    ],
    [
      'convolution in groups: a kernel sees two clips',
      '[0, half],\n  ]);\n  return tf.reshape(padded',
      '[half, 0],\n  ]);\n  return tf.reshape(padded',
    ],
    ['convolution in groups: channels stay where they are on the way back', 'tf.transpose(byGroup, [0, 2, 1, 3])', 'byGroup'],
  ]),
  ...faultsOf(`${learn}/gradients/shape.ts`, gradients, [
    ['stacks: each gets the first part', 'partOf(call.gradient, axis, index,', 'partOf(call.gradient, axis, 0,'],
    ['joins: parts begin at their number', 'sum + defined(shape[axis], ', 'sum + 0 * defined(shape[axis], '],
  ]),
];

const optimising: Fault[] = [
  ...faultsOf(
    `${learn}/optimizers/adam.ts`,
    ['test/parity/optimizer-values.test.ts'],
    [['AdamW: decay whatever the rate', 'tf.mul(scalars.learningRate, weightDecay)', 'weightDecay']],
  ),
  ...faultsOf(
    `${learn}/training/learning-rate.ts`,
    ['test/parity/rate-values.test.ts'],
    [
      [
        'three stages: falls in a straight line',
        'finalShare ** Math.min(1, fallen / fallShare)',
        '1 - (1 - finalShare) * Math.min(1, fallen / fallShare)',
      ],
      ['three stages: rises from nothing', 'risesFrom + ((1 - risesFrom) * share) / riseShare', 'share / riseShare'],
    ],
  ),
];

export const maskedFaults: readonly Fault[] = [...masks, ...regression, ...transformer, ...optimising];
