/** @file Faults in the Vision Transformer, in SogCLR, in patches that are kept, and in what is remembered of tracks. */
import { faultsOf } from './fault.ts';
import type { Fault } from './fault.ts';

const learn = 'src-main/learn';
const values = ['test/parity/vit-values.test.ts'];
const formulas = ['test/parity/sogclr-values.test.ts'];
const own = ['test/unit/learn/vit.test.ts'];
const memory = ['test/unit/worker/train/track-memory.test.ts'];

const transformer: Fault[] = [
  ...faultsOf(`${learn}/encoders/vit/vit-pass.ts`, values, [
    ['patches: counted along the bands first', '[0, 3, 1, 4, 2]', '[0, 1, 3, 4, 2]'],
    ['patches: pixels frame after frame', '[0, 3, 1, 4, 2]', '[0, 3, 1, 2, 4]'],
    ['patches: every clip’s are the first clip’s', 'tf.add(chosen, firsts)', 'tf.add(chosen, tf.zerosLike(firsts))'],
    [
      'patches: those that are kept stand at the first places',
      'tf.gather(table, tf.reshape<tf.Rank.R1>(chosen, [batch * count]))',
      'tf.gather(table, tf.reshape<tf.Rank.R1>(tf.zerosLike(chosen), [batch * count]))',
    ],
    ['patches: not normalised', 'layerNorm(named(1), weights, pixels, epsilon)', 'pixels'],
    ['positions: rows before columns', '[column * frequency(at), row * frequency(at)]', '[row * frequency(at), column * frequency(at)]'],
    ['positions: cosines before sines', '[Math.sin(angle), Math.cos(angle)]', '[Math.cos(angle), Math.sin(angle)]'],
    ['positions: the lowest frequency is not reached', 'Math.max(1, quarter - 1)', 'quarter'],
    ['Vision Transformer: no norm before the attention', 'layerNorm(`${name}.norm`, weights, x, epsilon)', 'x'],
    ['Vision Transformer: attention in the place of what it is added to', 'x = tf.add(x, attentionOf(', 'x = tf.add(0, attentionOf('],
    ['Vision Transformer: no norm at the end', "layerNorm('transformer.norm', weights, x, epsilon)", 'x'],
    [
      'Vision Transformer: keys for queries',
      'attended({ queries, keys, values }, heads)',
      'attended({ queries: keys, keys: queries, values: keys }, heads)',
    ],
  ]),
  ...faultsOf(`${learn}/encoders/vit/vit.ts`, own, [
    [
      'patches: the whole number above the share is kept no more',
      'count - Math.floor((1 - share) * count + 1e-9)',
      'Math.floor(share * count)',
    ],
    ['patches: training looks at all', 'kept: patches[index] })', 'kept: undefined })'],
  ]),
  ...faultsOf(`${learn}/inputs/settings.ts`, values, [
    ["Myna's picture: bands of one height", "  scale: 'slaney',\n  norm: 'slaney',", "  scale: 'slaney',\n  norm: 'none',"],
  ]),
];

const objective: Fault[] = [
  ...faultsOf(`${learn}/objectives/sogclr.ts`, formulas, [
    ['SogCLR: pushed from itself', 'tf.concat([isOther, isOther], 1)', 'tf.concat([isOther, tf.onesLike(isOther)], 1)'],
    ['SogCLR: its partner is pushed away too', 'tf.concat([isOther, isOther], 1)', 'tf.concat([tf.onesLike(isOther), isOther], 1)'],
    ['SogCLR: no average', 'tf.add<Tensor2D>(tf.mul(before, tf.sub(1, share)), tf.mul(found, share))', 'found'],
    [
      'SogCLR: shares of the average changed over',
      'tf.mul(before, tf.sub(1, share)), tf.mul(found, share)',
      'tf.mul(before, share), tf.mul(found, tf.sub(1, share))',
    ],
    ['SogCLR: a new track begins at nothing', "tf.mul(tf.cast(tf.equal(before, 0), 'float32'), 1 - gamma)", '0'],
    ['SogCLR: pairs counted with the own', '2 * (batch - 1)', '2 * batch'],
    ['SogCLR: remembers one side', 'tf.mul<Tensor2D>(tf.add(...averages), 0.5)', 'tf.mul<Tensor2D>(averages[0], 1)'],
    ['SogCLR: the shares are taught', 'const { shares, average } = untaped(() =>', 'const { shares, average } = tf.tidy(() =>'],
    ['SogCLR: drawn together half as hard', 'views[1]), 1)), 2)', 'views[1]), 1)), 1)'],
    ['SogCLR: the figure beside it has no temperature', 'tf.mul(tf.addN(logarithms), temperature)', 'tf.addN(logarithms)'],
    ['SogCLR: similarities multiplied by the temperature', 'tf.div(similarities, temperature)', 'tf.mul(similarities, temperature)'],
  ]),
  ...faultsOf(`${learn}/methods/two-views.ts`, values, [
    ['kinds of patches: losses summed', 'tf.div(tf.addN(scalars), scalars.length)', 'tf.addN(scalars)'],
    [
      'kinds of patches: each is told what the batch began with',
      'known = value.remembered;',
      'known = value.remembered ?? before;\n    if (projected.indexOf(pair) === 0) known = before;',
    ],
    ['two views at once: the first one twice', 'tf.concat([own, defined(second[index], ', 'tf.concat([own, own ?? defined(second[index], '],
    ['two views: both look at the first one’s patches', '[name, partNames(name)]', '[name, [name, ...partNames(views[0]).slice(1)]]'],
  ]),
  ...faultsOf(`${learn}/training/step.ts`, values, [
    ['memory: what an objective tells is dropped', 'remembered = held(computed.remembered ?? {});', 'remembered = held({});'],
  ]),
];

const drawn: Fault[] = [
  ...faultsOf('src-main/worker/feed/patches.ts', own, [
    ['patches: the same of every clip', '() => chosen(all, kept, random).toSorted((a, b) => a - b)', '() => all.slice(0, kept)'],
    ['patches: not in order', '.toSorted((a, b) => a - b)', ''],
  ]),
];

const remembered: Fault[] = [
  ...faultsOf('src-main/worker/train/track-memory.ts', memory, [
    ['memory: values of the place, not of the track', 'byTrack.get(trackId) ?? []', 'byTrack.get(trackIds[0] ?? 0) ?? []'],
    [
      'memory: the first value stays',
      'byTrack.set(trackId, values.slice(',
      'if (!byTrack.has(trackId)) byTrack.set(trackId, values.slice(',
    ],
    [
      'memory: a checkpoint’s is passed over',
      'byTrack: readTracks(kept, name, sizeOf(shape))',
      'byTrack: readTracks(new Map(), name, sizeOf(shape))',
    ],
    ['memory: tracks in the order in which they came', '[...byTrack.keys()].toSorted((a, b) => a - b)', '[...byTrack.keys()]'],
  ]),
  ...faultsOf('src-main/worker/train/checkpoint-files.ts', memory, [
    ['memory: not read from a checkpoint', 'memory: unroofed(memoryPrefix, tensors)', 'memory: new Map()'],
    ['memory: read as weights', '![statePrefix, memoryPrefix].some(', '![statePrefix].some('],
  ]),
  ...faultsOf('src-main/worker/train/train-loop.ts', memory, [
    ['memory: a step is not told what is known', 'const parts = memory.recall(batch);', 'const { parts } = batch;'],
    ['memory: what a step tells is forgotten', 'memory.remember(batch.trackIds, result.remembered);', ''],
  ]),
];

export const vitFaults: readonly Fault[] = [...transformer, ...objective, ...drawn, ...remembered];
