/** @file Entry of a thread that is asked one question about an index's neurons: it reads Earmark's own files and computes, nothing more. */
import { parentPort, workerData } from 'node:worker_threads';
import { defined, toAppError } from '../base/index.ts';
import type { InspectOrder, ThreadAnswer } from '../service/index.ts';
import { look } from './inspect/look.ts';
import { profile } from './inspect/profile.ts';
import { seldom } from './inspect/told.ts';

const port = defined(parentPort, 'the thread that started this one');
const say = (answer: ThreadAnswer<unknown>): void => port.postMessage(answer);
const told = (done: number): void => say({ done });

function answer(order: InspectOrder): unknown {
  switch (order.kind) {
    case 'neurons':
      return look(order, seldom(4, told));
    case 'profile':
      return profile(order, told);
  }
}

try {
  say({ result: answer(workerData as InspectOrder) });
} catch (error) {
  say({ error: toAppError(error, 'look at the neurons').toData() });
}
