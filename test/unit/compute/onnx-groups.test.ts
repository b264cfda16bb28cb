/** @file ONNX files of others with convolutions in groups, which WebGPU may compute wrong numbers of. */
import { describe, expect, it } from 'vitest';
import { encodeModel } from '../../../src-main/compute/onnx/encode-model.ts';
import { mixedOnWebgpu } from '../../../src-main/compute/onnx/foreign-nodes.ts';
import { fileAsWeights, openForeign } from '../../../src-main/compute/onnx/foreign-runner.ts';
import type { OnnxSettings } from '../../../src-main/learn/index.ts';

describe('an ONNX file with convolutions in groups', () => {
  const grouped = (op: 'Conv' | 'ConvTranspose', kernel: [number, number, number], groups: number): Uint8Array =>
    encodeModel({
      name: 'groups',
      inputs: [{ name: 'x', type: 'float32', shape: [1, op === 'Conv' ? groups * kernel[1] : kernel[0], 9] }],
      outputs: [{ name: 'made', type: 'float32', shape: [1, op === 'Conv' ? kernel[0] : groups * kernel[1], 9] }],
      constants: [{ name: 'kernel', type: 'float32', shape: kernel, data: new Float32Array(kernel[0] * kernel[1] * kernel[2]) }],
      nodes: [{ op, inputs: ['x', 'kernel'], outputs: ['made'], attributes: { kernel_shape: [kernel[2]], group: groups } }],
    });

  it('is told from others where WebGPU would mix their channels', () => {
    const wrong = [grouped('Conv', [12, 1, 1], 2), grouped('Conv', [20, 3, 1], 4), grouped('ConvTranspose', [8, 1, 1], 2)];
    const right = [grouped('Conv', [12, 1, 1], 12), grouped('Conv', [16, 3, 1], 2), grouped('Conv', [6, 6, 1], 1)];
    const alsoRight = [
      grouped('ConvTranspose', [6, 1, 1], 2),
      grouped('ConvTranspose', [8, 2, 1], 2),
      grouped('ConvTranspose', [8, 1, 1], 1),
    ];
    expect(wrong.map(mixedOnWebgpu)).toEqual(['made', 'made', 'made']);
    expect([...right, ...alsoRight].map(mixedOnWebgpu)).toEqual(Array.from({ length: 6 }, () => undefined));
  });

  it('is not run on WebGPU then', async () => {
    const bytes = grouped('Conv', [12, 1, 1], 2);
    const settings = { bytes: bytes.byteLength } as OnnxSettings;
    await expect(
      openForeign({ settings, weights: fileAsWeights(bytes), outputs: [] }, { name: 'groups.onnx', device: 'webgpu' }),
    ).rejects.toMatchObject({
      code: 'DEVICE_UNAVAILABLE',
      message: expect.stringMatching(/groups\.onnx cannot be run on WebGPU.*makes made\. Choose the processor\./) as string,
    });
  });
});
