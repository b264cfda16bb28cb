/** @file What an inspecting thread is asked, and what it says. Structured clones; means lie in shared memory, so that threads neither copy nor return them. */
import type { ErrorData } from '../../base/index.ts';
import type {
  ActivationProfile,
  Factor,
  KnownLevels,
  Labelled,
  Labels,
  MeansPart,
  NearestList,
  NeuronMatch,
  NeuronSums,
  TopLikeness,
} from '../../inspect/index.ts';

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

/** Rows of an index, by number. */
export type RowsOfIndex = { directory: string; rows: Int32Array };

/** Rows of one or two kinds of music, of which an activation profile is made. */
export type ProfileOrder = { dimensions: number; parts: RowsOfIndex[]; isStandard: boolean };

/** A profile, and how many segments it is made of; `null` where none has numbers that are finite. */
export type SeenProfile = { profile: ActivationProfile | null; taken: number };

/** Tracks of an index, and how many top segments of which neurons are wanted. */
export type TopsOrder = Pick<RowsOrder, 'directory' | 'dimensions' | 'features' | 'firstRows' | 'counts'> & { most: number };

/** Rows in which so many factors are looked for. */
export type FactorsOrder = { directory: string; dimensions: number; rows: Int32Array; count: number };

/** Factors, and how many rows they were found in. */
export type SeenFactors = { factors: Factor[]; alive: number; taken: number };

/** Means over rows of an index: as many rows of each as `counts` says, one behind the other. */
export type MeansOfRows = RowsOfIndex & { dimensions: number; counts: Int32Array };

/** Segments as means of rows, and whose each is. */
export type GroupedMeans = MeansOfRows & { groups: Int32Array };

/** Statistics of two sides' top segments, and of a sample of their music. */
export type LikenessOrder = { sides: { top: GroupedMeans; music: GroupedMeans }[]; dimensions: number };

/** A space as it heard what others have heard too. `isStandard`: its neurons are in units of their own. */
export type SpaceMeans = MeansOfRows & { isStandard: boolean };

/** Two spaces whose neurons are matched; parallel means. */
export type MatchOrder = { spaces: SpaceMeans[] };

/** What was found, and of how many segments. */
export type SeenMatch = NeuronMatch & { taken: number };

/** Spaces of which each of the first `rows` is held against each of the others. */
export type LayersOrder = { spaces: SpaceMeans[]; rows: number };

/** `[rows][columns]`, of how many segments. */
export type SeenLayers = { values: (number | null)[][]; taken: number };

/** Two spaces in which the nearest of some tracks (by place) are looked for. */
export type NearestOrder = { spaces: SpaceMeans[]; queries: Int32Array; k: number };

/** Of the queries that are left (by place) the nearest in both; fewer than were asked for among few. `among`: tracks. */
export type SeenNearest = { queries: Int32Array; lists: [NearestList, NearestList]; k: number; among: number };

/** What was found of two sides' top segments. */
export type SeenLikeness = TopLikeness;

/** What a thread is asked for a figure. */
export type FigureOrder =
  | ({ kind: 'profile' } & ProfileOrder)
  | ({ kind: 'tops' } & TopsOrder)
  | ({ kind: 'factors' } & FactorsOrder)
  | ({ kind: 'likeness' } & LikenessOrder)
  | ({ kind: 'match' } & MatchOrder)
  | ({ kind: 'layers' } & LayersOrder)
  | ({ kind: 'nearest' } & NearestOrder);

/** What a thread is asked. */
export type InspectOrder =
  ({ kind: 'rows' } & RowsOrder) | ({ kind: 'names' } & NamesOrder) | ({ kind: 'chance' } & ChanceOrder) | FigureOrder;

/** What a thread says: how far it is, then what it found. */
export type ThreadAnswer<Result> = { done: number } | { result: Result } | { error: ErrorData };
