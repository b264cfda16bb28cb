/** @file What a probe is and how one is trained: settings alone. Pure. */
import type { OptimizerSettings } from '../optimizers/settings.ts';

/** What is asked: any number of labels, one of several classes, or numbers. */
export type ProbeKind = 'tags' | 'classes' | 'numbers';

/**
 * How the rate goes. `plateau`: multiplied by `factor` where more than `patience` evaluations in a row have not lowered the loss (PyTorch's
 * `ReduceLROnPlateau`); `cosine`: falls from epoch to epoch.
 */
export type ProbeSchedule = { kind: 'constant' } | { kind: 'plateau'; factor: number; patience: number } | { kind: 'cosine' };

/**
 * One probe. `hidden`: units of a hidden layer, null without one; `dropout`: share of them that is left out; `isStandardised`: rows are brought to mean 0 and
 * deviation 1 of what is learnt from. It is evaluated every `evaluatedEvery` steps, once an epoch where that is null, and ends after `patience` evaluations
 * without a better one, or after `mostEpochs`. `watched`: what a better one is.
 */
export type ProbeTrial = {
  hidden: number | null;
  dropout: number;
  isStandardised: boolean;
  optimizer: OptimizerSettings;
  learningRate: number;
  schedule: ProbeSchedule;
  batch: number;
  mostEpochs: number;
  evaluatedEvery: number | null;
  patience: number | null;
  watched: 'loss' | 'score';
};

/**
 * How segments of a clip are used. `taughtBy`: one of each clip drawn anew each epoch, all of them, or their mean as one row. `judgedBy`: a clip's answer is the
 * mean of its segments' logits, of their probabilities, or what the probe says of their mean. `isLastDropped`: the last segment of a clip that has several is
 * left out where it is judged.
 */
export type ProbeReading = { taughtBy: 'random' | 'all' | 'mean'; judgedBy: 'logits' | 'probabilities' | 'mean'; isLastDropped: boolean };
