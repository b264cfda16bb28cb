/** @file What the core and the weights process say to each other. */
import type { ErrorData } from '../../base/index.ts';
import type { ForeignSummary, LoadedWeights, OnnxWish, PatchWish } from '../../compute/index.ts';

/** An encoder's weights as they were found in a file. The projector is left out where nobody wants it. */
export type ReadWeights = Omit<LoadedWeights, 'encoder'>;

/**
 * `headPath`: a file whose head is read in the place of those beside the encoder; `onnx`: what an ONNX file does not say of itself; `patches`: the kind
 * of patches, where a file leaves it open; `isInspected`: an ONNX file is only to be looked at.
 */
export type WeightsRequest = {
  path: string;
  wantsProjector: boolean;
  headPath?: string | undefined;
  onnx?: OnnxWish | undefined;
  patches?: PatchWish | undefined;
  isInspected?: boolean;
};
export type WeightsReply = { weights: ReadWeights } | { summary: ForeignSummary } | { error: ErrorData };
