/** @file A protocol on embeddings: its trials with several seeds; of several trials the one that does best on what is validated is judged. */
import { defined } from '../../base/index.ts';
import { probes } from '../../learn/index.ts';
import { fitProbe } from './fit-probe.ts';
import type { FittedProbe } from './fit-probe.ts';
import type { ClipOutputs } from './judge-probe.ts';
import { checkProblem, meanRows, standardisedAnswers, standardisedRows } from './probe-problem.ts';
import type { ProbeProblem } from './probe-problem.ts';

/** `isStandardised`: rows are standardised whatever the protocol says, as those of plain statistics are, whose numbers are decibels. */
export type ProtocolWish = {
  trials: readonly probes.ProbeTrial[];
  reading: probes.ProbeReading;
  seeds: readonly number[];
  isStandardised: boolean;
};

/** What a seed's best trial came to. `trial`: its place among the trials; `shares`: of layers that are summed how much each counts, null without. */
export type SeedResult = {
  seed: number;
  trial: number;
  validated: number;
  epochs: number;
  steps: number;
  shares: number[] | null;
  outputs: ClipOutputs;
};

/** The best of several layers for each seed, by what is validated. @param all results of each layer, in one order of seeds @returns each with its layer's place */
export function bestLayers(all: readonly (readonly SeedResult[])[]): (SeedResult & { layer: number })[] {
  const [first = []] = all;
  return first.map((_, seed) => {
    const own = all.map((results, layer) => ({ ...defined(results[seed], 'a seed'), layer }));
    return own.reduce((best, one) => (one.validated > best.validated ? one : best));
  });
}

/** @throws AppError BAD_INPUT, NOT_FINITE, DEVICE_FAILED, OUT_OF_MEMORY, CANCELLED */
export async function runProtocol(
  given: ProbeProblem,
  { trials, reading, seeds, isStandardised }: ProtocolWish,
  { signal, onShare = () => undefined }: { signal?: AbortSignal; onShare?: (share: number) => void } = {},
): Promise<SeedResult[]> {
  checkProblem(given);
  const plain = standardisedAnswers(reading.taughtBy === 'mean' ? meanRows(given) : given);
  let standard: ProbeProblem | undefined;
  const all = seeds.length * trials.length;
  const results: SeedResult[] = [];
  for (const [place, seed] of seeds.entries()) {
    let best: { trial: number; fit: FittedProbe } | undefined;
    for (const [at, trial] of trials.entries()) {
      const isStandard = isStandardised || trial.isStandardised;
      if (isStandard) standard ??= standardisedRows(plain);
      const done = place * trials.length + at;
      const fitting = {
        problem: isStandard ? defined(standard, 'rows') : plain,
        trial,
        reading,
        seed,
        ...(signal === undefined ? {} : { signal }),
      };
      const fit = await fitProbe(fitting, (share) => onShare((done + share) / all));
      if (best === undefined || fit.value > best.fit.value) best = { trial: at, fit };
      onShare((done + 1) / all);
    }
    const { trial, fit } = defined(best, 'a trial');
    results.push({
      seed,
      trial,
      validated: fit.value,
      epochs: fit.epochs,
      steps: fit.steps,
      shares: probes.layerShares(fit.weights),
      outputs: fit.outputs,
    });
  }
  return results;
}
