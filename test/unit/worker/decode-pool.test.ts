import { fork } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { decodeMono, PeaksBuilder, peaksPerSecond, probeAudio } from '../../../src-main/audio/index.ts';
import { DecodePool } from '../../../src-main/worker/decode-pool.ts';
import type { PoolDecodeOptions } from '../../../src-main/worker/decode-pool.ts';
import type { DecodeEnd } from '../../../src-main/worker/decode-messages.ts';
import { decodeAll, joinBlocks, makeFolder } from '../../support/decode-all.ts';
import { makeAudio } from '../../support/make-audio.ts';

const folder = makeFolder();
const song = folder.path('song.mp3');
const long = folder.path('long.wav');
const sound = (time: number, channel: number): number => 0.4 * Math.sin(2000 * time * (1 + time / 20)) + 0.1 * channel;

beforeAll(() => {
  makeAudio(song, { kind: 'mp3', seconds: 8, sound });
  makeAudio(long, { kind: 'wav', seconds: 120, sampleRate: 22_050, channels: 1, sound });
});
afterAll(folder.remove);

let pool: DecodePool;
afterEach(() => pool.close());

type Whole = { samples: Float32Array; end: DecodeEnd };

async function decodeWith(path: string, options: PoolDecodeOptions = { sampleRate: 22_050 }): Promise<Whole> {
  const blocks: Float32Array[] = [];
  const decoding = pool.decode(path, options);
  for (let step = await decoding.next(); ; step = await decoding.next()) {
    if (step.done === true) return { samples: joinBlocks(blocks), end: step.value };
    blocks.push(step.value);
  }
}

describe('the decode pool', () => {
  it('gives what decoding here gives, with the outline', async () => {
    pool = new DecodePool({ threads: 1 });
    const here = decodeAll(song, { sampleRate: 22_050 });
    const there = await decodeWith(song, { sampleRate: 22_050, blockSamples: 10_000 });
    expect(there.samples).toEqual(here.samples);
    const peaks = new PeaksBuilder(22_050);
    peaks.push(here.samples);
    expect(there.end).toEqual({ ...here.summary, peaks: peaks.finish() });
    expect(there.end.peaks.length).toBe(8 * peaksPerSecond);
    expect(await pool.probe(song)).toEqual(probeAudio(song));
  });

  it('works through more files than it has threads, the bad ones among them', async () => {
    pool = new DecodePool({ threads: 2 });
    writeFileSync(folder.path('text.mp3'), 'no sound here');
    const paths = [song, folder.path('text.mp3'), song, folder.path('gone.mp3'), song, song];
    const outcomes = await Promise.all(
      paths.map((path) =>
        decodeWith(path).then(
          ({ end }) => end.samples,
          (error: { code: string }) => error.code,
        ),
      ),
    );
    expect(outcomes).toEqual([176_400, 'NOT_AUDIO', 176_400, 'FILE_GONE', 176_400, 176_400]);
    await expect(pool.probe(folder.path('gone.mp3'))).rejects.toMatchObject({ code: 'FILE_GONE' });
  });

  it('transcodes', async () => {
    pool = new DecodePool({ threads: 1 });
    await pool.transcodeToFlac(song, folder.path('copy.flac'));
    expect(probeAudio(folder.path('copy.flac')).codec).toBe('flac');
    await expect(pool.transcodeToFlac(folder.path('gone.mp3'), folder.path('x.flac'))).rejects.toMatchObject({ code: 'FILE_GONE' });
  });

  it('stops when nobody takes the blocks, whatever the length of the file', async () => {
    pool = new DecodePool({ threads: 2 });
    const blockSamples = 22_050;
    const decoding = pool.decode(long, { sampleRate: 22_050, blockSamples });
    await decoding.next();
    // What was decoded in vain would lie in this process's memory: 120 blocks of 88 kB instead of three.
    const before = process.memoryUsage().arrayBuffers;
    // Meanwhile the other thread does much more than this one would need for the whole file.
    for (let i = 0; i < 30; i++) await pool.probe(song);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10 * blockSamples * 4);
    let blocks = 1;
    for (let step = await decoding.next(); step.done !== true; step = await decoding.next()) blocks++;
    expect(blocks).toBe(120);
  });

  it('is free again when a reader goes away in the middle', async () => {
    pool = new DecodePool({ threads: 1 });
    for await (const block of pool.decode(long, { sampleRate: 22_050 })) {
      expect(block.length).toBe(65_536);
      break;
    }
    expect((await decodeWith(song)).end.samples).toBe(176_400);
  });

  it('ends a file that is cancelled, also one that has not begun, and goes on with the next', async () => {
    pool = new DecodePool({ threads: 1 });
    const [running, waiting] = [new AbortController(), new AbortController()];
    const first = pool.decode(long, { sampleRate: 22_050, signal: running.signal });
    await first.next();
    const second = decodeWith(long, { sampleRate: 22_050, signal: waiting.signal });
    const third = decodeWith(song);
    waiting.abort();
    await expect(second).rejects.toMatchObject({ code: 'CANCELLED' });
    running.abort();
    await expect(first.next()).rejects.toMatchObject({ code: 'CANCELLED' });
    expect((await third).end.samples).toBe(176_400);
    await expect(decodeWith(song, { sampleRate: 22_050, signal: running.signal })).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('replaces a thread that dies, and fails only the file that it worked on', async () => {
    pool = new DecodePool({ threads: 2, entry: new URL('./entries/dying-thread.ts', import.meta.url) });
    const deadly = folder.path('deadly.mp3');
    const outcomes = await Promise.all(
      [deadly, song, deadly, song, deadly, song].map((path) =>
        decodeWith(path).then(
          ({ end }) => end.samples,
          (error: { code: string }) => error.code,
        ),
      ),
    );
    expect(outcomes).toEqual(['DECODER_CRASHED', 176_400, 'DECODER_CRASHED', 176_400, 'DECODER_CRASHED', 176_400]);
    await expect(pool.probe(deadly)).rejects.toMatchObject({
      code: 'DECODER_CRASHED',
      message: expect.stringContaining('deadly.mp3') as string,
    });
    expect((await pool.probe(song)).codec).toBe('mp3');
  });

  it('does not keep a process that exits in the middle of a file', async () => {
    pool = new DecodePool({ threads: 1 });
    const child = fork(new URL('./entries/exits-early.ts', import.meta.url), [long]);
    expect(await new Promise((resolve) => child.on('exit', resolve))).toBe(7);
  });

  it('closes in the middle of a copy', async () => {
    mkdirSync(folder.path('copies'));
    pool = new DecodePool({ threads: 1 });
    const copying = Promise.allSettled([pool.transcodeToFlac(long, folder.path('copies/unfinished.flac'))]);
    const hasBegun = (): boolean => readdirSync(folder.path('copies')).some((name) => name.endsWith('.part'));
    while (!hasBegun()) await new Promise((resolve) => setImmediate(resolve));
    await pool.close();
    expect(readdirSync(folder.path('copies'))).toEqual([]);
    expect((await copying)[0]).toMatchObject({ status: 'rejected', reason: { code: 'CANCELLED' } });
  });

  it('ends what is under way and what waits when it is closed', async () => {
    pool = new DecodePool({ threads: 1 });
    const running = decodeWith(long, { sampleRate: 22_050, blockSamples: 1000 });
    const waiting = decodeWith(song);
    const outcomes = Promise.allSettled([running, waiting]);
    await pool.close();
    for (const outcome of await outcomes) expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'CANCELLED' } });
    await expect(decodeWith(song)).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

describe('memory', () => {
  it('does not grow with the length of a file', () => {
    // Raw AAC frames can be put one after the other.
    makeAudio(folder.path('minute.aac'), {
      kind: 'adts',
      seconds: 60,
      sampleRate: 8000,
      channels: 1,
      sound: (time) => 0.2 * Math.sin(300 * time),
    });
    const minute = readFileSync(folder.path('minute.aac'));
    const mix = (minutes: number): string => {
      const path = folder.path(`mix-${minutes}.aac`);
      writeFileSync(path, Buffer.concat(Array.from({ length: minutes }, () => minute)));
      return path;
    };
    const tenMinutes = largestMemory(mix(10));
    expect(largestMemory(mix(100)) - tenMinutes).toBeLessThan(50 * 2 ** 20);
  });
});

/** The largest resident memory seen while a file is decoded, bytes; 100 minutes at 22 050 Hz are 529 MB. */
function largestMemory(path: string): number {
  let largest = 0;
  const decoding = decodeMono(path, { sampleRate: 22_050 });
  for (let step = decoding.next(); step.done !== true; step = decoding.next()) largest = Math.max(largest, process.memoryUsage().rss);
  return largest;
}
