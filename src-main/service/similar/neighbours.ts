/** @file What the search for similar music needs of the neighbour engine. */
import type { NeighbourEngine } from './engine.ts';

export type { SegmentHits, SegmentSearch, TrackSpace } from './engine.ts';

/** The engine as the search sees it. */
export type Neighbours = Pick<NeighbourEngine, 'trackSpace' | 'trackScores' | 'segmentTop' | 'segmentVectors' | 'rowVectors' | 'centre'>;
