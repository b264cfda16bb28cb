/** @file Steps whose batch is computed at once: one graph. */
import type { OnnxDeviceId } from '../devices/device.ts';
import { record } from '../record/record.ts';
import { stepGraph } from './graphs.ts';
import { evaluator } from './evaluation.ts';
import { Residents } from './resident.ts';
import { partArrays, resultOf, scalar } from './step-arrays.ts';
import type { OpenSteps, Steps } from './steps.ts';

/** Records the step, opens it, and puts weights and state on the device. */
export async function openWholeSteps(options: OpenSteps<OnnxDeviceId>): Promise<Steps> {
  const { model, batch, device, threads } = options;
  const residents = new Residents(device, threads);
  for (const [name, array] of [...options.weights, ...options.state]) await residents.put(name, array);
  const run = await residents.open(record(stepGraph(options)));
  return {
    take: async ({ batch: parts, learningRate, step }) =>
      resultOf(await run({ ...partArrays(model.method, batch, parts), learningRate: scalar(learningRate), step: scalar(step) })),
    evaluate: evaluator(options, residents),
    read: (names) => residents.read(names),
    close: () => residents.close(),
  };
}
