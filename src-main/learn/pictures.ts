/** @file Pictures of sound and the networks that look at them, for those who draw them or compare them with other programs. */
export { resnetForward } from './encoders/resnet/resnet.ts';
export { resnetBlocks } from './encoders/resnet/resnet-layers.ts';
export { logMel } from './inputs/log-mel.ts';
export { vicmusMel } from './inputs/settings.ts';
export type { MelSettings } from './inputs/settings.ts';
