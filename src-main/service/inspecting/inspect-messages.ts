/** @file What an inspecting thread is asked, and what it says. */
import type { ErrorData } from '../../base/index.ts';
import type { ActivationProfile, FoundName, KnownLevels, Labels, NeuronStatistics } from '../../inspect/index.ts';

/** Some of an index's neurons, and what is known of its tracks. */
export type NeuronOrder = {
  directory: string;
  dimensions: number;
  /** Numbers of the neurons that this thread looks at. */
  features: Int32Array;
  /** Where each track's segments lie: first row, and how many; parallel. */
  firstRows: Int32Array;
  counts: Int32Array;
  /** How loud some segments are, by their places when all tracks' follow each other. */
  known: KnownLevels;
  labels: Labels;
  /** Tracks, by place, of which each neuron's means are kept. */
  sample: Int32Array;
  /** Normal deviations that an interval of a name reaches. */
  z: number;
};

/** A neuron as a thread saw it; `names`: the best first; `means`: over the segments of each track of the sample. */
export type SeenNeuron = NeuronStatistics & { feature: number; names: FoundName[]; means: Float32Array };

/** Rows of an index, by number, of one or two kinds of music, of which an activation profile is made. */
export type ProfileOrder = { directory: string; dimensions: number; parts: Int32Array[]; isStandard: boolean };

/** A profile, and how many segments it is made of; `null` where none has numbers that are finite. */
export type SeenProfile = { profile: ActivationProfile | null; taken: number };

/** What a thread is asked. */
export type InspectOrder = ({ kind: 'neurons' } & NeuronOrder) | ({ kind: 'profile' } & ProfileOrder);

/** What a thread says: how far it is, then what it found. */
export type ThreadAnswer<Result> = { done: number } | { result: Result } | { error: ErrorData };
