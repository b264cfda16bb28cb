/** @file Every kernel that can be recorded, by its tfjs name. */
import { convolutionKernels } from './convolution.ts';
import { elementwiseKernels } from './elementwise.ts';
import type { KernelGroup } from './kernel.ts';
import { productKernels } from './product.ts';
import { recurrentKernels } from './recurrent.ts';
import { reduceKernels } from './reduce.ts';
import { shapeKernels } from './shape.ts';
import { transformerKernels } from './transformer.ts';

/** Every kernel that can be recorded. */
export const recordedKernels: KernelGroup = {
  ...convolutionKernels,
  ...elementwiseKernels,
  ...productKernels,
  ...recurrentKernels,
  ...reduceKernels,
  ...shapeKernels,
  ...transformerKernels,
};
