/** @file One training from scratch as a run of the data set’s library: it is known again by its name, and goes on where it was ended. */
import { AppError, defined } from '../../base/index.ts';
import { paperPatience, pretraining } from '../../contract/index.ts';
import type { EncoderId, Scratch, TrackId } from '../../contract/index.ts';
import type { WeightArrays } from '../../learn/index.ts';
import type { StartedJob } from '../jobs/jobs.ts';
import type { Pretraining } from '../pretraining/pretraining.ts';
import type { ScratchPlan } from './scratch-plan.ts';

/** A training that is wanted; `name` says everything that decides it. */
export type ScratchRun = { name: string; settings: pretraining.PretrainSettings; plan: ScratchPlan };

/** A training that is done: the encoder of its best checkpoint, the head beside it, and how it went. */
export type TrainedFromScratch = { encoderId: EncoderId; head: WeightArrays; told: Scratch['each'][number] };

/** @param follow waits for a job as a part of the evaluation @throws AppError as runs do; CANCELLED */
export async function trainFromScratch(
  runs: Pretraining,
  { name, settings, plan }: ScratchRun,
  follow: (job: StartedJob) => Promise<void>,
): Promise<TrainedFromScratch> {
  const known = runs.list().find((run) => run.name === name);
  let runId = known?.id;
  if (known === undefined || known.state !== 'done') {
    const trackIds = plan.taught.map(({ trackId }) => trackId as TrackId);
    const started =
      known === undefined
        ? runs.start({ settings, selection: { kind: 'tracks', trackIds }, device: 'auto', name }, plan)
        : runs.resume({ runId: known.id });
    runId = started.runId;
    await follow(started);
  }
  const run = runs.get(defined(runId, 'a run'));
  if (run.state !== 'done') throw new AppError('CANCELLED', run.message === '' ? 'The training did not come to its end.' : run.message);
  const judgedStep = defined(pretraining.encoderStep(run), 'a checkpoint');
  return {
    encoderId: await runs.makeEncoder(run.id, judgedStep),
    head: await runs.head(run.id, judgedStep),
    told: {
      ...{ seed: settings.seed, steps: run.step, epochs: run.last?.epoch ?? 0, judgedStep, seconds: run.activeSeconds },
      isExhausted: (run.health?.heldOut?.since ?? 0) >= paperPatience,
    },
  };
}
