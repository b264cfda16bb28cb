/** @file Pictures of sound and the networks that look at them, for those who draw them or compare them with other programs. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor3D } from '@tensorflow/tfjs-core';
export { resnetForward } from './encoders/resnet/resnet.ts';
export { resnetBlocks } from './encoders/resnet/resnet-layers.ts';
export { logMel } from './inputs/log-mel.ts';
export { mynaMel, vicmusMel } from './inputs/settings.ts';
export type { MelSettings } from './inputs/settings.ts';

/** `[batch, frames, bands]` to `[batch, bands, frames]`. */
export function transposed(picture: Tensor3D): Tensor3D {
  return tf.transpose(picture, [0, 2, 1]);
}
