/** @file Parts of networks and losses over sequences, for those who compare them with other programs. */
export { gru } from './layers/gru.ts';
export { infoNce } from './objectives/info-nce.ts';
