/** @file What an inspecting thread is asked, and what it says. Structured clones; means lie in shared memory, so that threads neither copy nor return them. */
import type { ErrorData } from '../../base/index.ts';
import type { ActivationProfile, Factor, KnownLevels, Labelled, Labels, MeansPart, NeuronSums } from '../../inspect/index.ts';

/** Reads columns of an index, and adds what came to what was kept. */
export type RowsOrder = {
  directory: string;
  dimensions: number;
  /** Numbers of the neurons that this thread looks at. */
  features: Int32Array;
  /** Where each track's segments lie: first row, and how many; parallel. */
  firstRows: Int32Array;
  counts: Int32Array;
  /** Tracks before this place were added before; and what is kept of each neuron, parallel to `features`, null where nothing is. */
  from: number;
  before: readonly NeuronSums[] | null;
  /** How loud some segments are, by their places among those that came. */
  known: KnownLevels;
  /** Takes the means of the tracks that came. */
  means: MeansPart;
};

/** Compares neurons with labels. */
export type NamesOrder = { features: Int32Array; parts: readonly MeansPart[]; labels: Labels };

/** Tells what labels give by chance. */
export type ChanceOrder = { members: readonly Labelled[]; tracks: number };

/** Rows of an index, by number, of one or two kinds of music, of which an activation profile is made. */
export type ProfileOrder = { directory: string; dimensions: number; parts: Int32Array[]; isStandard: boolean };

/** A profile, and how many segments it is made of; `null` where none has numbers that are finite. */
export type SeenProfile = { profile: ActivationProfile | null; taken: number };

/** Tracks of an index, and how many top segments of each neuron are wanted. */
export type TopsOrder = Pick<RowsOrder, 'directory' | 'dimensions' | 'firstRows' | 'counts'> & { most: number };

/** Rows in which so many factors are looked for. */
export type FactorsOrder = { directory: string; dimensions: number; rows: Int32Array; count: number };

/** Factors, and how many rows they were found in. */
export type SeenFactors = { factors: Factor[]; alive: number; taken: number };

/** What a thread is asked for a figure. */
export type FigureOrder = ({ kind: 'profile' } & ProfileOrder) | ({ kind: 'tops' } & TopsOrder) | ({ kind: 'factors' } & FactorsOrder);

/** What a thread is asked. */
export type InspectOrder =
  ({ kind: 'rows' } & RowsOrder) | ({ kind: 'names' } & NamesOrder) | ({ kind: 'chance' } & ChanceOrder) | FigureOrder;

/** What a thread says: how far it is, then what it found. */
export type ThreadAnswer<Result> = { done: number } | { result: Result } | { error: ErrorData };
