/** @file Faults in networks over sequences and over pictures of sound, and in what they are trained by. */
import { faultsOf } from './fault.ts';
import type { Fault } from './fault.ts';

const learn = 'src-main/learn';
const reference = 'test/parity/reference.test.ts';
const cpc = ['test/unit/learn/cpc.test.ts'];
const resnet = ['test/unit/learn/resnet.test.ts'];

const sequences: Fault[] = [
  ...faultsOf(
    `${learn}/layers/gru.ts`,
    [reference],
    [
      ['GRU: reset gate on the state instead of its product', 'tf.mul(reset, ownNew)', 'ownNew'],
      ['GRU: gates changed over', 'const [givenReset, givenUpdate, givenNew]', 'const [givenUpdate, givenReset, givenNew]'],
      ['GRU: update gate upside down', 'tf.mul(update, tf.sub(state, fresh)))', 'tf.mul(tf.sub(1, update), tf.sub(state, fresh)))'],
      ['GRU: the first state is not zero', 'tf.sub(fresh, tf.mul(update, fresh))', 'fresh'],
      ['GRU: no bias of the state', 'tf.reshape(stateBias, [1, 3 * units])', 'tf.zeros<tf.Rank.R2>([1, 3 * units])'],
    ],
  ),
  ...faultsOf(
    `${learn}/objectives/info-nce.ts`,
    [reference, ...cpc],
    [
      ['InfoNCE: the right one is not among the candidates', 'tf.sub(tf.logSumExp(scores, 1), right)', 'tf.neg(right)'],
      ['InfoNCE: predictions one step early', '[step, 0],\n    [0, 0],', '[step - 1, 1],\n    [0, 0],'],
      [
        'InfoNCE: a step weighs as much as it has places',
        'tf.div(counted, tf.sum(counted, [0, 1]))',
        'tf.div(counted, tf.mean(tf.sum(counted, [0, 1])))',
      ],
      ['InfoNCE: summed over steps', 'tf.div(tf.sum(tf.mul(losses, weights)), steps.length)', 'tf.sum(tf.mul(losses, weights))'],
    ],
  ),
  ...faultsOf(`${learn}/layers/strided-convolution.ts`, cpc, [
    ['strided convolution: padding on the right alone', '[padding, strides * stride - padding - used],', '[0, strides * stride - used],'],
    ['strided convolution: kernel not turned', 'tf.transpose(filled, [2, 1, 0])', 'tf.transpose(filled, [1, 2, 0])'],
    ['strided convolution: gradient through what ReLU stopped', 'tf.mul<Tensor2D>(given, isPositive(y))', 'given'],
    [
      'strided convolution: taps one stride off on the way back',
      '  const placed = parts.map((part, tap) =>\n    tf.pad(part, [\n      [0, 0],\n      [tap, strides - positions - tap],',
      '  const placed = parts.map((part, tap) =>\n    tf.pad(part, [\n      [0, 0],\n      [strides - positions - tap, tap],',
    ],
    ['strided convolution: taps of the first stride alone', 'tf.slice(all, [0, tap, tap * out]', 'tf.slice(all, [0, 0, tap * out]'],
    [
      'strided convolution: taps changed over',
      'tf.transpose(byTap, [1, 0, 2]), [width',
      'tf.transpose(tf.reverse(byTap, 0), [1, 0, 2]), [width',
    ],
    [
      'strided convolution: what a stride says of its positions, of others',
      'tf.pad(given, [\n      [0, 0],\n      [tap, strides - positions - tap],',
      'tf.pad(given, [\n      [0, 0],\n      [strides - positions - tap, tap],',
    ],
  ]),
  ...faultsOf(
    `${learn}/layers/layers-in-parts.ts`,
    [...cpc, 'test/unit/learn/masked.test.ts'],
    [
      ['layers in parts: those that follow are left out', 'large, elements.length);\n}', 'large, large);\n}'],
      ['layers in parts: one that is large is gone through twice', 'tf.concat(parts, 0), large,', 'tf.concat(parts, 0), large - 1,'],
      ['layers in parts: clips change places', 'tf.concat(parts, 0)', 'tf.concat(parts.toReversed(), 0)'],
    ],
  ),
  ...faultsOf(`${learn}/encoders/cpc/cpc.ts`, cpc, [
    ['CPC: product of strides that the thesis prints', '{ kernel: 6, stride: 3, padding: 2 }', '{ kernel: 6, stride: 2, padding: 2 }'],
    ['CPC: padding of the fifth layer', '{ kernel: 4, stride: 2, padding: 1 }', '{ kernel: 4, stride: 2, padding: 2 }'],
  ]),
  ...faultsOf(`${learn}/methods/predictive.ts`, cpc, [
    [
      'predicting: window of the whole sequence',
      "{ kind: 'window', of: positions - count, size: window }",
      "{ kind: 'window', of: positions, size: positions }",
    ],
  ]),
  ...faultsOf('src-main/worker/feed/parts.ts', cpc, [
    ['permutations: places drawn anew each', 'const other = random.below(place + 1);', 'const other = place;'],
    ['window: one place longer', 'at % length < start + content.size', 'at % length <= start + content.size'],
  ]),
];

const pictures: Fault[] = [
  ...faultsOf(
    `${learn}/inputs/mel-bands.ts`,
    [reference],
    [['mel: bands of equal height', "norm === 'slaney' ? 2 / (high - low) : 1", '1']],
  ),
  ...faultsOf(
    `${learn}/inputs/mel-edges.ts`,
    [reference],
    [
      ['mel: Slaney’s scale', "if (scale === 'htk') return 2595", "if (scale !== 'htk') return 2595"],
      ['mel: range cut at Nyquist', 'melOf(highestHz, scale)];', 'melOf(Math.min(highestHz, mel.sampleRate / 2), scale)];'],
    ],
  ),
  ...faultsOf(
    `${learn}/inputs/log-mel.ts`,
    [reference, 'test/unit/learn/log-mel.test.ts'],
    [
      ['mel: magnitudes instead of powers', 'power === 2 ? powers : tf.sqrt(powers)', 'tf.sqrt(powers)'],
      ['mel: symmetric window', 'Math.cos((Math.PI * at) / half)', 'Math.cos((Math.PI * at) / (half - 0.5))'],
      ['mel: bands of frequencies that stand elsewhere', 'frequency * width, (frequency + 1) * width', 'at * width, (at + 1) * width'],
      ['mel: zeros beyond the ends', "'reflect',", "'symmetric',"],
      ['mel: the middle of a frame twice', '(at === 0 ? 0.5 : 1)', '1'],
      ['mel: the middle of a half without its window', 'tf.mul(tf.add(before, after), middle)', 'tf.add(before, after)'],
      ['mel: an odd half’s middle is even', 'tf.mul(tf.sub(before, after), middle)', 'tf.mul(tf.add(before, after), middle)'],
      ['mel: turned round from a sample too early', 'tf.reverse(cut(1), 2)', 'tf.reverse(cut(0), 2)'],
      [
        'mel: inner halves change places',
        'right: tf.mul(tf.sub(innerLeft, innerRight), inner)',
        'right: tf.mul(tf.sub(innerRight, innerLeft), inner)',
      ],
      ['mel: folded once, the middle is left out', 'first(forward(parts))], 1)', 'tf.zerosLike(first(forward(parts)))], 1)'],
      [
        'mel: only the first of some clips',
        'tf.split<Tensor2D>(wave, parts, 0).map((own) => logMel(settings, own))',
        'tf.split<Tensor2D>(wave, parts, 0).map((own, _, all) => logMel(settings, all[0] ?? own))',
      ],
      ['mel: logarithm without one', 'tf.log(tf.add(values, 1 + epsilon))', 'tf.log(tf.add(values, epsilon))'],
      ['mel: from 0 to 1', 'tf.sub(tf.mul(tf.div(tf.sub(values, least), range), 2), 1)', 'tf.div(tf.sub(values, least), range)'],
      ['mel: least and most of the batch', 'tf.min(values, [1, 2], true), tf.max(values, [1, 2], true)', 'tf.min(values), tf.max(values)'],
    ],
  ),
  ...faultsOf(
    `${learn}/inputs/fourier.ts`,
    ['test/unit/learn/fourier.test.ts'],
    [
      ['transform: every second frequency is not doubled', 'map((frequency) => 2 * frequency)', 'map((frequency) => frequency)'],
      ['transform: what is even at the middle is left out', 'middle: cut(even, quarter, 1)', 'middle: tf.zerosLike(cut(even, quarter, 1))'],
      ['transform: what is odd is folded as what is even', 'odd: tf.sub(odd.left, odd.right)', 'odd: tf.add(odd.left, odd.right)'],
      [
        'transform: sines begin a time later',
        'times: times.slice(oddFrom), frequencies: others',
        'times: times.map((at) => at + 1).slice(oddFrom), frequencies: others',
      ],
      [
        'transform: a short half begins a time later',
        'frequencies.slice(oddFrom, -1)',
        'frequencies.slice(1, frequencies.length + oddFrom - 1)',
      ],
    ],
  ),
  ...faultsOf(`${learn}/layers/convolution-norm.ts`, resnet, [
    [
      'image batch norm: gain without the mean of its product',
      'tf.sub(tf.sum(tf.mul(through, convolved), 1, true), tf.mul(mean, ofShift))',
      'tf.sum(tf.mul(through, convolved), 1, true)',
    ],
    ['image batch norm: statistics taken for constants', 'tf.add(through, tf.mul(convolved, slope)), offset)', 'through, 0)'],
    ['image batch norm: the kernel’s gradient without the scale', 'tf.mul(ofKernel, outwards)', 'ofKernel'],
    ['image batch norm: the image’s gradient without the scale', 'kernel: tf.mul<Tensor4D>(kernel, outwards)', 'kernel'],
    ['image batch norm: biased running variance', 'count / Math.max(1, count - 1)', '1'],
    [
      'image batch norm: what is added comes after the ReLU',
      'return hasRelu ? tf.relu(added) : added;',
      'return hasRelu ? tf.add(tf.relu(affine), tf.sub(added, affine)) : added;',
    ],
  ]),
  ...faultsOf(`${learn}/layers/image-patches.ts`, resnet, [
    ['images: a kernel sees two clips', 'Math.ceil((height + padding) / stride) * stride', 'Math.ceil(height / stride) * stride'],
    ['images: kernels are not turned round on the way back', '+ (at % size) === size - 1', '=== at % size'],
    [
      'images: channels stay where they are on the way back',
      '[out, channels, tall, wide]), [1, 0, 2, 3])',
      '[channels, out, tall, wide]), [0, 1, 2, 3])',
    ],
    [
      'images: zeros above are forgotten',
      'top: [padding, Math.max(0, kernel - stride - padding)]',
      'top: [0, Math.max(0, kernel - stride)]',
    ],
    [
      'images: patches by columns',
      'Math.floor(at / (channels * size)) === at % size',
      '(Math.floor(at / (channels * size)) % kernel) * kernel + Math.floor(at / (channels * size * kernel)) === at % size',
    ],
    [
      'images: rows between the clips are counted',
      'apart(part, { clips, rows, height: down })',
      'apart(part, { clips, rows, height: rows })',
    ],
  ]),
  ...faultsOf(`${learn}/encoders/resnet/resnet-layers.ts`, resnet, [
    [
      'ResNet: stride in the first convolution of a block',
      'kernel: 3, stride, padding: 1 }),\n      named(prefix, 3',
      'kernel: 3, stride: 1, padding: 1 }),\n      named(prefix, 3',
    ],
    [
      'ResNet: no convolution beside the first block',
      'if (stride === 1 && inChannels === outChannels) return null;',
      'if (stride === 1) return null;',
    ],
  ]),
  ...faultsOf(`${learn}/encoders/resnet/resnet-training.ts`, resnet, [
    [
      'ResNet: summed over positions in training',
      'tf.mean(tf.reshape(x, [x.shape[0], clips, x.shape[2] * x.shape[3]]), 2)',
      'tf.sum(tf.reshape(x, [x.shape[0], clips, x.shape[2] * x.shape[3]]), 2)',
    ],
    ['ResNet: one colour of three in training', 'tf.sum<Tensor4D>(given, 1, true)', 'tf.slice(given, [0, 0, 0, 0], [-1, 1, -1, -1])'],
  ]),
];

export const sequenceAndPictureFaults: readonly Fault[] = [...sequences, ...pictures];
