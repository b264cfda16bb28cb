/** @file What a thread that draws a map is asked, and what it says. */
import type { ErrorData } from '../../base/index.ts';
import type { MapMethod } from '../../inspect/index.ts';
import type { MapPoints } from './map-points.ts';

/** Points of an index. */
export type MapOrder = Pick<MapPoints, 'firstRows' | 'counts' | 'owners' | 'segments'> & {
  directory: string;
  dimensions: number;
  method: MapMethod;
  seed: number;
  /** Whether each feature is brought to the deviation 1 before. */
  isStandardised: boolean;
  /** One int32: 1 while the work has to wait. */
  pause: SharedArrayBuffer;
};

/** What it says: how much is done, 0 to 1; then the places `[kept, 2]` of the points that were kept: those whose numbers are finite. */
export type MapAnswer = { share: number } | { places: Float32Array; kept: Int32Array } | { error: ErrorData };
