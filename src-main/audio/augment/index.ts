/** @file Augmentations: views of a crop that an encoder shall hear as the same music. */
export { Augmenter } from './augmenter.ts';
export type { DrawnTransforms } from './draw.ts';
export type { AugmentationSettings, Range } from './settings.ts';
