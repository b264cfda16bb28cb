/** @file What the core and the weights process say to each other. */
import type { ErrorData } from '../../base/index.ts';
import type { LoadedWeights } from '../../compute/index.ts';

/** An encoder's weights as they were found in a file. The projector is left out where nobody wants it. */
export type ReadWeights = Omit<LoadedWeights, 'encoder'>;

export type WeightsRequest = { path: string; wantsProjector: boolean };
export type WeightsReply = { weights: ReadWeights } | { error: ErrorData };
