/** @file The thread of a bench that draws one map. */
import { parentPort, workerData } from 'node:worker_threads';
import { made, timeMap } from './map.ts';
import type { MapOrder, MapTime } from './map.ts';

const { count, method } = workerData as MapOrder;
const { seconds, busy } = timeMap(made(count), method);
parentPort?.postMessage({ seconds, busy } satisfies MapTime);
