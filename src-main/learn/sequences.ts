/** @file Parts of networks and losses over sequences, for those who compare them with other programs. */
export { data2vecFeatures, hiddenStates } from './encoders/data2vec/data2vec-pass.ts';
export type { Data2vecSettings } from './encoders/data2vec/data2vec-layers.ts';
export { gru } from './layers/gru.ts';
export { comparedOf } from './methods/masked.ts';
export { deviationOf } from './objectives/data2vec.ts';
export { infoNce } from './objectives/info-nce.ts';
