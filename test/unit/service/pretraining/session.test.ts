/** @file A training process that does not end when it is asked to. */
import { describe, expect, it } from 'vitest';
import { Gate } from '../../../../src-main/service/jobs/gate.ts';
import type { TrainRequest } from '../../../../src-main/service/index.ts';
import { startTraining } from '../../../../src-main/service/pretraining/train-session.ts';
import { shortSettings } from '../../../support/pretraining.ts';
import { temporaryDirectory } from '../../../support/store-data.ts';

const entry = new URL('../../../support/entries/stand-in-train-process.ts', import.meta.url);

function request(name: string): Extract<TrainRequest, { type: 'train' }> {
  const directory = temporaryDirectory();
  return {
    ...{ type: 'train', settings: shortSettings({ length: { unit: 'steps', amount: 100_000 } }), device: 'auto' },
    tracks: [{ trackId: 1, path: `/music/${name}.mp3`, audioHash: name, durationMs: 60_000 }],
    ...{ labels: null, heldOut: [], cacheDirectory: directory, checkpointDirectory: directory, fromStep: null, continuesPath: null },
    activeSeconds: 0,
    ...{ checkpoints: [], codeVersion: '0' },
  };
}

describe('a training session', () => {
  it('that hears no stop is killed when the patience has ended', async () => {
    const abort = new AbortController();
    const { ended } = startTraining({
      ...{ entry, request: request('deaf'), gate: new Gate(), signal: abort.signal, patienceMs: 150 },
      onReply: (reply) => {
        if (reply.type === 'stepped') abort.abort();
      },
    });
    await expect(ended).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('ends with what its listener threw', async () => {
    const { ended } = startTraining({
      ...{ entry, request: request('one'), gate: new Gate(), signal: new AbortController().signal },
      onReply: (reply) => {
        if (reply.type === 'saved') throw new Error('no room');
      },
    });
    await expect(ended).rejects.toThrow('no room');
  });

  it('begins paused behind a closed gate, and is ended from there', async () => {
    const gate = new Gate();
    gate.close();
    const steps: number[] = [];
    const session = startTraining({
      ...{ entry, request: request('one'), gate, signal: new AbortController().signal },
      onReply: (reply) => {
        if (reply.type === 'stepped') steps.push(reply.point.step);
        if (reply.type === 'paused') session.stop();
      },
    });
    const end = await session.ended;
    expect(end).toMatchObject({ type: 'ended', why: 'stopped' });
    expect(steps.length).toBeLessThanOrEqual(1);
  });
});
