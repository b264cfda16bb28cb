/** @file Recurrent units as whole operators. */
import { gruKernel } from '../../../learn/index.ts';
import { dimension } from '../operand.ts';
import type { Operand } from '../operand.ts';
import { input, reshaped } from './kernel.ts';
import type { KernelCall, KernelGroup } from './kernel.ts';

/** ONNX gives `[time, directions, batch, units]`; the one direction is taken out. */
function gru(call: KernelCall): Operand {
  const [x, fromInput, fromState, bias] = [input(call, 'x'), input(call, 'fromInput'), input(call, 'fromState'), input(call, 'bias')];
  const [time, batch, units] = [dimension(x, 0), dimension(x, 1), dimension(fromState, 2)];
  const shape = [time, 1, batch, units];
  const states = call.graph.node('GRU', [x, fromInput, fromState, bias], { shape }, { hidden_size: units, linear_before_reset: 1 });
  return reshaped(call.graph, states, [time, batch, units]);
}

/** Units by the names of their kernels. */
export const recurrentKernels: KernelGroup = { [gruKernel]: gru };
