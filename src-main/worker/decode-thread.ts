/** @file Entry of a decode thread: carries out one task at a time and sends no more blocks than it was given leave for. */
import { parentPort, workerData } from 'node:worker_threads';
import { decodeMono, PeaksBuilder, printAudio, probeAudio, transcodeToFlac } from '../audio/index.ts';
import type { DecodeSummary } from '../audio/index.ts';
import { defined, toAppError } from '../base/index.ts';
import type { DecodeTask, FromThread, ToThread } from './decode-messages.ts';
import { ThreadControl } from './thread-control.ts';

type Decoding = { id: number; blocks: Generator<Float32Array, DecodeSummary>; peaks: PeaksBuilder };

const port = defined(parentPort, 'the thread that started this one');
const control = new ThreadControl(workerData as SharedArrayBuffer);
let decoding: Decoding | null = null;

const send = (message: FromThread, transfer: readonly ArrayBuffer[] = []): void => port.postMessage(message, transfer);

function begin(id: number, task: DecodeTask): void {
  switch (task.type) {
    case 'probe':
      return send({ type: 'probed', id, probe: probeAudio(task.path) });
    case 'transcode':
      transcodeToFlac(task.path, task.outPath, () => control.isStopping);
      return send({ type: 'done', id });
    case 'fingerprint': {
      const print = printAudio(task.path, () => control.isStopping);
      return send({ type: 'printed', id, print }, [print.buffer]);
    }
    case 'decode': {
      const { path, ...options } = task;
      decoding = { id, blocks: decodeMono(path, options), peaks: new PeaksBuilder(task.sampleRate) };
    }
  }
}

/** Decodes and sends one block; then the thread is idle, and hears messages, until it is given leave again. */
function advance({ id, blocks, peaks }: Decoding): void {
  const step = blocks.next();
  if (step.done === true) {
    decoding = null;
    const outline = new Uint8Array(peaks.finish());
    return send({ type: 'decoded', id, end: { ...step.value, peaks: outline } }, [outline.buffer]);
  }
  peaks.push(step.value);
  send({ type: 'block', id, samples: step.value }, [step.value.buffer as ArrayBuffer]);
}

/** Closes the file; one that were left open would also keep the thread from ending. */
function cancel(): void {
  const ended = decoding;
  decoding = null;
  ended?.blocks.return({ samples: 0, durationMs: 0, truncated: false, damagedFrames: 0 });
}

/** Leave or an end that crossed the task's own end on the way finds nothing to do. */
function receive(message: Exclude<ToThread, { type: 'close' }>): void {
  if (message.type === 'task') begin(message.id, message.task);
  else if (decoding?.id === message.id) {
    if (message.type === 'more') advance(decoding);
    else cancel();
  }
}

function hear(message: ToThread): void {
  if (message.type === 'close') {
    cancel();
    port.close();
    return;
  }
  try {
    control.whileBusy(() => receive(message));
  } catch (error) {
    decoding = null;
    send({ type: 'failed', id: message.id, error: toAppError(error, 'decode').toData() });
  }
}

port.on('message', hear);
