import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src-main/base/index.ts';
import { openTrainer } from '../../../../src-main/compute/index.ts';
import type { Trainer } from '../../../../src-main/compute/index.ts';
import { pretraining } from '../../../../src-main/contract/index.ts';
import {
  createObjective,
  createOptimizer,
  createProjector,
  createSampleCnn,
  training,
  twoViews,
} from '../../../../src-main/learn/index.ts';
import type { TrainReply } from '../../../../src-main/service/index.ts';
import { listCheckpoints, readCheckpoint } from '../../../../src-main/worker/train/checkpoint-files.ts';
import { CheckpointKeeper } from '../../../../src-main/worker/train/checkpoint-keeper.ts';
import { Control } from '../../../../src-main/worker/train/control.ts';
import { Plan } from '../../../../src-main/worker/train/plan.ts';
import { TrackMemory } from '../../../../src-main/worker/train/track-memory.ts';
import { trainLoop } from '../../../../src-main/worker/train/train-loop.ts';
import { viewsOf } from '../../../support/views.ts';
import type { Batches } from '../../../../src-main/worker/train/train-loop.ts';

const encoder = createSampleCnn({ sampleRate: 8000, strides: [3, 2], channels: [4, 5, 6, 7] });
const model: training.TrainingModel = {
  method: twoViews({
    encoder,
    projector: createProjector({ kind: 'linear', hidden: [], dimensions: 5, batchNorm: false }, encoder.dimensions),
    objective: createObjective({ kind: 'nt-xent', temperature: 0.5 }),
  }),
  optimizer: createOptimizer({ kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 1e-6 }),
};
const settings: pretraining.PretrainSettings = {
  ...pretraining.recipeDefaults.clmr,
  batch: 4,
  length: { unit: 'steps', amount: 8 },
  checkpoints: { everyMinutes: 10, keep: 3, best: 'loss' },
};

/** Batches that depend on the step alone. */
const feed: Batches = {
  batch: (step) => {
    const random = seededRandom(step);
    const waves = Float32Array.from({ length: 8 * encoder.cropSamples }, () => random.normal() * 0.3);
    return Promise.resolve({ parts: viewsOf(waves), trackIds: Int32Array.of(1, 2, 3, 4), waitedMs: 0 });
  },
};

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'earmark-loop-'));
});
afterEach(() => rm(directory, { recursive: true }));

type Change = {
  trainer?: (trainer: Trainer) => Trainer;
  onReply?: (reply: TrainReply, control: Control) => void;
  batches?: Batches;
  settings?: pretraining.PretrainSettings;
};

/** Goes on from the last checkpoint of the directory, or begins. */
async function run(change: Change = {}): Promise<{ replies: TrainReply[]; failure: unknown }> {
  const own = change.settings ?? settings;
  const last = (await listCheckpoints(directory)).at(-1);
  const from = last === undefined ? undefined : await readCheckpoint(directory, last);
  const weights = from?.weights ?? model.method.initialise(1);
  const opened = await openTrainer({
    model,
    device: 'cpu',
    batch: 4,
    chunk: null,
    weights,
    threads: 1,
    ...(from === undefined ? {} : { state: from.state }),
  });
  const replies: TrainReply[] = [];
  const control = new Control();
  const reply = (message: TrainReply): void => {
    replies.push(message);
    change.onReply?.(message, control);
  };
  const kept = from === undefined ? [] : [{ step: from.step, loss: from.loss, rank: from.rank }];
  const keeper = new CheckpointKeeper(directory, own.checkpoints, kept, reply);
  const start = { stepsDone: from?.step ?? 0, activeSeconds: from?.activeSeconds ?? 0 };
  let failure: unknown;
  const trainer = change.trainer?.(opened) ?? opened;
  await trainLoop({
    settings: own,
    method: model.method,
    trainer,
    feed: change.batches ?? feed,
    plan: new Plan(own, 2),
    keeper,
    control,
    start,
    memory: new TrackMemory(model.method.parts),
    codeVersion: '1',
    reply,
  }).catch((error: unknown) => (failure = error));
  await opened.close();
  return { replies, failure };
}

const lossesOf = (replies: TrainReply[]): [number, number][] =>
  replies.flatMap((reply) => (reply.type === 'stepped' ? [[reply.point.step, reply.point.loss] as [number, number]] : []));

describe('the training loop', () => {
  it('takes the planned steps, saves the last and says what became of it', async () => {
    const { replies } = await run();
    expect(lossesOf(replies).map(([step]) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(await listCheckpoints(directory)).toEqual([8]);
    expect(replies.at(-1)).toMatchObject({ type: 'ended', why: 'done', step: 8 });
    const healths = replies.filter(({ type }) => type === 'healthy');
    expect(healths.length).toBeGreaterThanOrEqual(2);
  });

  it('stops after a step and goes on bit for bit', async () => {
    const whole = lossesOf((await run()).replies);
    await rm(directory, { recursive: true });
    directory = await mkdtemp(join(tmpdir(), 'earmark-loop-'));
    const first = await run({ onReply: (reply, control) => reply.type === 'stepped' && reply.point.step === 3 && control.stop() });
    expect(first.replies.at(-1)).toMatchObject({ type: 'ended', why: 'stopped', step: 3 });
    const second = await run();
    expect([...lossesOf(first.replies), ...lossesOf(second.replies)]).toEqual(whole);
  });

  it('rests with a checkpoint, and takes no step until it is told to go on', async () => {
    const events: string[] = [];
    const batches: Batches = {
      batch: (step) => {
        events.push(`asks for step ${step}`);
        return feed.batch(step);
      },
    };
    const { replies } = await run({
      batches,
      onReply: (reply, control) => {
        if (reply.type === 'stepped' && reply.point.step === 2) control.pause();
        if (reply.type !== 'paused') return;
        events.push('paused');
        // A loop that did not wait would ask for its next batch at once.
        setImmediate(() => {
          events.push('resumed');
          control.resume();
        });
      },
    });
    expect(events.slice(1, 5)).toEqual(['asks for step 1', 'paused', 'resumed', 'asks for step 2']);
    const types = replies.map(({ type }) => type).filter((type) => type !== 'healthy');
    expect(types.slice(0, 5)).toEqual(['stepped', 'stepped', 'saved', 'paused', 'stepped']);
    expect(lossesOf(replies)).toHaveLength(8);
  });

  it('ends at numbers that are not finite, names the first, and keeps the last good checkpoint', async () => {
    const broken: Batches = {
      batch: async (step) => {
        const made = await feed.batch(step);
        if (step === 5) made.parts['first']?.fill(NaN, 17, 18);
        return made;
      },
    };
    const often = { ...settings, checkpoints: { ...settings.checkpoints, everyMinutes: 0 } };
    const { failure } = await run({ batches: broken, settings: often });
    expect(failure).toMatchObject({ code: 'NOT_FINITE' });
    expect(String(failure)).toContain('Step 6');
    expect(String(failure)).toContain('first in the audio itself');
    expect(String(failure)).toContain('The checkpoint of step 5 is kept');
    expect((await listCheckpoints(directory)).slice(-3)).toEqual([3, 4, 5]);
  });

  it('names the gradient that broke first', async () => {
    const { failure } = await run({
      trainer: (trainer) => ({
        ...trainer,
        step: async (input) => {
          const result = await trainer.step(input);
          const at = trainer.trainable.indexOf('encoder.sequential.2.0.weight');
          for (let index = 0; index <= at; index++) result.gradientNorms[index] = Infinity;
          return result;
        },
      }),
    });
    expect(String(failure)).toContain('first in the gradient of encoder.sequential.2.0.weight');
  });
});

describe('a plan', () => {
  it('counts epochs, and lets minutes pass for steps', () => {
    const epochs = new Plan({ ...settings, length: { unit: 'epochs', amount: 3 } }, 5);
    expect(epochs.totalSteps({ stepsDone: 0, activeSeconds: 0 })).toBe(15);
    const minutes = new Plan({ ...settings, length: { unit: 'minutes', amount: 1 } }, 5);
    expect(minutes.totalSteps({ stepsDone: 0, activeSeconds: 0 })).toBeNull();
    expect(minutes.totalSteps({ stepsDone: 10, activeSeconds: 20 })).toBe(30);
    expect(minutes.isOver({ stepsDone: 29, activeSeconds: 59 })).toBe(false);
    expect(minutes.isOver({ stepsDone: 30, activeSeconds: 60 })).toBe(true);
  });

  it('warms up in a straight line and falls along half a cosine', () => {
    const plan = new Plan(
      {
        ...settings,
        length: { unit: 'epochs', amount: 10 },
        optimizer: {
          ...settings.optimizer,
          kind: 'sgd',
          learningRate: 0.1,
          rateRule: 'linear',
          momentum: 0.9,
          nesterov: false,
          weightDecay: 0,
        },
        schedule: { ...settings.schedule, kind: 'cosine', warmupEpochs: 2, finalShare: 0.001 },
        batch: 512,
      },
      5,
    );
    const rate = (stepsDone: number): number => plan.learningRate({ stepsDone, activeSeconds: 0 });
    expect(rate(0)).toBe(0);
    expect(rate(5)).toBeCloseTo(0.1, 10);
    expect(rate(10)).toBeCloseTo(0.2, 10);
    expect(rate(30)).toBeCloseTo(0.2 * (0.001 + 0.999 * 0.5), 10);
    expect(rate(50)).toBeCloseTo(0.2 * 0.001, 10);
  });
});
