/**
 * @file What a person reads about every setting of a run: title, unit, explanation, source. One row a field; a test holds them against the schema, so
 * that no field is without a row and no row without a field. Ranges are the schema's own.
 */
import { augmentationFields } from './augmentation-fields.ts';

/** A field by its place in the settings, for example `optimizer.learningRate`. */
export type Field = {
  path: string;
  group: 'Encoder' | 'Projector' | 'Objective' | 'Optimiser' | 'Schedule' | 'Augmentation' | 'Run';
  title: string;
  /** Empty for numbers without one. */
  unit: string;
  about: string;
  /** Paper and section, or where else the default comes from. */
  source: string;
};

const clmr = 'Spijkervet 2021';
const released = 'CLMR, released code';
const vicreg = 'Bardes et al. 2022';
const own = 'Earmark';

/** In the order in which they are shown. */
export const fields: readonly Field[] = [
  {
    path: 'encoder.sampleRate',
    group: 'Encoder',
    title: 'Sample rate',
    unit: 'Hz',
    about: 'Rate at which tracks are heard. A lower rate trains faster and hears less treble.',
    source: clmr,
  },
  {
    path: 'projector.kind',
    group: 'Projector',
    title: 'Projector',
    unit: '',
    about: 'What stands between the embedding and the objective; it is dropped after training.',
    source: clmr,
  },
  {
    path: 'projector.hidden',
    group: 'Projector',
    title: 'Hidden layers',
    unit: 'units',
    about: 'Widths of the layers before the last.',
    source: `512 in ${clmr}; VICReg’s are wider, 1 024 here for the sake of a desktop`,
  },
  {
    path: 'projector.dimensions',
    group: 'Projector',
    title: 'Output',
    unit: 'dimensions',
    about: 'Length of the vectors that are compared.',
    source: `128 in ${clmr}, 64 in its released code`,
  },
  {
    path: 'projector.batchNorm',
    group: 'Projector',
    title: 'Batch norm',
    unit: '',
    about: 'Normalises each hidden layer over the batch.',
    source: vicreg,
  },
  {
    path: 'objective.temperature',
    group: 'Objective',
    title: 'Temperature',
    unit: '',
    about: 'Lower values push the most similar negatives away harder.',
    source: clmr,
  },
  {
    path: 'objective.invariance',
    group: 'Objective',
    title: 'Invariance weight',
    unit: '',
    about: 'How much the two views of a clip are drawn together (λ).',
    source: vicreg,
  },
  {
    path: 'objective.variance',
    group: 'Objective',
    title: 'Variance weight',
    unit: '',
    about: 'How much each dimension is kept from going flat (μ).',
    source: vicreg,
  },
  {
    path: 'objective.covariance',
    group: 'Objective',
    title: 'Covariance weight',
    unit: '',
    about: 'How much dimensions are kept from repeating each other (ν).',
    source: vicreg,
  },
  {
    path: 'objective.gamma',
    group: 'Objective',
    title: 'Target deviation',
    unit: '',
    about: 'The standard deviation that each dimension is held above (γ).',
    source: vicreg,
  },
  {
    path: 'objective.normalisation',
    group: 'Objective',
    title: 'Normalisation',
    unit: '',
    about:
      'Code: mean squared error over all entries, half the hinge per branch. Paper: squared distance summed over dimensions, the whole hinge. They differ by constant factors between the parts.',
    source: 'VICReg and VICMus, released code',
  },
  {
    path: 'optimizer.kind',
    group: 'Optimiser',
    title: 'Optimiser',
    unit: '',
    about: 'Adam for batches below 96, LARS from there on.',
    source: clmr,
  },
  {
    path: 'optimizer.learningRate',
    group: 'Optimiser',
    title: 'Learning rate',
    unit: '',
    about: 'The peak rate, before the rule below is applied.',
    source: `${clmr}: 0.0003 with Adam, 0.075 with LARS`,
  },
  {
    path: 'optimizer.rateRule',
    group: 'Optimiser',
    title: 'Rate by batch',
    unit: '',
    about: 'Fixed: as it is. Linear: times batch / 256. Square root: times √batch.',
    source: `${clmr} (square root); ${released} (linear)`,
  },
  {
    path: 'optimizer.weightDecay',
    group: 'Optimiser',
    title: 'Weight decay',
    unit: '',
    about: 'Pulls weights towards zero at every step.',
    source: clmr,
  },
  {
    path: 'optimizer.beta1',
    group: 'Optimiser',
    title: 'β₁',
    unit: '',
    about: 'How slowly the mean of the gradients changes.',
    source: 'Kingma and Ba 2015, algorithm 1',
  },
  {
    path: 'optimizer.beta2',
    group: 'Optimiser',
    title: 'β₂',
    unit: '',
    about: 'How slowly the mean of their squares changes.',
    source: 'Kingma and Ba 2015, algorithm 1',
  },
  {
    path: 'optimizer.epsilon',
    group: 'Optimiser',
    title: 'ε',
    unit: '',
    about: 'Keeps the division from zero.',
    source: 'Kingma and Ba 2015, algorithm 1',
  },
  {
    path: 'optimizer.momentum',
    group: 'Optimiser',
    title: 'Momentum',
    unit: '',
    about: 'How much of the last step goes into the next.',
    source: 'You et al. 2017',
  },
  {
    path: 'optimizer.nesterov',
    group: 'Optimiser',
    title: 'Nesterov',
    unit: '',
    about: 'Looks one step of momentum ahead.',
    source: 'Sutskever et al. 2013',
  },
  {
    path: 'optimizer.trust',
    group: 'Optimiser',
    title: 'Trust coefficient',
    unit: '',
    about: 'Size of a layer’s step as a share of its weights (η).',
    source: 'You et al. 2017; 0.001 in the released code',
  },
  {
    path: 'optimizer.excludeVectors',
    group: 'Optimiser',
    title: 'Leave out biases and norms',
    unit: '',
    about: 'Biases and batch norms get no weight decay and no layer-wise rate.',
    source: 'VICReg, released code',
  },
  {
    path: 'schedule.kind',
    group: 'Schedule',
    title: 'After the warm-up',
    unit: '',
    about: 'Constant, or falling along half a cosine.',
    source: clmr,
  },
  {
    path: 'schedule.warmupEpochs',
    group: 'Schedule',
    title: 'Warm-up',
    unit: 'epochs',
    about: 'The rate rises in a straight line over these.',
    source: `${clmr}: 10 with LARS`,
  },
  {
    path: 'schedule.finalShare',
    group: 'Schedule',
    title: 'Final rate',
    unit: 'of the peak',
    about: 'Where the cosine ends.',
    source: 'VICMus, released code: 0.001',
  },
  ...augmentationFields,
  {
    path: 'batch',
    group: 'Run',
    title: 'Batch',
    unit: 'pairs',
    about: 'Tracks that are compared at each step; more negatives, more memory.',
    source: `${clmr}: 48, 96, 456`,
  },
  {
    path: 'chunk',
    group: 'Run',
    title: 'Chunk',
    unit: 'pairs',
    about: 'Computes a large batch in pieces, with the same gradients. With batch norm, statistics are taken over a piece.',
    source: own,
  },
  {
    path: 'memoryMegabytes',
    group: 'Run',
    title: 'Memory limit',
    unit: 'MB',
    about: 'A batch that needs more is computed in the largest chunks that fit. Counts unless a chunk is given.',
    source: own,
  },
  {
    path: 'length',
    group: 'Run',
    title: 'Length',
    unit: '',
    about: 'In steps, epochs (one pair from every track) or minutes of training.',
    source: `${clmr}: 1 000, 3 000, 10 000 epochs`,
  },
  {
    path: 'seed',
    group: 'Run',
    title: 'Seed',
    unit: '',
    about: 'The same seed draws the same weights, crops and transforms.',
    source: own,
  },
  {
    path: 'checkpoints.everyMinutes',
    group: 'Run',
    title: 'Checkpoint every',
    unit: 'minutes',
    about: 'So much work is lost at most when the power fails.',
    source: own,
  },
  {
    path: 'checkpoints.keep',
    group: 'Run',
    title: 'Checkpoints kept',
    unit: '',
    about: 'The last so many, and the best.',
    source: own,
  },
  {
    path: 'checkpoints.best',
    group: 'Run',
    title: 'Best by',
    unit: '',
    about: 'Lowest loss (mean since the last checkpoint), or highest rank of the embeddings.',
    source: own,
  },
  {
    path: 'cacheMegabytes',
    group: 'Run',
    title: 'Decoded audio kept',
    unit: 'MB',
    about: 'Tracks are decoded once and kept on the disk up to this; the rest is decoded where a crop is taken.',
    source: own,
  },
];
