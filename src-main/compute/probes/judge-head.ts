/** @file A head that was trained with its encoder, judged as a probe is: by the same clips, put together from their segments alike. */
import { AppError, defined } from '../../base/index.ts';
import type { probes, WeightArray } from '../../learn/index.ts';
import { fitProbe } from './fit-probe.ts';
import { checkProblem, meanRows } from './probe-problem.ts';
import type { ProbeProblem } from './probe-problem.ts';
import type { SeedResult } from './run-protocol.ts';

/** Nothing is learnt in no epoch. */
const still: Omit<probes.ProbeTrial, 'hidden'> = {
  ...{ dropout: 0, isStandardised: false, learningRate: 0, schedule: { kind: 'constant' }, batch: 1, mostEpochs: 0 },
  ...{ optimizer: { kind: 'sgd', momentum: 0, nesterov: false, weightDecay: 0 }, evaluatedEvery: null, patience: null, watched: 'score' },
};

/**
 * @param head its layers as a probe’s: `fc`, behind `hidden` where there is one
 * @throws AppError BAD_INPUT for a head of other outputs or another embedding, NOT_FINITE, DEVICE_FAILED, OUT_OF_MEMORY, CANCELLED
 */
export async function judgeHead(
  given: ProbeProblem,
  { head, reading, signal }: { head: ReadonlyMap<string, WeightArray>; reading: probes.ProbeReading; signal?: AbortSignal },
): Promise<Pick<SeedResult, 'validated' | 'outputs'>> {
  checkProblem(given);
  const [outputs, width] = defined(head.get('fc.weight'), 'fc.weight').shape;
  const hidden = head.get('hidden.weight')?.shape ?? null;
  if (outputs !== given.outputs || (hidden?.[1] ?? width) !== given.dimensions)
    throw new AppError('BAD_INPUT', `The head gives ${outputs} numbers, and the task has ${given.outputs} labels. Train it on this task.`);
  const problem = reading.taughtBy === 'mean' ? meanRows(given) : given;
  const trial = { ...still, hidden: hidden?.[0] ?? null };
  const fit = await fitProbe({ problem, trial, reading, seed: 0, first: head, ...(signal === undefined ? {} : { signal }) });
  return { validated: fit.value, outputs: fit.outputs };
}
