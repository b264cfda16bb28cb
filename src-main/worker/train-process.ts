/** @file Entry of the training process: one run, or a measured step, or a pair of views to be heard. */
import './end-with-reason.ts';
import { availableParallelism } from 'node:os';
import { mkdir } from 'node:fs/promises';
import { AppError, defined, toAppError } from '../base/index.ts';
import { openTrainer, readSafetensors, resolveDevice } from '../compute/index.ts';
import type { ResolvedDevice, Trainer } from '../compute/index.ts';
import { chosenEncoder, chunkOf, createModel, isFedEmbeddings } from '../learn/index.ts';
import type { WeightArrays } from '../learn/index.ts';
import type { TrackRows, TrainReply, TrainRequest } from '../service/index.ts';
import { createBatchFeed, createRowFeed } from './feed/index.ts';
import type { BatchFeed, StepFeed } from './feed/index.ts';
import { repliesTo } from './replies.ts';
import { CheckpointKeeper } from './train/checkpoint-keeper.ts';
import { checkpointPaths, deleteCheckpoint, listCheckpoints, readCheckpoint } from './train/checkpoint-files.ts';
import type { CheckpointState } from './train/checkpoint-files.ts';
import { Control } from './train/control.ts';
import { estimateRun } from './train/estimate.ts';
import { firstWeights } from './train/first-weights.ts';
import { hearPair } from './train/hear.ts';
import { HeldOut } from './train/held-out.ts';
import type { HeldOutOptions } from './train/held-out.ts';
import { Plan } from './train/plan.ts';
import { trainLoop } from './train/train-loop.ts';
import { TrackMemory } from './train/track-memory.ts';

type Request<Type extends TrainRequest['type']> = Extract<TrainRequest, { type: Type }>;

const control = new Control();
const { reply, finish } = repliesTo<TrainReply>();

/** Half of the cores augment where a GPU trains; where the processor trains, one is enough. */
function augmentThreads(device: string): number {
  return device === 'cpu' ? 1 : Math.max(1, Math.floor(availableParallelism() / 2));
}

let rowsCame: ((rows: TrackRows[] | null) => void) | undefined;

/** Further tracks' embeddings, from the core. */
function moreRows(): Promise<TrackRows[] | null> {
  const { promise, resolve } = Promise.withResolvers<TrackRows[] | null>();
  rowsCame = resolve;
  reply({ type: 'rowsWanted' });
  return promise;
}

/** What gives steps to a run: of waves, or of embeddings that the core has. */
function stepsOf(request: Request<'train'> | Request<'estimate'>, device: string): { waves: BatchFeed | null; feed: StepFeed } {
  const { settings, tracks } = request;
  if (!isFedEmbeddings(settings)) {
    const waves = feedOf(request, device);
    return { waves, feed: waves };
  }
  const { batch, seed, augmentation } = settings;
  const feed = createRowFeed({
    ...{ tracks, batch, seed, deviationDb: augmentation.equaliser.deviationDb, rows: moreRows },
    parts: createModel(settings).method.parts,
    report: { problem: (trackId, path, code, message) => reply({ type: 'problem', trackId, path, code, message }) },
  });
  return { waves: null, feed };
}

function feedOf(request: Request<'train'> | Request<'estimate'> | Request<'hear'>, device: string): BatchFeed {
  const { settings, tracks, labels, heldOut, cacheDirectory } = request;
  const { method } = createModel(settings);
  // What is fed with embeddings is heard as it is.
  const encoder = isFedEmbeddings(settings) ? chosenEncoder(settings.encoder) : method.encoder;
  const parts = isFedEmbeddings(settings) ? method.parts.map((part) => ({ ...part, content: { kind: 'crop' } as const })) : method.parts;
  return createBatchFeed({
    tracks,
    sampleRate: encoder.sampleRate,
    cropSamples: encoder.cropSamples,
    parts,
    labels: new Map(labels?.tracks.map(({ trackId, answers }) => [trackId, Float32Array.from(answers)])),
    heldOut,
    batch: settings.batch,
    seed: settings.seed,
    augmentation: settings.augmentation,
    cacheDirectory,
    cacheMegabytes: settings.cacheMegabytes,
    threads: augmentThreads(device),
    report: {
      problem: (trackId, path, code, message) => reply({ type: 'problem', trackId, path, code, message }),
      preparing: (done, total, audioSeconds, detail) => reply({ type: 'preparing', done, total, audioSeconds, detail }),
    },
  });
}

async function chooseDevice(wanted: string): Promise<ResolvedDevice> {
  const device = await resolveDevice(wanted);
  reply({ type: 'opened', device: device.id, deviceReason: device.reason });
  return device;
}

/** Something to know about a run that concerns no track. */
function tell(message: string): void {
  reply({ type: 'problem', trackId: 0, path: '', code: 'BAD_INPUT', message });
}

/** The newest checkpoint up to a step that can be read; what is damaged is told and passed over. */
async function lastGood(directory: string, fromStep: number): Promise<CheckpointState> {
  const steps = (await listCheckpoints(directory)).filter((step) => step <= fromStep).toReversed();
  let failure: AppError | undefined;
  for (const step of steps) {
    try {
      return await readCheckpoint(directory, step);
    } catch (error) {
      const known = toAppError(error, `read the checkpoint of step ${step}`);
      failure ??= known;
      reply({ type: 'problem', trackId: 0, path: checkpointPaths(directory, step).tensors, code: known.code, message: known.message });
    }
  }
  throw failure ?? new AppError('NOT_FOUND', `There is no checkpoint in ${directory}; the run can only be started again.`);
}

/** Checkpoints that were written in the moment before the process was killed, and are known to nobody, are made again. */
async function deleteAfter(directory: string, lastStep: number): Promise<void> {
  for (const step of await listCheckpoints(directory)) if (step > lastStep) await deleteCheckpoint(directory, step);
}

async function train(request: Request<'train'>): Promise<void> {
  const { settings, checkpointDirectory, fromStep } = request;
  const startedAt = performance.now();
  const model = createModel(settings);
  await mkdir(checkpointDirectory, { recursive: true }).catch((error: unknown) => {
    throw toAppError(error, `make the run’s folder ${checkpointDirectory}`);
  });
  const device = await chooseDevice(request.device);
  const { waves, feed } = stepsOf(request, device.id);
  let trainer: Trainer | undefined;
  try {
    const from = fromStep === null ? undefined : await lastGood(checkpointDirectory, fromStep);
    const { tracks, tooShort, stepsPerEpoch } = await feed.prepare(from?.step ?? 0);
    const plan = new Plan(settings, stepsPerEpoch, from?.warmupShare ?? undefined);
    const start = { stepsDone: from?.step ?? 0, activeSeconds: from?.activeSeconds ?? 0 };
    await deleteAfter(checkpointDirectory, start.stepsDone);
    reply({ type: 'prepared', tracks, tooShort, fromStep: start.stepsDone, totalSteps: plan.totalSteps(start), stepsPerEpoch });
    const chunk = chunkOf(settings);
    if (chunk !== null && settings.chunk === null)
      tell(`To stay within ${settings.memoryMegabytes} MB, tracks are computed ${chunk} at a time.`);
    trainer = await openTrainer({
      model,
      device: device.id,
      batch: settings.batch,
      chunk,
      weights: from?.weights ?? (await beginning(request)),
      ...(from === undefined ? {} : { state: from.state }),
    });
    const kept = request.checkpoints.filter(({ step }) => step <= start.stepsDone);
    // A person's ten minutes begin when they press the button.
    start.activeSeconds += (performance.now() - startedAt) / 1000;
    const heldOut = waves === null ? null : heldOutOf(request, { trainer, feed: waves, stepsPerEpoch }, from);
    const keeper = new CheckpointKeeper(checkpointDirectory, settings.checkpoints, kept, reply);
    await trainLoop({
      ...{ settings, method: model.method, trainer, feed, plan, keeper, heldOut, control, start },
      memory: new TrackMemory(model.method.parts, from?.memory),
      codeVersion: request.codeVersion,
      reply,
    });
  } finally {
    await waves?.close();
    await trainer?.close();
  }
}

type Measured = Pick<HeldOutOptions, 'trainer' | 'feed' | 'stepsPerEpoch'>;

/** What measures held-out tracks; null without labels. A run that was given another length goes on where it had ended by itself. */
function heldOutOf(
  { settings, labels, tracks, heldOut, continuesPath }: Request<'train'>,
  measured: Measured,
  from: CheckpointState | undefined,
): HeldOut | null {
  if (labels === null) return null;
  const measuring = new HeldOut({
    state: from?.heldOut ?? null,
    ...{ ...measured, settings, labels, taught: tracks, heldOut, encoder: createModel(settings).method.encoder },
    isContinued: continuesPath !== null,
    isStopping: () => control.isStopping,
    report: (phase, done, total) => reply({ type: 'measuring', phase, done, total }),
    tell,
  });
  if (from !== undefined && JSON.stringify(from.settings.length) !== JSON.stringify(settings.length)) measuring.goOn();
  return measuring;
}

/** Drawn, or with what another run's checkpoint has. */
async function beginning({ settings, continuesPath }: Request<'train'>): Promise<WeightArrays> {
  const known = continuesPath === null ? null : { path: continuesPath, ...(await readSafetensors(continuesPath)) };
  return firstWeights(createModel(settings).method, settings.seed, known);
}

async function carryOut(request: Request<'train'> | Request<'estimate'> | Request<'hear'>): Promise<void> {
  try {
    if (request.type === 'train') await train(request);
    else {
      const device: ResolvedDevice = request.type === 'hear' ? { id: 'cpu', reason: '' } : await chooseDevice(request.device);
      const { waves, feed } = request.type === 'hear' ? { waves: feedOf(request, device.id), feed: null } : stepsOf(request, device.id);
      try {
        if (request.type === 'hear') reply({ type: 'heard', pair: await hearPair(request, defined(waves, 'waves')) });
        else reply({ type: 'estimated', estimate: await estimateRun(request, defined(feed, 'steps'), device) });
      } finally {
        await waves?.close();
      }
    }
  } catch (error) {
    reply({ type: 'failed', error: toAppError(error, 'train').toData() });
  }
  finish();
}

process.on('message', (request: TrainRequest) => {
  if (request.type === 'pause') control.pause();
  else if (request.type === 'resume') control.resume();
  else if (request.type === 'stop') control.stop();
  else if (request.type === 'rows') rowsCame?.(request.rows);
  else void carryOut(request);
});
process.on('disconnect', () => process.exit(0));
// Ctrl-C in a terminal reaches every process; the core decides what becomes of the work.
process.on('SIGINT', () => undefined);
