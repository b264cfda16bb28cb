/**
 * @file Stands in for the training process at its port: takes a step in a few milliseconds, learns nothing, and saves real checkpoint files. The paths
 * of its tracks say how it misbehaves: `killer` kills it after step 15, `deaf` hears no stop, `lost device` fails, `crashed` dies with a message, `silent` is left out, `unheard` is refused.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeSafetensorsFile } from '../../../src-main/compute/index.ts';
import { findEncoder } from '../../../src-main/learn/index.ts';
import type { TrainReply, TrainRequest } from '../../../src-main/service/index.ts';
import { judge } from '../../../src-main/worker/train/health.ts';

type Work = Extract<TrainRequest, { type: 'train' }>;

const stepMs = 4;
const saveEvery = 10;
let isPaused = false;
let isStopped = false;
let wake = (): void => undefined;

function reply(message: TrainReply): Promise<void> {
  return new Promise((resolve) => process.send?.(message, () => resolve()));
}

const measured = { deviationLeast: 0.01, deviationMean: 0.06, rank: 40.5, dimensions: 128, positive: 0.8, negative: 0.1 };
const health = {
  ...{ ...measured, positives: [0, 1, 2], negatives: [2, 1, 0] },
  ...judge(measured.deviationMean * Math.sqrt(measured.dimensions), measured.rank, measured.negative),
};

async function save({ settings, checkpointDirectory }: Work, step: number, kept: number[]): Promise<void> {
  const { architecture, sampleRate } = settings.encoder;
  const encoder = findEncoder(architecture, sampleRate).initialise(step);
  const projector = { shape: [2, 2], data: Float32Array.of(step, 0, 0, step) };
  const tensors = new Map([...encoder].map(([name, array]) => [`encoder.${name}`, array]));
  tensors.set('projector.0.weight', projector).set('optimizer.m.encoder.sequential.0.0.weight', projector);
  const about = { architecture, sampleRate: String(sampleRate), step: String(step) };
  await writeSafetensorsFile(join(checkpointDirectory, `step-${step}.safetensors`), tensors, about);
  await reply({ type: 'saved', step, loss: 1 / step, rank: 40.5, bytes: 1000 + step, isBest: true, activeSeconds: step / 10 });
  kept.push(step);
  const old = kept.length > settings.checkpoints.keep ? kept.shift() : undefined;
  if (old === undefined) return;
  rmSync(join(checkpointDirectory, `step-${old}.safetensors`));
  await reply({ type: 'dropped', step: old });
}

async function rest(step: number): Promise<void> {
  if (!isPaused || isStopped) return;
  await reply({ type: 'paused', step });
  while (isPaused && !isStopped) await new Promise<void>((resolve) => (wake = resolve));
}

async function train(work: Work): Promise<void> {
  mkdirSync(work.checkpointDirectory, { recursive: true });
  const { settings, tracks, fromStep, checkpoints } = work;
  const isKind = (word: string): boolean => tracks.some(({ path }) => path.includes(word));
  const total = settings.length.unit === 'steps' ? settings.length.amount : 1_000_000;
  const kept = checkpoints.map(({ step }) => step);
  await reply({ type: 'opened', device: 'stand-in', deviceReason: `continues ${work.continuesPath ?? 'nothing'}` });
  await reply({ type: 'preparing', done: 1, total: tracks.length, audioSeconds: 10, detail: 'decoding one.wav' });
  for (const { trackId, path } of tracks.filter((track) => track.path.includes('silent')))
    await reply({ type: 'problem', trackId, path, code: 'TOO_SHORT', message: `${path} is silent.` });
  if (isKind('silent'))
    await reply({ type: 'problem', trackId: 0, path: '', code: 'CHECKPOINT_UNREADABLE', message: 'A checkpoint is cut.' });
  if (isKind('unheard'))
    return reply({ type: 'failed', error: { code: 'BAD_INPUT', message: 'None of it can be learnt from.', details: {} } });
  await reply({ type: 'prepared', tracks: tracks.length, tooShort: 0, fromStep: fromStep ?? 0, totalSteps: total, stepsPerEpoch: 2 });
  let step = fromStep ?? 0;
  while (step < total && (!isStopped || isKind('deaf'))) {
    await rest(step);
    if (isStopped && !isKind('deaf')) break;
    step++;
    await new Promise((resolve) => setTimeout(resolve, stepMs));
    const measured = { parts: { attraction: 1 / step }, learningRate: 0.001, gradientNorm: step, clipsPerSecond: 20, stepsPerSecond: 10 };
    const point = { step, epoch: step / 2, loss: 1 / step, ...measured };
    await reply({ type: 'stepped', point, activeSeconds: step / 10, totalSteps: total, idleShare: 0.01 });
    if (step % 5 === 0) await reply({ type: 'healthy', step, health });
    if (step % saveEvery === 0) await save(work, step, kept);
    if (step === 15 && isKind('killer')) process.kill(process.pid, 'SIGKILL');
    if (step === 15 && isKind('crashed')) throw new RangeError('Out of tensors');
    if (step === 15 && isKind('lost device'))
      await reply({ type: 'failed', error: { code: 'DEVICE_FAILED', message: 'The device is gone.', details: {} } });
  }
  if (!kept.includes(step)) await save(work, step, kept);
  const why = step < total ? 'stopped' : 'done';
  await reply({ type: 'ended', why, step, loss: 1 / step, activeSeconds: step / 10, clipsPerSecond: 20, idleShare: 0.02 });
  process.disconnect();
}

async function answer(request: Extract<TrainRequest, { type: 'estimate' | 'hear' }>): Promise<void> {
  if (request.tracks.some(({ path }) => path.includes('killer'))) process.kill(process.pid, 'SIGKILL');
  if (request.tracks.some(({ path }) => path.includes('deaf'))) return;
  const { settings, tracks } = request;
  const view = { startMs: 5, applied: ['gain −3.0 dB'], wave: '', spectrogram: '', bands: 0, frames: 0 };
  const track = tracks[(request.type === 'hear' ? request.seed : 0) % tracks.length];
  if (request.type === 'hear')
    await reply({
      type: 'heard',
      pair: { trackId: (track?.trackId ?? 0) as never, sampleRate: settings.encoder.sampleRate, views: [view, view] },
    });
  else {
    const measured = { stepSeconds: 0.5, megabytes: 300, steps: 100, epochs: 50, decodeSeconds: 0, totalSeconds: 50, warnings: [] };
    const estimate = { device: request.device, deviceReason: '', tracks: tracks.length, tooShort: 0, ...measured };
    await reply({ type: 'estimated', estimate });
  }
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
