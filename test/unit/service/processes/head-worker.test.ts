/** @file The head process itself, and a life that ends otherwise than it should. */
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { HeadWorker } from '../../../../src-main/service/index.ts';
import { balancedAnswers, clusters } from '../../../support/head-examples.ts';

const entry = new URL('../../../../src-main/worker/head-process.ts', import.meta.url);
const options = { architecture: 'logistic', folds: 5, seed: 1, grouping: 'artist' } as const;
const small = clusters({ count: 40, dimensions: 8, labels: 2, groups: 12 });
const head = new Map([
  ['fc.weight', { shape: [1, 2], data: Float32Array.of(1, -2) }],
  ['fc.bias', { shape: [1], data: Float32Array.of(0.5) }],
]);

/** Random labels of random rows: it takes long to find that nothing is to be learnt. */
function long(): typeof small {
  const labels = 60;
  const count = 3000;
  const embeddings = Float32Array.from({ length: count * 256 }, (_, place) => Math.sin(place * place * 0.001 + place));
  return { ...balancedAnswers({ count, labels, groups: 300 }), dimensions: 256, embeddings };
}

function worker(idleMs?: number): HeadWorker {
  const made = new HeadWorker(entry, idleMs === undefined ? {} : { idleMs });
  onTestFinished(() => made.close());
  return made;
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await wait(20);
}

describe('the head process', () => {
  it('trains, tells how far it is, and predicts', async () => {
    const own = worker();
    const shares: number[] = [];
    const fitted = await own.fit(small, options, { onProgress: (share) => shares.push(share) });
    expect(fitted.labels.map(({ state }) => state)).toEqual(['ready', 'ready']);
    expect(fitted.seconds).toBeGreaterThan(0);
    expect(shares.length).toBeGreaterThan(3);
    expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true);
    const logits = await own.predict(fitted.tensors, small.embeddings);
    expect(Array.from(logits, (logit) => (logit > 0 ? 1 : 0))).toEqual(Array.from(small.answers));
    expect(Array.from(await own.predict(head, Float32Array.of(0, 0, 0, 1, 0, 3, 4).subarray(2, 6)))).toEqual([-1.5, -5.5]);
  });

  it('passes on what a task throws, and goes on', async () => {
    const own = worker();
    await expect(own.fit({ ...small, dimensions: 7 }, options)).rejects.toMatchObject({ code: 'BAD_INPUT' });
    await expect(own.predict(new Map(), new Float32Array(2))).rejects.toMatchObject({ code: 'WEIGHTS_MISMATCH' });
    expect(Array.from(await own.predict(head, Float32Array.of(1, 1)))).toEqual([-0.5]);
  });

  it('is ended by a cancelled training, and what waited behind it is answered by another', async () => {
    const own = worker();
    const cancel = new AbortController();
    const training = own.fit(long(), options, { signal: cancel.signal, onProgress: () => cancel.abort() });
    const prediction = own.predict(head, Float32Array.of(1, 1));
    const first = own.pid;
    await expect(training).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(Array.from(await prediction)).toEqual([-0.5]);
    expect(own.pid).not.toBe(first);
    await expect(own.fit(small, options, { signal: cancel.signal })).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('fails the task that it died over with a sentence, and no other', async () => {
    const own = worker();
    const training = own.fit(long(), options, { onProgress: () => process.kill(own.pid ?? NaN, 'SIGKILL') });
    const prediction = own.predict(head, Float32Array.of(1, 1));
    await expect(training).rejects.toMatchObject({
      code: 'OUT_OF_MEMORY',
      message: expect.stringMatching(/learns tags was killed \(out of memory\?\)\. Close other programs/) as string,
    });
    expect(Array.from(await prediction)).toEqual([-0.5]);
  });

  it('ends when it has been idle, and is started again when it is needed', async () => {
    const own = worker(50);
    await own.predict(head, Float32Array.of(1, 1));
    await until(() => own.pid === undefined);
    expect(Array.from(await own.predict(head, Float32Array.of(0, 0)))).toEqual([0.5]);
  });

  it('fails everything as cancelled when Earmark closes', async () => {
    const own = worker();
    const training = own.fit(long(), options);
    own.close();
    await expect(training).rejects.toMatchObject({ code: 'CANCELLED' });
    await expect(own.predict(head, Float32Array.of(1, 1))).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});
