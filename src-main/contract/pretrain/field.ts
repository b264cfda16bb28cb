/** @file What a person reads about one setting of a run. */

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
