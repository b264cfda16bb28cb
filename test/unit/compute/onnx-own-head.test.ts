/** @file An ONNX file of Earmark's own with a head beside the embedding comes back without a question. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { exportOnnx, loadWeights } from '../../../src-main/compute/index.ts';
import { createSampleCnn } from '../../../src-main/learn/index.ts';
import { temporaryDirectory } from '../../support/store-data.ts';

it('its embedding is known by its name', async () => {
  const small = createSampleCnn({ sampleRate: 8000, strides: [3, 3], channels: [4, 4, 5, 10] });
  const head = new Map([
    ['fc.weight', { shape: [3, 10], data: Float32Array.from({ length: 30 }, (_, at) => Math.sin(at)) }],
    ['fc.bias', { shape: [3], data: Float32Array.of(1, 0, -1) }],
  ]);
  const path = join(temporaryDirectory(), 'with-head.onnx');
  writeFileSync(path, exportOnnx(small, small.initialise(1), head));
  expect((await loadWeights(path)).encoder).toMatchObject({
    architecture: 'onnx',
    dimensions: 10,
    settings: { output: { name: 'embedding' } },
  });
});
