/** @file Finds the first thing that is no number any more, in the order in which a step computes. */
import type { StepResult } from '../../compute/index.ts';

const isBroken = (values: ArrayLike<number>): boolean => Array.prototype.some.call(values, (value: number) => !Number.isFinite(value));

/**
 * What was not finite first, as the middle of a sentence; undefined when all is well.
 * @param trainable names of the weights that the norms belong to, in the order of the layers
 */
export function firstNotFinite(
  batch: Readonly<Record<string, Float32Array>>,
  result: StepResult,
  trainable: readonly string[],
): string | undefined {
  if (Number.isFinite(result.loss) && !isBroken(result.gradientNorms)) return undefined;
  if (Object.values(batch).some(isBroken)) return 'the audio itself';
  for (const [name, values] of Object.entries(result.watched)) if (isBroken(values)) return `the ${name}`;
  if (!Number.isFinite(result.loss)) return 'the loss';
  // Gradients are computed from the last layer to the first, the projector's before the encoder's.
  const inOrder = [...trainable.entries()]
    .toReversed()
    .toSorted(([, a], [, b]) => Number(b.startsWith('projector.')) - Number(a.startsWith('projector.')));
  const first = inOrder.find(([index]) => !Number.isFinite(result.gradientNorms[index]));
  return first === undefined ? 'the loss' : `the gradient of ${first[1]}`;
}
