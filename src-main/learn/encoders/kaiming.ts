/** @file First weights: Kaiming's uniform for convolutions (He et al. 2015, as CLMR's released code calls it), identity for batch norms. */
import { seededRandom } from '../../base/index.ts';
import type { Parameter, WeightArray } from './encoder.ts';

/**
 * Draws weights by the parameters' names and shapes: kernels uniform within ±√(6 / fan-in), which keeps the variance through a ReLU; biases of
 * kernels uniform within ±1 / √fan-in, PyTorch's default; batch norms start as the identity.
 * @param parameters in the layers' order, each kernel before its bias
 * @param seed unsigned 32-bit integer
 */
export function kaimingUniform(parameters: readonly Parameter[], seed: number): Map<string, WeightArray> {
  const random = seededRandom(seed);
  const weights = new Map<string, WeightArray>();
  let fanIn = 1;
  for (const { name, shape } of parameters) {
    const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
    if (shape.length > 1) {
      fanIn = data.length / (shape[0] ?? 1);
      fillUniform(data, Math.sqrt(6 / fanIn), random.uniform);
    } else if (name.endsWith('.0.bias')) fillUniform(data, 1 / Math.sqrt(fanIn), random.uniform);
    else if (name.endsWith('.weight') || name.endsWith('.running_var')) data.fill(1);
    weights.set(name, { shape, data });
  }
  return weights;
}

function fillUniform(data: Float32Array, bound: number, uniform: () => number): void {
  for (let i = 0; i < data.length; i++) data[i] = (2 * uniform() - 1) * bound;
}
