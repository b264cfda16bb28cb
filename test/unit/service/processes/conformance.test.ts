/** @file Stand-ins at the ports of processes say what the real processes say: the same tests, and where nothing is learnt the same answers. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashWeights, writeSafetensorsFile } from '../../../../src-main/compute/index.ts';
import { pretraining } from '../../../../src-main/contract/index.ts';
import { sourceEntries } from '../../../../src-main/host/core.ts';
import { findEncoder } from '../../../../src-main/learn/index.ts';
import type { IndexReply, IndexRequest, TrainReply, TrainRequest } from '../../../../src-main/service/index.ts';
import { startChild } from '../../../../src-main/service/processes/child.ts';
import { judge } from '../../../../src-main/worker/train/health.ts';
import { shortSettings } from '../../../support/pretraining.ts';
import { standInEntries } from '../../../support/seed/core.ts';
import { writeWav } from '../../../support/wav.ts';

const misbehaving = new URL('../../../support/entries/stand-in-train-process.ts', import.meta.url);
const encoder = findEncoder('sample-cnn', 8000);

/** An empty folder that is gone after the tests. */
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'earmark-conformance-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Everything that a process says until it ends. `hear` may answer. */
async function listen<Request, Reply>(
  entry: URL,
  requests: readonly Request[],
  hear: (reply: Reply, send: (request: Request) => void) => void = () => undefined,
): Promise<{ replies: Reply[]; how: string }> {
  const replies: Reply[] = [];
  const { promise, resolve } = Promise.withResolvers<string>();
  const child = startChild<Request, Reply>(entry, {
    onMessage: (reply) => {
      replies.push(reply);
      hear(reply, (request) => child.send(request));
    },
    onExit: resolve,
  });
  for (const request of requests) child.send(request);
  return { replies, how: await promise };
}

describe('the stand-in of the index process', () => {
  let heard: { name: string; replies: IndexReply[]; how: string }[];

  beforeAll(async () => {
    const directory = temporaryFolder();
    const weightsPath = join(directory, 'weights.safetensors');
    await writeSafetensorsFile(weightsPath, encoder.initialise(1));
    const open: IndexRequest = {
      ...{ type: 'open', encoder: encoder.settings, weightsPath, weightsSha256: hashWeights(encoder.initialise(1)) },
      ...{ outputs: [{ output: 'embedding', pooling: 'mean' }], device: 'cpu', hopSamples: null, decodeThreads: 2, isFed: false },
    };
    const tracks = musicIn(directory).map((path, i) => ({ trackId: i + 1, path }));
    const requests: IndexRequest[] = [open, { type: 'pause' }, { type: 'tracks', tracks }, { type: 'end' }];
    // Paused from the start, it goes on when it is resumed at the first track that it reads.
    const resume = (reply: IndexReply, send: (request: IndexRequest) => void): void => {
      if (reply.type === 'decoding') send({ type: 'resume' });
    };
    const entries = { 'the process': sourceEntries.indexProcess, 'its stand-in': standInEntries.indexProcess };
    heard = [];
    for (const [name, entry] of Object.entries(entries)) heard.push({ name, ...(await listen(entry, requests, resume)) });
  });

  it('ends tracks in their order, says first what it reads, and ends by itself', () => {
    for (const { name, replies, how } of heard) {
      expect(replies[0], name).toMatchObject({ type: 'opened', cropSamples: encoder.cropSamples, dimensions: 512 });
      expect(replies.at(-1), name).toMatchObject({ type: 'ended', segments: 4 });
      expect(how, name).toBe('ended with code 0');
      const place = (type: string, trackId: number): number =>
        replies.findIndex((one) => one.type === type && 'trackId' in one && one.trackId === trackId);
      for (const trackId of [1, 2]) expect(place('decoding', trackId), name).toBeLessThan(place('rows', trackId));
      const ends = replies.filter(({ type }) => type === 'finished' || type === 'failed');
      expect(
        ends.map((one) => [one.type, 'trackId' in one && one.trackId]),
        name,
      ).toEqual([
        ['finished', 1],
        ['finished', 2],
        ['failed', 3],
      ]);
    }
  });

  it('says the same of every track but what the encoder makes of it', () => {
    const [real, standIn] = heard.map(({ replies }) => ({
      ends: replies.filter(({ type }) => type === 'finished' || type === 'failed'),
      values: [1, 2, 3].map((trackId) =>
        replies.reduce((sum, one) => sum + (one.type === 'rows' && one.trackId === trackId ? one.rows.length : 0), 0),
      ),
    }));
    expect(standIn).toEqual(real);
  });
});

const trainEntries = {
  'the process': sourceEntries.trainProcess,
  'its stand-in': standInEntries.trainProcess,
  'the one that misbehaves': misbehaving,
};

describe.each(Object.entries(trainEntries))('training, by %s', (_, entry) => {
  const folder = temporaryFolder();
  const tracks = musicIn(folder)
    .slice(0, 2)
    .map((path, i) => ({ trackId: i + 1, path, audioHash: `sound ${i}`, durationMs: 8000 }));
  const work = {
    settings: shortSettings({ length: { unit: 'steps', amount: 3 } }),
    device: 'cpu',
    tracks,
    labels: null,
    heldOut: [],
    cacheDirectory: join(folder, 'cache'),
  };
  const request = (name: string, amount: number): Extract<TrainRequest, { type: 'train' }> => ({
    ...{ ...work, settings: shortSettings({ length: { unit: 'steps', amount } }), type: 'train', checkpointDirectory: join(folder, name) },
    ...{ fromStep: null, continuesPath: null, activeSeconds: 0, checkpoints: [], codeVersion: 'test' },
  });

  it('takes every step once, measures as the contract says, and leaves its last checkpoint', async () => {
    const { replies, how } = await listen<TrainRequest, TrainReply>(entry, [request('whole', 5)]);
    expect(how).toBe('ended with code 0');
    expect(replies[0]?.type).toBe('opened');
    const steps = replies.flatMap((one) => (one.type === 'stepped' ? [pretraining.runPointSchema.parse(one.point).step] : []));
    expect(steps).toEqual([1, 2, 3, 4, 5]);
    const measured = replies.flatMap((one) => (one.type === 'healthy' ? [pretraining.healthSchema.parse(one.health)] : []));
    expect(measured.length).toBeGreaterThan(0);
    for (const health of measured) expect(sentencesOf(health)).toContainEqual([health.verdict, health.says]);
    expect(replies.findIndex(({ type }) => type === 'prepared')).toBeLessThan(replies.findIndex(({ type }) => type === 'stepped'));
    expect(replies.findLast(({ type }) => type === 'saved')).toMatchObject({ step: 5, isBest: true });
    expect(existsSync(join(folder, 'whole', 'step-5.safetensors'))).toBe(true);
    expect(replies.at(-1)).toMatchObject({ type: 'ended', why: 'done', step: 5 });
  });

  it('rests when it is paused, and ends after the step under way with a checkpoint when it is stopped', async () => {
    const { replies } = await listen<TrainRequest, TrainReply>(entry, [request('stopped', 100_000)], (reply, send) => {
      if (reply.type === 'stepped' && reply.point.step === 1) send({ type: 'pause' });
      if (reply.type === 'paused') send({ type: 'stop' });
    });
    const [paused, ended] = [replies.find(({ type }) => type === 'paused'), replies.at(-1)];
    expect(ended).toMatchObject({ type: 'ended', why: 'stopped', step: paused?.type === 'paused' ? paused.step : null });
    expect(replies.findLast(({ type }) => type === 'saved')).toMatchObject({ step: ended?.type === 'ended' ? ended.step : null });
  });
});

/** What the training process says of such figures: its verdict on spread and dimensions, or that nothing was learnt yet. */
function sentencesOf({ deviationMean, dimensions, rank, positive, negative }: pretraining.Health): [string, string][] {
  const { verdict, says } = judge(deviationMean * Math.sqrt(dimensions), rank, negative);
  if (verdict !== 'healthy') return [[verdict, says]];
  const figures = `(${positive.toFixed(3)} and ${negative.toFixed(3)} on average)`;
  const unlearnt = `Has not learnt anything yet: two views of a track are hardly more alike than views of different tracks ${figures}.`;
  return [
    [verdict, says],
    ['unlearnt', unlearnt],
  ];
}

/** Two files with two segments each, and one that is no audio. */
function musicIn(folder: string): string[] {
  const paths = ['one.wav', 'two.wav', 'three.wav'].map((name) => join(folder, name));
  const [one = '', two = '', three = ''] = paths;
  const seconds = (2.2 * encoder.cropSamples) / 8000;
  writeWav(one, { seconds, seed: 1, sampleRate: 8000 });
  writeWav(two, { seconds, seed: 2, sampleRate: 8000 });
  writeFileSync(three, 'These are words, and no audio at all. '.repeat(200));
  return paths;
}
