/** @file Entry of a thread that is asked one question about an index's neurons: it reads Earmark's own files and computes, nothing more. */
import { parentPort, workerData } from 'node:worker_threads';
import { defined, toAppError } from '../base/index.ts';
import type { InspectOrder, ThreadAnswer } from '../service/index.ts';
import { layers, match, nearest } from './inspect/beside.ts';
import { chance, compare } from './inspect/compare.ts';
import { factors } from './inspect/factors.ts';
import { likeness } from './inspect/likeness.ts';
import { profile } from './inspect/profile.ts';
import { readSums } from './inspect/read-sums.ts';
import { seldom } from './inspect/told.ts';
import { tops } from './inspect/tops.ts';

const port = defined(parentPort, 'the thread that started this one');
const say = (answer: ThreadAnswer<unknown>): void => port.postMessage(answer);
const told = (done: number): void => say({ done });

function answer(order: InspectOrder): unknown {
  switch (order.kind) {
    case 'rows':
      return readSums(order, seldom(4, told));
    case 'names':
      return compare(order, seldom(4, told));
    case 'chance':
      return chance(order);
    case 'profile':
      return profile(order, told);
    case 'tops':
      return tops(order, seldom(4, told));
    case 'factors':
      return factors(order, told);
    case 'likeness':
      return likeness(order, told);
    case 'match':
      return match(order, told);
    case 'layers':
      return layers(order, told);
    case 'nearest':
      return nearest(order, told);
  }
}

try {
  say({ result: answer(workerData as InspectOrder) });
} catch (error) {
  say({ error: toAppError(error, 'look at the neurons').toData() });
}
