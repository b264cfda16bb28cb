/** @file Faults in objectives, optimisers, layers and training. */
import { faultsOf } from './fault.ts';
import type { Fault } from './fault.ts';

const learn = 'src-main/learn';
const parity = (...names: string[]): string[] => ['test/parity/reference.test.ts', ...names.map((name) => `test/parity/${name}.test.ts`)];
const networks = [...parity('step-values', 'sample-cnn'), 'test/unit/learn/sample-cnn'];

const objectives: Fault[] = [
  ...faultsOf(`${learn}/objectives/vicreg.ts`, parity('objective-values'), [
    ['VICReg: hinge not halved', 'isCode ? 0.5 : 1', '1'],
    ['VICReg: hinge halved in the paper’s form too', 'isCode ? 0.5 : 1', '0.5'],
    ['VICReg: covariance over n', 'tf.div(tf.matMul(own, own, true), count - 1)', 'tf.div(tf.matMul(own, own, true), count)'],
    ['VICReg: variance over n', 'tf.square(centred(rows)), 0), count - 1)', 'tf.square(centred(rows)), 0), count)'],
    ['VICReg: covariance summed over rows', 'tf.sum(tf.square(off)), dimensions)', 'tf.sum(tf.square(off)), count)'],
    ['VICReg: diagonal counted', 'tf.mul(covariance, tf.sub(1, tf.eye(dimensions)))', 'covariance'],
    ['VICReg: covariance of rows that are not centred', 'const own = centred(rows);', 'const own = rows;'],
    ['VICReg: epsilon outside the root', 'tf.sqrt(tf.add(variance, epsilon))', 'tf.add(tf.sqrt(variance), epsilon)'],
    ['VICReg: γ always 1', 'tf.sub(gamma, ', 'tf.sub(1, '],
    ['VICReg: distance summed over dimensions', 'isCode ? tf.mean(distances)', 'isCode ? tf.mean(tf.sum(distances, 1))'],
    ['VICReg: covariance of the first view alone', 'tf.add(repetition(first), repetition(second))', 'tf.mul(repetition(first), 2)'],
    [
      'VICReg: weights of two parts changed over',
      'tf.mul<Scalar>(repeated, settings.covariance)',
      'tf.mul<Scalar>(repeated, settings.invariance)',
    ],
  ]),
  ...faultsOf(`${learn}/objectives/nt-xent.ts`, parity('objective-values'), [
    ['NT-Xent: no mask on a view itself', 'tf.sub(similarities, tf.mul(tf.eye(count), never))', 'similarities'],
    [
      'NT-Xent: no temperature on the positive',
      'tf.div(tf.sum(tf.mul(views, partners), 1), temperature)',
      'tf.sum(tf.mul(views, partners), 1)',
    ],
    [
      'NT-Xent: temperature multiplied',
      'tf.div(tf.matMul(views, views, false, true), temperature)',
      'tf.mul(tf.matMul(views, views, false, true), temperature)',
    ],
    ['NT-Xent: views of any length', 'unitRows(tf.concat([first, second], 0))', 'tf.concat<Tensor2D>([first, second], 0)'],
    ['NT-Xent: a view is its own partner', 'tf.concat([tf.slice(views, [batch, 0]), tf.slice(views, [0, 0], [batch, -1])], 0)', 'views'],
    ['NT-Xent: summed over views', 'tf.mean<Scalar>(', 'tf.sum<Scalar>('],
  ]),
];

const methods: Fault[] = faultsOf(`${learn}/methods/two-views.ts`, networks, [
  ['two views: the first one twice', 'defined(pieces.embedded[view], view)', "defined(pieces.embedded['first'], view)"],
  [
    'two views: statistics of the embeddings forgotten',
    '[...embedded.map(({ statistics }) => statistics), ...compared.statistics]',
    'compared.statistics',
  ],
]);

const optimizers: Fault[] = [
  ...faultsOf(`${learn}/optimizers/lars.ts`, parity('optimizer-values'), [
    ['LARS: trust ratio upside down', 'tf.div(tf.mul(weightNorm, trust), gradientNorm)', 'tf.div(tf.mul(gradientNorm, trust), weightNorm)'],
    ['LARS: no trust coefficient', 'tf.div(tf.mul(weightNorm, trust), gradientNorm)', 'tf.div(weightNorm, gradientNorm)'],
    ['LARS: ratio of the gradient before decay', 'trustRatio(weight, decayed, trust)', 'trustRatio(weight, gradient, trust)'],
    ['LARS: vectors always left out', 'excludeVectors && weight.rank <= 1', 'weight.rank <= 1'],
    ['LARS: vectors never left out', 'excludeVectors && weight.rank <= 1', 'excludeVectors && weight.rank < 1'],
    ['LARS: vectors left out still decay', 'isExcluded || weightDecay === 0', 'weightDecay === 0'],
    ['LARS: weights of zero stay', 'tf.onesLike(weightNorm)', 'tf.zerosLike(weightNorm)'],
    ['LARS: momentum damped', 'momentum), scaled)', 'momentum), tf.mul(scaled, 1 - momentum))'],
  ]),
  ...faultsOf(`${learn}/optimizers/adam.ts`, parity('optimizer-values'), [
    ['Adam: β₂ corrected by β₁', 'tf.pow(tf.scalar(beta2), step)', 'tf.pow(tf.scalar(beta1), step)'],
    ['Adam: no correction by β₁', 'tf.div(learningRate, tf.sub(1, tf.pow(tf.scalar(beta1), step)))', 'learningRate'],
    ['Adam: ε within the root', 'tf.add(tf.sqrt(square), biasedEpsilon)', 'tf.sqrt(tf.add(square, biasedEpsilon))'],
    ['Adam: ε without the square’s bias', 'tf.mul(bias, epsilon)', 'tf.scalar(epsilon)'],
    ['Adam: rate without the square’s bias', 'tf.mul(rate, bias)', 'rate'],
    ['Adam: no decay', 'weightDecay === 0 ? gradient : tf.add(gradient, tf.mul(weight, weightDecay))', 'gradient'],
    ['Adam: square by β₁', 'tf.square(decayed), 1 - beta2)', 'tf.square(decayed), 1 - beta1)'],
    ['Adam: steps counted from 0', 'tf.pow(tf.scalar(beta2), step)', 'tf.pow(tf.scalar(beta2), tf.add(step, 1))'],
  ]),
  ...faultsOf(`${learn}/optimizers/sgd.ts`, parity('optimizer-values'), [
    ['SGD: Nesterov dropped', 'nesterov ? tf.add(decayed, tf.mul(velocity, momentum)) : velocity', 'velocity'],
    ['SGD: Nesterov without momentum', 'tf.add(decayed, tf.mul(velocity, momentum)) :', 'tf.add(decayed, velocity) :'],
    ['SGD: decay the wrong way', 'tf.add(gradient, tf.mul(weight, weightDecay))', 'tf.sub(gradient, tf.mul(weight, weightDecay))'],
  ]),
  ...faultsOf(
    `${learn}/optimizers/lbfgs.ts`,
    ['test/unit/learn/lbfgs.test.ts'],
    [
      ['L-BFGS: shares added', "tf.sub(defined(shares[age], 'a share'), share)", "tf.add(defined(shares[age], 'a share'), share)"],
      ['L-BFGS: up the slope', 'return tf.neg(rest);', 'return rest;'],
    ],
  ),
];

const layers: Fault[] = [
  ...faultsOf(`${learn}/layers/batch-norm.ts`, networks, [
    ['batch norm: momentum of 0.01', 'batchNormMomentum = 0.1', 'batchNormMomentum = 0.01'],
    [
      'batch norm: momentum on the batch',
      'tf.mul(running, 1 - batchNormMomentum), tf.mul(batch, batchNormMomentum)',
      'tf.mul(running, batchNormMomentum), tf.mul(batch, 1 - batchNormMomentum)',
    ],
    ['batch norm: ε of 1e-3', 'batchNormEpsilon = 1e-5', 'batchNormEpsilon = 1e-3'],
  ]),
  ...faultsOf(`${learn}/encoders/sample-cnn-training.ts`, networks, [
    ['SampleCNN: biased running variance', 'tf.mul(variance, count / Math.max(1, count - 1))', 'variance'],
    ['SampleCNN: running mean without the bias', 'tf.add(mean, bias)', 'mean'],
  ]),
  ...faultsOf(`${learn}/encoders/fold-batch-norm.ts`, networks, [
    [
      'folded norm: deviation for variance',
      'value / Math.sqrt((variance[channel] ?? 0) + batchNormEpsilon)',
      'value / ((variance[channel] ?? 0) + batchNormEpsilon)',
    ],
    ['folded norm: mean kept', '(value - (mean[channel] ?? 0)) * (scale[channel] ?? 0)', 'value * (scale[channel] ?? 0)'],
  ]),
  ...faultsOf(`${learn}/layers/first-convolution.ts`, networks, [
    ['first layer: unbiased variance', 'tf.matMul(centred, centred, true), count)', 'tf.matMul(centred, centred, true), count - 1)'],
    ['first layer: gradient through the variance left out', 'tf.sub(products, correction)', 'products'],
  ]),
  ...faultsOf(`${learn}/layers/convolution-block.ts`, networks, [
    ['block: variance about zero', 'tf.sub(squares, tf.square(mean))', 'squares'],
    ['block: signs of gains forgotten', 'tf.sub<Tensor1D>(1, tf.mul(2, ', 'tf.sub<Tensor1D>(1, tf.mul(0, '],
    ['block: the mean’s share over n − 1', 'tf.div(slope, -count)', 'tf.div(slope, 1 - count)'],
    ['block: gradient of a gain without its sign', 'gain: tf.mul(sign, along)', 'gain: along'],
  ]),
  ...faultsOf(`${learn}/layers/short-convolution.ts`, networks, [
    ['short convolution: a wrong factor of the third output', 'tf.mul(m3, 4))]', 'tf.mul(m3, 3))]'],
  ]),
  ...faultsOf(`${learn}/projectors/projector.ts`, networks, [['projector: no ReLU', 'return tf.relu(hidden);', 'return hidden;']]),
  ...faultsOf(`${learn}/layers/batch-norm.ts`, networks, [
    ['projector: biased running variance', 'tf.mul(variance, count / Math.max(1, count - 1))', 'variance'],
    ['projector: ε forgotten', 'tf.rsqrt(tf.add(variance, batchNormEpsilon))', 'tf.rsqrt(tf.add(variance, 0))'],
  ]),
  ...faultsOf(`${learn}/parameters.ts`, parity('first-weights'), [
    ['first weights: Kaiming without its gain', 'Math.sqrt(6 / fanInOf(shape))', 'Math.sqrt(3 / fanInOf(shape))'],
    ['first weights: fan-out for fan-in', 'sizeOf(shape.slice(1))', 'shape[0] ?? 1'],
    ['first weights: positive alone', '(2 * random.uniform() - 1) * initial.bound', 'random.uniform() * initial.bound'],
  ]),
  ...faultsOf(
    `${learn}/gradients/elementwise.ts`,
    [...parity('objective-values'), 'test/unit/learn/gradients.test.ts'],
    [
      ['gradients: root without its half', 'tf.div(tf.mul(gradient, 0.5), output)', 'tf.div(gradient, output)'],
      ['gradients: mean as a sum', 'tf.div(kept(call, call.gradient), reducedCount(call))', 'kept(call, call.gradient)'],
      ['gradients: quotient without its sign', 'tf.neg(tf.mul(share, ', 'tf.abs(tf.mul(share, '],
    ],
  ),
];

const training: Fault[] = [
  ...faultsOf(`${learn}/training/learning-rate.ts`, parity('rate-values'), [
    ['rate: √batch as batch', 'learningRate * Math.sqrt(batch)', 'learningRate * batch'],
    ['rate: batch over 128', '(learningRate * batch) / 256', '(learningRate * batch) / 128'],
    ['rate: no warm-up', '(peak * epoch) / settings.warmupEpochs', 'peak'],
    [
      'rate: a quarter of a cosine',
      '(1 + Math.cos(Math.PI * Math.min(1, Math.max(0, progress)))) / 2',
      'Math.cos((Math.PI * progress) / 2)',
    ],
    ['rate: falls to nothing', 'finalShare + (1 - finalShare) * falling', 'falling'],
    ['rate: the cosine begins with the warm-up', '(share - warmupShare) / Math.max(1e-9, 1 - warmupShare)', 'share'],
  ]),
  ...faultsOf(`${learn}/training/step.ts`, networks, [
    ['step: running statistics follow one view', 'after[name] ?? defined(weights[name], name)', 'defined(weights[name], name)'],
  ]),
];

export const learningFaults: readonly Fault[] = [...methods, ...objectives, ...optimizers, ...layers, ...training];
