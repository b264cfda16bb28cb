/** @file Stands in for the training process at its port: three steps and a checkpoint, whatever the settings ask for, so that thousands of runs can be asked for. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeSafetensorsFile } from '../../../src-main/compute/index.ts';
import { findEncoder } from '../../../src-main/learn/index.ts';
import type { TrainReply, TrainRequest } from '../../../src-main/service/index.ts';

type Work = Extract<TrainRequest, { type: 'train' }>;

const steps = 3;

const reply = (message: TrainReply): Promise<void> => new Promise((resolve) => process.send?.(message, () => resolve()));

async function train({ settings, tracks, fromStep, checkpointDirectory }: Work): Promise<void> {
  mkdirSync(checkpointDirectory, { recursive: true });
  await reply({ type: 'opened', device: 'stand-in', deviceReason: '' });
  const from = fromStep ?? 0;
  await reply({ type: 'prepared', tracks: tracks.length, tooShort: 0, fromStep: from, totalSteps: from + steps, stepsPerEpoch: 2 });
  const last = from + steps;
  for (let step = from + 1; step <= last; step++) {
    const measured = { parts: { attraction: 1 / step }, learningRate: 0.001, gradientNorm: step, clipsPerSecond: 20, stepsPerSecond: 10 };
    await reply({
      type: 'stepped',
      point: { step, epoch: step / 2, loss: 1 / step, ...measured },
      activeSeconds: step,
      totalSteps: last,
      idleShare: 0,
    });
  }
  const { architecture, sampleRate } = settings.encoder;
  const tensors = new Map([...findEncoder(architecture, sampleRate).initialise(1)].map(([name, array]) => [`encoder.${name}`, array]));
  await writeSafetensorsFile(join(checkpointDirectory, `step-${last}.safetensors`), tensors, { architecture, step: String(last) });
  await reply({ type: 'saved', step: last, loss: 1 / last, rank: 40, bytes: 1000, isBest: true, activeSeconds: last });
  await reply({ type: 'ended', why: 'done', step: last, loss: 1 / last, activeSeconds: last, clipsPerSecond: 20, idleShare: 0 });
  process.disconnect();
}

async function answer({ type, settings, tracks, ...request }: Extract<TrainRequest, { type: 'estimate' | 'hear' }>): Promise<void> {
  const view = { startMs: 5, applied: ['gain −3.0 dB'], wave: '', spectrogram: '', bands: 0, frames: 0 };
  if (type === 'hear') {
    const pair = {
      trackId: (tracks[0]?.trackId ?? 1) as never,
      sampleRate: settings.encoder.sampleRate,
      views: [view, view] as [typeof view, typeof view],
    };
    return reply({ type: 'heard', pair });
  }
  const measured = { stepSeconds: 0.5, megabytes: 300, steps: 100, epochs: 50, decodeSeconds: 0, totalSeconds: 50, warnings: [] };
  const device = 'device' in request ? request.device : 'cpu';
  await reply({ type: 'estimated', estimate: { device, deviceReason: '', tracks: tracks.length, tooShort: 0, ...measured } });
}

process.on('message', (request: TrainRequest) => {
  if (request.type === 'train') void train(request);
  else if (request.type === 'estimate' || request.type === 'hear') void answer(request);
});
process.on('disconnect', () => process.exit(0));
