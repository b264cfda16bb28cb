/** @file Kernels that work on each element by itself. */
import type { CastAttrs, ClipByValueAttrs, LeakyReluAttrs, StepAttrs } from '@tensorflow/tfjs-core';
import type { OnnxType } from '../../onnx/graph.ts';
import { broadcastShape, onnxType } from '../operand.ts';
import type { Operand } from '../operand.ts';
import { input, inputList } from './kernel.ts';
import type { KernelCall, KernelGroup, RecordedKernel } from './kernel.ts';

const unary =
  (op: string, type?: OnnxType): RecordedKernel =>
  (call) => {
    const x = input(call, 'x');
    return call.graph.node(op, [x], { shape: x.shape, type: type ?? x.type });
  };

function combine(call: KernelCall, op: string, a: Operand, b: Operand, type: OnnxType = a.type): Operand {
  return call.graph.node(op, [a, b], { shape: broadcastShape(a.shape, b.shape), type });
}

const binary =
  (op: string, type?: OnnxType): RecordedKernel =>
  (call) => {
    const [a, b] = [input(call, 'a'), input(call, 'b')];
    return combine(call, op, a, b, type ?? a.type);
  };

const negated =
  (kernel: RecordedKernel): RecordedKernel =>
  (call) => {
    const result = kernel(call) as Operand;
    return call.graph.node('Not', [result], { shape: result.shape, type: 'bool' });
  };

const withConstant =
  (op: string, value: number, after?: string): RecordedKernel =>
  (call) => {
    const x = input(call, 'x');
    const result = combine(call, op, x, call.graph.scalar(value, x.type));
    return after === undefined ? result : call.graph.node(after, [result], { shape: x.shape });
  };

function cast(call: KernelCall, x: Operand, type: OnnxType): Operand {
  if (x.type === type) return x;
  return call.graph.node('Cast', [x], { shape: x.shape, type }, { to: { float32: 1, int32: 6, int64: 7, bool: 9 }[type] });
}

function clip(call: KernelCall, low: number, high: number): Operand {
  const x = input(call, 'x');
  return call.graph.node('Clip', [x, call.graph.scalar(low, x.type), call.graph.scalar(high, x.type)], { shape: x.shape });
}

/** `Step`: 1 for positive numbers, `alpha` for the others, NaN stays. */
function step(call: KernelCall): Operand {
  const x = input(call, 'x');
  const { alpha } = call.attributes as StepAttrs;
  const { graph } = call;
  const positive = combine(call, 'Greater', x, graph.scalar(0, x.type), 'bool');
  const chosen = graph.node('Where', [positive, graph.scalar(1), graph.scalar(alpha)], { shape: x.shape, type: 'float32' });
  const isNaN = graph.node('IsNaN', [x], { shape: x.shape, type: 'bool' });
  return graph.node('Where', [isNaN, x, chosen], { shape: x.shape, type: 'float32' });
}

function select(call: KernelCall): Operand {
  const [yes, no] = [input(call, 't'), input(call, 'e')];
  let condition = input(call, 'condition');
  if (condition.shape.length === 1 && yes.shape.length > 1) {
    const shape = [...condition.shape, ...yes.shape.slice(1).map(() => 1)];
    condition = call.graph.node('Reshape', [condition, call.graph.integers(shape)], { shape });
  }
  return call.graph.node('Where', [condition, yes, no], { shape: yes.shape, type: yes.type });
}

/** Elementwise kernels by their tfjs names. */
export const elementwiseKernels: KernelGroup = {
  Abs: unary('Abs'),
  Ceil: unary('Ceil'),
  Cos: unary('Cos'),
  Elu: unary('Elu'),
  Erf: unary('Erf'),
  Exp: unary('Exp'),
  Floor: unary('Floor'),
  Identity: (call) => input(call, 'x'),
  IsNan: unary('IsNaN', 'bool'),
  Log: unary('Log'),
  LogicalNot: unary('Not'),
  Neg: unary('Neg'),
  Reciprocal: unary('Reciprocal'),
  Relu: unary('Relu'),
  Sigmoid: unary('Sigmoid'),
  Sign: unary('Sign'),
  Sin: unary('Sin'),
  Softplus: unary('Softplus'),
  Sqrt: unary('Sqrt'),
  Tanh: unary('Tanh'),
  Expm1: (call) => combine(call, 'Sub', unary('Exp')(call) as Operand, call.graph.scalar(1)),
  Log1p: withConstant('Add', 1, 'Log'),
  Relu6: (call) => clip(call, 0, 6),
  Rsqrt: (call) => call.graph.node('Reciprocal', [unary('Sqrt')(call) as Operand], { shape: input(call, 'x').shape }),
  Square: (call) => combine(call, 'Mul', input(call, 'x'), input(call, 'x')),
  Step: step,
  Cast: (call) => cast(call, input(call, 'x'), onnxType((call.attributes as CastAttrs).dtype)),
  ClipByValue: (call) => clip(call, (call.attributes as ClipByValueAttrs).clipValueMin, (call.attributes as ClipByValueAttrs).clipValueMax),
  LeakyRelu: (call) => {
    const x = input(call, 'x');
    return call.graph.node('LeakyRelu', [x], { shape: x.shape }, { alpha: { float: (call.attributes as LeakyReluAttrs).alpha } });
  },
  Add: binary('Add'),
  Sub: binary('Sub'),
  Multiply: binary('Mul'),
  RealDiv: binary('Div'),
  Maximum: binary('Max'),
  Minimum: binary('Min'),
  Pow: binary('Pow'),
  Equal: binary('Equal', 'bool'),
  NotEqual: negated(binary('Equal', 'bool')),
  Greater: binary('Greater', 'bool'),
  GreaterEqual: binary('GreaterOrEqual', 'bool'),
  Less: binary('Less', 'bool'),
  LessEqual: binary('LessOrEqual', 'bool'),
  LogicalAnd: binary('And', 'bool'),
  LogicalOr: binary('Or', 'bool'),
  SquaredDifference: (call) => {
    const difference = binary('Sub')(call) as Operand;
    return combine(call, 'Mul', difference, difference);
  },
  AddN: (call) => inputList(call).reduce((sum, term) => combine(call, 'Add', sum, term)),
  Select: select,
};
