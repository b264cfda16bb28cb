/** @file The run that a contestant came from, and how long it had learnt until then. */
import type { Contestant } from '../../contract/index.ts';
import type { Store } from '../../store/index.ts';
import type { Entrant } from './contestants.ts';

/** Null for what no run of this library made. Seconds of runs that it went on from count as well. */
export function trainingOf({ runs }: Pick<Store, 'runs'>, { kind, encoder }: Entrant): Contestant['training'] {
  if (kind !== 'encoder' || encoder === null || encoder.run === null) return null;
  const [all, { id: runId, step }] = [runs.list(), encoder.run];
  const run = all.find(({ id }) => id === runId);
  if (run === undefined) return null;
  let seconds = run.step === 0 ? 0 : run.activeSeconds * (step / run.step);
  for (let before = run.continuesRunId; before !== null;) {
    const earlier = all.find(({ id }) => id === before);
    seconds += earlier?.activeSeconds ?? 0;
    before = earlier?.continuesRunId ?? null;
  }
  return { runId, step, seconds };
}
