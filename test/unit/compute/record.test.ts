import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src-main/base/index.ts';
import { openSession, record } from '../../../src-main/compute/index.ts';

beforeAll(async () => {
  tf.enableProdMode();
  await tf.setBackend('cpu');
});

describe('recording', () => {
  it('gives the graph of a random network that computes what the network computes', async () => {
    const random = seededRandom(5);
    for (let trial = 0; trial < 5; trial++) {
      const [channels, hidden, length] = [1 + random.below(4), 2 + random.below(6), 6 + 2 * random.below(5)];
      const values = (count: number): Float32Array => Float32Array.from({ length: count }, () => random.normal());
      const [kernel, gain, dense] = [values(3 * channels * hidden), values(hidden), values(hidden * 3)];
      const network = (x: tf.Tensor): tf.Tensor => {
        const filtered = tf.conv2d(x as tf.Tensor4D, tf.tensor4d(kernel, [1, 3, channels, hidden]), 1, 'same', 'NCHW');
        const scaled = tf.relu(tf.mul(filtered, tf.reshape(tf.tensor1d(gain), [1, hidden, 1, 1])));
        const pooled = tf.max(tf.reshape(scaled, [2, hidden, 1, length / 2, 2]), 4);
        const averaged = tf.mean(pooled, [2, 3]);
        return tf.softmax(tf.matMul(averaged as tf.Tensor2D, tf.tensor2d(dense, [hidden, 3])));
      };
      const shape = [2, channels, 1, length];
      const data = values(2 * channels * length);
      const expected = tf.tidy(() => network(tf.tensor(data, shape)).dataSync());
      const graph = record({
        name: 'network',
        inputs: [{ name: 'x', type: 'float32', shape }],
        run: ({ x }) => ({ y: network(x as tf.Tensor) }),
      });
      expect(graph.nodes.map(({ op }) => op)).toContain('MaxPool');
      const session = await openSession({ graph, device: 'cpu', threads: 1 });
      const { y } = await session.run({ x: { shape, data } });
      await session.close();
      expected.forEach((value, index) => expect(y?.data[index]).toBeCloseTo(value, 5));
    }
  });

  it('computes what depends on constants alone while recording, and stores shared constants once', () => {
    const graph = record({
      name: 'constants',
      inputs: [{ name: 'x', type: 'float32', shape: [2] }],
      run: ({ x }) => {
        const constant = tf.exp(tf.add(tf.tensor1d([1, 2]), 1));
        return { y: tf.add(tf.mul(x as tf.Tensor, constant), constant) };
      },
    });
    expect(graph.nodes.map(({ op }) => op)).toEqual(['Mul', 'Add']);
    expect(graph.constants).toHaveLength(1);
  });

  it('computes kernels of many inputs while recording, too', () => {
    const graph = record({
      name: 'lists of constants',
      inputs: [{ name: 'x', type: 'float32', shape: [4, 2] }],
      run: ({ x }) => {
        const [a, b] = [tf.tensor1d([1, 2]), tf.tensor1d([3, 4])];
        return { y: tf.add(x as tf.Tensor, tf.concat([tf.stack([a, b]), tf.stack([tf.addN([a, b]), a])], 0)) };
      },
    });
    expect(graph.nodes.map(({ op }) => op)).toEqual(['Add']);
    expect(graph.constants.map(({ data }) => [...data].map(Number))).toEqual([[1, 2, 3, 4, 4, 6, 1, 2]]);
  });

  it('stores no large constant for a filled tensor', () => {
    const graph = record({
      name: 'filled',
      inputs: [{ name: 'x', type: 'float32', shape: [1000, 1000] }],
      run: ({ x }) => ({ y: tf.add(x as tf.Tensor, tf.ones([1000, 1000])) }),
    });
    expect(Math.max(...graph.constants.map(({ data }) => data.length))).toBeLessThan(10);
  });

  it('leaves out what no output needs', () => {
    const graph = record({
      name: 'unused',
      inputs: [{ name: 'x', type: 'float32', shape: [2] }],
      run: ({ x }) => {
        tf.exp(x as tf.Tensor);
        return { y: tf.neg(x as tf.Tensor) };
      },
    });
    expect(graph.nodes.map(({ op }) => op)).toEqual(['Neg']);
  });

  it('names what a node makes after the output that it is, and copies the rest', async () => {
    const graph = record({
      name: 'outputs',
      inputs: [{ name: 'x', type: 'float32', shape: [2] }],
      run: ({ x }) => {
        const doubled = tf.mul(x as tf.Tensor, 2);
        return { doubled, again: doubled, more: tf.add(doubled, 1), same: x as tf.Tensor };
      },
    });
    expect(graph.nodes.map(({ op, outputs }) => [op, ...outputs]).toSorted()).toEqual([
      ['Add', 'more'],
      ['Identity', 'again'],
      ['Identity', 'same'],
      ['Mul', 'doubled'],
    ]);
    const session = await openSession({ graph, device: 'cpu', threads: 1 });
    const made = await session.run({ x: { shape: [2], data: Float32Array.of(1, -3) } });
    await session.close();
    expect(Object.fromEntries(Object.entries(made).map(([name, { data }]) => [name, [...data]]))).toEqual({
      ...{ doubled: [2, -6], again: [2, -6] },
      ...{ more: [3, -5], same: [1, -3] },
    });
  });

  it('leaves a named dimension open', async () => {
    const graph = record({
      name: 'open',
      inputs: [{ name: 'x', type: 'float32', shape: ['batch', 6] }],
      run: ({ x }) => {
        const input = x as tf.Tensor2D;
        return { y: tf.sum(tf.reshape(input, [input.shape[0], 2, 3]), 2) };
      },
    });
    expect(graph.outputs[0]?.shape).toEqual(['batch', 2]);
    const session = await openSession({ graph, device: 'cpu', threads: 1 });
    for (const batch of [1, 3]) {
      const { y } = await session.run({ x: { shape: [batch, 6], data: Float32Array.from({ length: 6 * batch }, (_, i) => i) } });
      expect(y?.shape).toEqual([batch, 2]);
      expect([...(y?.data ?? [])].slice(0, 2)).toEqual([3, 12]);
    }
    await session.close();
  });

  it('refuses an open dimension where the graph would depend on its size', () => {
    const inputs = [{ name: 'x', type: 'float32', shape: ['batch', 2] }] as const;
    const divideBySize = ({ x }: Readonly<Record<string, tf.Tensor>>): Record<string, tf.Tensor> => ({
      y: tf.div(x as tf.Tensor, x?.shape[0] ?? 1),
    });
    expect(() => record({ name: 'mean', inputs, run: divideBySize })).toThrow(/Recording mean with an open dimension failed.*fixed size/);
  });

  it('refuses a function that reads a value of its input, and returns to the backend before', () => {
    const inputs = [{ name: 'x', type: 'float32', shape: [2] }] as const;
    expect(() => record({ name: 'reader', inputs, run: ({ x }) => ({ y: tf.tensor(x?.dataSync() ?? []) }) })).toThrow(
      /known only when the graph runs/,
    );
    expect(tf.getBackend()).toBe('cpu');
  });

  it('leaves no tensor behind', () => {
    const before = tf.memory().numTensors;
    record({ name: 'leak', inputs: [{ name: 'x', type: 'float32', shape: [2] }], run: ({ x }) => ({ y: tf.exp(tf.neg(x as tf.Tensor)) }) });
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('a session', () => {
  it('says what could not be opened', async () => {
    const graph = { name: 'broken', nodes: [{ op: 'NoSuchOperation', inputs: ['x'], outputs: ['y'], attributes: {} }], constants: [] };
    const value = (name: string) => ({ name, type: 'float32' as const, shape: [1] });
    await expect(openSession({ graph: { ...graph, inputs: [value('x')], outputs: [value('y')] }, device: 'cpu' })).rejects.toMatchObject({
      code: 'DEVICE_FAILED',
      message: expect.stringMatching(/Could not open broken on cpu/) as string,
    });
  });
});
