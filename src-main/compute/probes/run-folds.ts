/** @file A protocol on folds: every clip is judged once, by a probe that learnt from other folds, and another fold is what is validated. */
import { defined } from '../../base/index.ts';
import { probeParts } from './probe-problem.ts';
import type { ProbeProblem } from './probe-problem.ts';
import { runProtocol } from './run-protocol.ts';
import type { ProtocolWish, SeedResult } from './run-protocol.ts';

/** How it is followed. */
type Ways = { signal?: AbortSignal; onShare?: (share: number) => void };

/**
 * Runs a protocol with each fold as what is judged.
 * @param given its own parts do not count
 * @param folds for each seed the fold of each clip, from 0; three folds at least
 * @throws AppError BAD_INPUT, NOT_FINITE, DEVICE_FAILED, OUT_OF_MEMORY, CANCELLED
 */
export async function runFolds(
  given: ProbeProblem,
  folds: readonly Uint8Array[],
  wish: ProtocolWish,
  { onShare = () => undefined, ...ways }: Ways = {},
): Promise<SeedResult[]> {
  const results: SeedResult[] = [];
  for (const [place, seed] of wish.seeds.entries()) {
    const own = defined(folds[place], 'folds of a seed');
    const count = own.reduce((most, fold) => Math.max(most, fold + 1), 0);
    const each: SeedResult[] = [];
    for (let fold = 0; fold < count; fold++) {
      const problem = { ...given, parts: own.map((one) => partIn(one, { fold, count })) };
      const share = (within: number): void => onShare((place + (fold + within) / count) / wish.seeds.length);
      each.push(...(await runProtocol(problem, { ...wish, seeds: [seed] }, { ...ways, onShare: share })));
    }
    results.push(together(given.outputs, each));
  }
  return results;
}

function partIn(own: number, { fold, count }: { fold: number; count: number }): number {
  return own === fold ? probeParts.test : own === (fold + 1) % count ? probeParts.validation : probeParts.train;
}

/** What the folds of a seed said, in the order of clips. */
function together(outputs: number, each: readonly SeedResult[]): SeedResult {
  const first = defined(each[0], 'a fold');
  const rows = each
    .flatMap(({ outputs: said }) =>
      Array.from(said.clips, (clip, at) => ({ clip, said: said.outputs.subarray(at * outputs, (at + 1) * outputs) })),
    )
    .toSorted((a, b) => a.clip - b.clip);
  const all = new Float32Array(rows.length * outputs);
  for (const [at, { said }] of rows.entries()) all.set(said, at * outputs);
  const mean = (of: (one: SeedResult) => number): number => each.reduce((sum, one) => sum + of(one), 0) / each.length;
  return {
    ...{ seed: first.seed, trial: first.trial, validated: mean(({ validated }) => validated) },
    epochs: Math.max(...each.map(({ epochs }) => epochs)),
    steps: Math.min(...each.map(({ steps }) => steps)),
    shares: first.shares === null ? null : first.shares.map((_, layer) => mean(({ shares }) => shares?.[layer] ?? NaN)),
    outputs: { clips: Int32Array.from(rows, ({ clip }) => clip), outputs: all },
  };
}
