/** @file Entry of the media process: answers one message a task. Native decoders run here, never in the core. */
import './end-with-reason.ts';
import { changeField, readField, readPicture, readTags } from '../audio/index.ts';
import { toAppError } from '../base/index.ts';
import { segmentSound } from '../inspect/index.ts';
import type { SegmentSound } from '../inspect/index.ts';
import type { MediaAnswers, MediaReply, MediaRequest, MediaTask } from '../service/index.ts';
import { DecodePool } from './decode-pool.ts';

/** Peaks do not depend on the rate; a low one is quick. */
const peaksSampleRate = 8000;

const pool = new DecodePool({ threads: 2 });

async function carryOut(task: MediaTask): Promise<MediaAnswers[MediaTask['type']]> {
  switch (task.type) {
    case 'read': {
      const probe = await pool.probe(task.path);
      return { probe, tags: await readTags(task.path) };
    }
    case 'peaks': {
      const blocks = pool.decode(task.path, { sampleRate: peaksSampleRate });
      let step = await blocks.next();
      while (step.done !== true) step = await blocks.next();
      return { peaks: step.value.peaks, durationMs: step.value.durationMs };
    }
    case 'picture':
      return await readPicture(task.path);
    case 'passage':
      return await passage(task);
    case 'seeks':
      return (await pool.probe(task.path)).seeksExactly;
    case 'fingerprint':
      return await pool.fingerprint(task.path);
    case 'sound':
      return await soundOf(task);
    case 'transcode':
      await pool.transcodeToFlac(task.path, task.outPath);
      return null;
    case 'readField':
      return await readField(task.path, task.field);
    case 'changeField':
      return await changeField(task.path, task.change, (path) => pool.probe(path));
  }
}

/** The samples of a stretch; what comes after it is not decoded. */
async function passage({ path, startMs, endMs, sampleRate }: Extract<MediaTask, { type: 'passage' }>): Promise<Float32Array> {
  const [start, end] = [startMs, endMs].map((time) => Math.round((time * sampleRate) / 1000)) as [number, number];
  const samples = new Float32Array(end - start);
  let at = 0;
  for await (const block of pool.decode(path, { sampleRate })) {
    const part = block.subarray(Math.max(0, start - at), Math.max(0, end - at));
    samples.set(part, Math.max(0, at - start));
    at += block.length;
    if (at >= end) break;
  }
  return samples.subarray(0, Math.max(0, Math.min(end, at) - start));
}

/** How a stretch of a file sounds; it is measured here, so that no samples travel. */
async function soundOf({ path, sampleRate, startMs, endMs }: Extract<MediaTask, { type: 'sound' }>): Promise<SegmentSound | null> {
  const wave = new Float32Array(Math.round(((endMs - startMs) * sampleRate) / 1000));
  let samples = 0;
  for await (const block of pool.decode(path, { sampleRate, startMs, endMs })) {
    wave.set(block.subarray(0, wave.length - samples), samples);
    samples = Math.min(wave.length, samples + block.length);
  }
  return segmentSound(wave.subarray(0, samples), sampleRate);
}

const reply = (message: MediaReply): void => void process.send?.(message);

process.on('message', ({ id, task }: MediaRequest) => {
  carryOut(task).then(
    (value) => reply({ id, value }),
    (error: unknown) => reply({ id, error: toAppError(error, `read ${task.path}`).toData() }),
  );
});
process.on('disconnect', () => process.exit(0));
// Ctrl-C in a terminal reaches every process; the core decides what becomes of the work.
process.on('SIGINT', () => undefined);
