/** @file Entry of a thread that searches among vectors: pure WebAssembly and reading of Earmark's own files, nothing that could take the core down. */
import { parentPort, workerData } from 'node:worker_threads';
import { defined, toAppError } from '../base/index.ts';
import type { ScanAnswer, ScanOrder } from '../service/index.ts';
import { scanThread } from '../store/neighbours/thread.ts';

const port = defined(parentPort, 'the thread that started this one');
const answer = scanThread((workerData as { thread: number }).thread);

port.on('message', (order: ScanOrder | 'close') => {
  if (order === 'close') {
    answer('closeFiles', null);
    return port.close();
  }
  const { id, name, input } = order;
  try {
    port.postMessage({ id, output: answer(name, input) } satisfies ScanAnswer);
  } catch (error) {
    port.postMessage({ id, error: toAppError(error, 'search among the vectors').toData() } satisfies ScanAnswer);
  }
});
