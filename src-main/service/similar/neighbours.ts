/** @file What the search for similar music needs of the neighbour engine. */
import type { NeighbourEngine } from './engine.ts';

export type { SegmentHits, SegmentSearch, TrackHits, TrackSearch, TrackSpace } from './engine.ts';

/** The engine as the search sees it. */
export type Neighbours = Pick<
  NeighbourEngine,
  'trackSpace' | 'trackScores' | 'nearestTracks' | 'segmentTop' | 'segmentVectors' | 'rowVectors' | 'centre' | 'direction'
>;
