/**
 * @file Stands in for the training process of the seeded core: takes steps at the pace that is set (see `pace.ts`), learns nothing, and saves real
 * checkpoint files. What is to be heard is made by the real process.
 */
import { mkdirSync } from 'node:fs';
import type { TrainReply, TrainRequest } from '../../../src-main/service/index.ts';
import { deleteCheckpoint, writeCheckpoint } from '../../../src-main/worker/train/checkpoint-files.ts';
import { courseOf, courseStepsPerEpoch, courseStepsPerSecond, healthAt, pointAt, standInWeights } from '../seed/course.ts';
import { paced, paceNow } from '../seed/pace.ts';

type Work = Extract<TrainRequest, { type: 'train' }>;
type Question = Extract<TrainRequest, { type: 'estimate' | 'hear' }>;

let isPaused = false;
let isStopped = false;
let wake = (): void => undefined;

function reply(message: TrainReply): Promise<void> {
  return new Promise((resolve) => process.send?.(message, () => resolve()));
}

/** Steps of a run; of one whose length is in minutes, those of a machine that takes a step a second. */
function stepsOf({ length }: Work['settings']): number {
  return Math.max(1, Math.round(length.amount * { steps: 1, epochs: courseStepsPerEpoch, minutes: 60 }[length.unit]));
}

async function save(work: Work, step: number, kept: number[]): Promise<void> {
  const { settings, checkpointDirectory, codeVersion } = work;
  const course = courseOf(settings);
  const measured = {
    step,
    loss: pointAt(course, step).loss,
    rank: healthAt(course, step).rank,
    activeSeconds: step / courseStepsPerSecond,
  };
  const bytes = await writeCheckpoint(checkpointDirectory, {
    ...{ ...measured, warmupShare: null, settings, codeVersion, weights: standInWeights(settings, step) },
    state: new Map([['m.encoder.sequential.0.0.weight', { shape: [1], data: Float32Array.of(step) }]]),
    memory: new Map(),
  });
  await reply({ type: 'saved', ...measured, bytes, isBest: true });
  kept.push(step);
  const old = kept.length > settings.checkpoints.keep ? kept.shift() : undefined;
  if (old === undefined) return;
  await deleteCheckpoint(checkpointDirectory, old);
  await reply({ type: 'dropped', step: old });
}

async function rest(step: number): Promise<void> {
  if (!isPaused || isStopped) return;
  await reply({ type: 'paused', step });
  while (isPaused && !isStopped) await new Promise<void>((resolve) => (wake = resolve));
}

async function begin({ settings, tracks, fromStep, continuesPath }: Work, total: number): Promise<void> {
  await reply({ type: 'opened', device: 'cpu', deviceReason: continuesPath === null ? 'Chosen by auto.' : `Continues ${continuesPath}.` });
  await reply({ type: 'preparing', done: 1, total: tracks.length, audioSeconds: 10, detail: 'decoding one.wav' });
  const endsAt = settings.length.unit === 'minutes' ? null : total;
  await reply({
    type: 'prepared',
    tracks: tracks.length,
    tooShort: 0,
    fromStep: fromStep ?? 0,
    totalSteps: endsAt,
    stepsPerEpoch: courseStepsPerEpoch,
  });
}

async function train(work: Work): Promise<void> {
  mkdirSync(work.checkpointDirectory, { recursive: true });
  const { settings, fromStep, checkpoints } = work;
  const total = stepsOf(settings);
  const saveEvery = total <= 100 ? 10 : Math.ceil(total / 3);
  const course = courseOf(settings);
  const kept = checkpoints.map(({ step }) => step);
  await begin(work, total);
  let step = fromStep ?? 0;
  while (step < total && !isStopped) {
    await rest(step);
    await paced(
      (pace) => pace.step === null || step < pace.step,
      () => isStopped || isPaused,
    );
    if (isStopped) break;
    if (isPaused) continue;
    step++;
    await new Promise((resolve) => setTimeout(resolve, paceNow().stepMs));
    const [point, activeSeconds] = [pointAt(course, step), step / courseStepsPerSecond];
    await reply({ type: 'stepped', point, activeSeconds, totalSteps: settings.length.unit === 'minutes' ? null : total, idleShare: 0.01 });
    if (step % 5 === 0) await reply({ type: 'healthy', step, health: healthAt(course, step) });
    if (step % saveEvery === 0) await save(work, step, kept);
  }
  if (!kept.includes(step)) await save(work, step, kept);
  const last = { step, loss: pointAt(course, step).loss, activeSeconds: step / courseStepsPerSecond };
  await reply({ type: 'ended', why: step < total ? 'stopped' : 'done', ...last, clipsPerSecond: 20, idleShare: 0.02 });
  process.disconnect();
}

async function answer(request: Question): Promise<void> {
  if (request.type === 'hear') {
    const own = process.listeners('message');
    await import('../../../src-main/worker/train-process.ts');
    // Only now: a channel that nobody listens to keeps no process alive, and this one might end while the other is read.
    for (const listener of own) process.removeListener('message', listener);
    process.emit('message', request, undefined);
    return;
  }
  const { settings, tracks } = request;
  const stepSeconds = settings.batch * 0.0096;
  const steps = Math.round(settings.length.unit === 'minutes' ? (settings.length.amount * 60) / stepSeconds : stepsOf(settings));
  const slow =
    steps * stepSeconds > 86_400 ? ['This takes more than a day on this device. Choose a shorter length or a smaller batch.'] : [];
  const estimate = {
    ...{ device: 'cpu', deviceReason: 'Chosen by auto.', tracks: tracks.length, tooShort: 0, stepSeconds, steps, warnings: slow },
    ...{ megabytes: 420 + settings.batch * 46, epochs: steps / courseStepsPerEpoch, decodeSeconds: 0, totalSeconds: steps * stepSeconds },
  };
  await paced(
    (pace) => pace.estimates,
    () => false,
  );
  await reply({ type: 'estimated', estimate });
  process.disconnect();
}

process.on('message', (request: TrainRequest) => {
  if (request.type === 'pause') isPaused = true;
  else if (request.type === 'resume') isPaused = false;
  else if (request.type === 'stop') isStopped = true;
  else if (request.type === 'train') void train(request);
  else if (request.type !== 'rows') void answer(request);
  wake();
});
process.on('disconnect', () => process.exit(0));
