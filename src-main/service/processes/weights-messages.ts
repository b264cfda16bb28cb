/** @file What the core and the weights process say to each other. */
import type { ErrorData } from '../../base/index.ts';
import type { LoadedWeights } from '../../compute/index.ts';

/** An encoder's weights as they were found in a file. The projector is left out where nobody wants it. */
export type ReadWeights = Omit<LoadedWeights, 'encoder'>;

/** `headPath`: a file whose head is read in the place of those beside the encoder. */
export type WeightsRequest = { path: string; wantsProjector: boolean; headPath?: string | undefined };
export type WeightsReply = { weights: ReadWeights } | { error: ErrorData };
