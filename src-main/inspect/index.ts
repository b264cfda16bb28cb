/** @file What can be told of an encoder from what its neurons gave: statistics, names, with intervals. Pure: plain numbers in and out. */
export { activationProfile, quantile, standardiseTogether } from './activation-profile.ts';
export type { ActivationProfile, Spread } from './activation-profile.ts';
export { aurocOf, columnRanks, placements } from './auroc.ts';
export type { Labelled } from './auroc.ts';
export { clusteredInterval, normalQuantile } from './clustered-interval.ts';
export type { AurocInterval } from './clustered-interval.ts';
export { relatedNeurons } from './related-neurons.ts';
export type { Related } from './related-neurons.ts';
export { leastExamples, nameNeuron } from './neuron-names.ts';
export type { FoundName, Labels } from './neuron-names.ts';
export { histogramBins, neuronStatistics } from './neuron-statistics.ts';
export type { KnownLevels, NeuronStatistics } from './neuron-statistics.ts';
export { mostExact, nearestGraph, neighboursKept } from './nearest-graph.ts';
export type { NearestGraph } from './nearest-graph.ts';
export { musicMap } from './music-map.ts';
export type { MapMethod, MapOptions } from './music-map.ts';
export type { Rows } from './principal.ts';
