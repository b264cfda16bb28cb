/** @file What Transformers have between their products, as whole operators. */
import { geluKernel, layerNormKernel } from '../../../learn/index.ts';
import type { Operand } from '../operand.ts';
import { input } from './kernel.ts';
import type { KernelCall, KernelGroup } from './kernel.ts';

/** Gives the mean and the inverse deviation of each row, too; a runtime computes what no node reads on its way. */
function layerNorm(call: KernelCall): Operand[] {
  const [x, gain] = [input(call, 'x'), input(call, 'gain')];
  const { shift } = call.inputs;
  const { epsilon } = call.attributes as { epsilon: number };
  const rows = [...x.shape.slice(0, -1), 1];
  const inputs = shift === undefined ? [x, gain] : [x, gain, shift];
  const attributes = { axis: x.shape.length - 1, epsilon: { float: epsilon } };
  return call.graph.nodeWithOutputs('LayerNormalization', inputs, [{ shape: x.shape }, { shape: rows }, { shape: rows }], attributes);
}

/** Operators by the names of their kernels. */
export const transformerKernels: KernelGroup = {
  [layerNormKernel]: layerNorm,
  [geluKernel]: (call) => call.graph.node('Gelu', [input(call, 'x')], { shape: input(call, 'x').shape }),
};
