/** @file Entry of the weights process: reads one file of weights, whoever made it, and ends. */
import './end-with-reason.ts';
import { toAppError } from '../base/index.ts';
import { inspectForeign, loadWeights } from '../compute/index.ts';
import type { WeightsReply, WeightsRequest } from '../service/index.ts';

async function read({ path, isInspected, ...wanted }: WeightsRequest): Promise<WeightsReply> {
  try {
    if (isInspected === true) return { summary: inspectForeign(path) };
    const { encoder: _, ...weights } = await loadWeights(path, wanted);
    return { weights };
  } catch (error) {
    return { error: toAppError(error, `read the weights in ${path}`).toData() };
  }
}

process.on('message', (request: WeightsRequest) => void read(request).then((reply) => process.send?.(reply)));
process.on('disconnect', () => process.exit(0));
// Ctrl-C in a terminal reaches every process; the core decides what becomes of the work.
process.on('SIGINT', () => undefined);
