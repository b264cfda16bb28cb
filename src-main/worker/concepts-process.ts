/** @file Entry of the process that learns concepts: rows of an index go in, a sparse autoencoder comes out. Where it was stopped it goes on. */
import './end-with-reason.ts';
import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError, defined, toAppError } from '../base/index.ts';
import { learnConcepts, readSafetensors, writeSafetensorsFile } from '../compute/index.ts';
import type { ConceptState } from '../compute/index.ts';
import type { ConceptReply, ConceptRequest } from '../service/index.ts';
import { repliesTo } from './replies.ts';

type Opened = Extract<ConceptRequest, { type: 'open' }>;

const { reply, finish } = repliesTo<ConceptReply>();
let opened: (Opened & { rows: Float32Array; filled: number }) | undefined;
let pausing: { resumed: Promise<void>; resume: () => void } | undefined;

/** Beside the weights: how long each concept was silent, and the step with its loss. */
const [idleName, placeName, dataName] = ['idle', 'place', 'segments'] as const;

async function saved({ statePath, segments, dimensions, settings }: Opened): Promise<ConceptState | undefined> {
  try {
    const tensors = new Map((await readSafetensors(statePath)).tensors);
    const take = (name: string): Float32Array => defined(tensors.get(name), name).data;
    const [idle, [step = 0, loss = NaN], [known = 0]] = [take(idleName), take(placeName), take(dataName)];
    for (const name of [idleName, placeName, dataName]) tensors.delete(name);
    const isSame = known === segments && tensors.get('encoder.weight')?.shape.join() === [settings.latents, dimensions].join();
    return isSame && step < settings.steps ? { step, loss, idle, tensors } : undefined;
  } catch {
    // There is none yet, or it was cut: learning begins anew.
    return undefined;
  }
}

async function learn(work: Opened & { rows: Float32Array; filled: number }): Promise<void> {
  const { rows, dimensions, settings, statePath, segments } = work;
  if (work.filled !== rows.length)
    throw new AppError('BAD_INPUT', 'The index changed while it was read. Start again when it is no longer being indexed.');
  const found = await learnConcepts(
    { rows, dimensions, settings },
    {
      from: await saved(work),
      passed: async () => pausing?.resumed,
      onStep: (done, loss) => reply({ type: 'step', done, loss }),
      saved: async ({ tensors, idle, step, loss }) => {
        const beside = new Map([
          ...tensors,
          [idleName, { shape: [idle.length], data: idle }] as const,
          [placeName, { shape: [2], data: Float32Array.of(step, loss) }] as const,
          [dataName, { shape: [1], data: Float32Array.of(segments) }] as const,
        ]);
        await mkdir(dirname(statePath), { recursive: true });
        await writeSafetensorsFile(statePath, beside, {});
      },
    },
  );
  await rm(statePath, { force: true });
  reply({ type: 'done', found });
}

function take(rows: readonly Float32Array[]): void {
  const work = defined(opened, 'what is learnt');
  if (rows.length === 0) {
    void learn(work)
      .catch((error: unknown) => reply({ type: 'failed', error: toAppError(error, 'learn concepts').toData() }))
      .finally(finish);
    return;
  }
  for (const own of rows) {
    if (work.filled + own.length <= work.rows.length) work.rows.set(own, work.filled);
    work.filled += own.length;
  }
  reply({ type: 'next' });
}

process.on('message', (request: ConceptRequest) => {
  switch (request.type) {
    case 'open':
      opened = { ...request, rows: new Float32Array(request.segments * request.dimensions), filled: 0 };
      reply({ type: 'next' });
      break;
    case 'rows':
      take(request.rows);
      break;
    case 'pause': {
      const { promise, resolve } = Promise.withResolvers<void>();
      pausing ??= { resumed: promise, resume: resolve };
      break;
    }
    case 'resume':
      pausing?.resume();
      pausing = undefined;
      break;
  }
});
process.on('disconnect', () => process.exit(0));
// Ctrl-C in a terminal reaches every process; the core decides what becomes of the work.
process.on('SIGINT', () => undefined);
