/** @file Runs of before: one that is done, one that collapsed and was stopped, and one that the end of the program interrupted. */
import { pretraining } from '../../../src-main/contract/index.ts';
import type { pretraining as types } from '../../../src-main/contract/index.ts';
import { selectTracks } from '../../../src-main/service/pretraining/selection.ts';
import { makeRunFolder } from '../../../src-main/service/pretraining/run-folder.ts';
import type { Store } from '../../../src-main/store/index.ts';
import { writeCheckpoint } from '../../../src-main/worker/train/checkpoint-files.ts';
import { courseOf, courseStepsPerSecond, healthAt, pointAt, standInWeights } from './course.ts';

type PastRun = { name: string; settings: types.PretrainSettings; step: number; totalSteps: number; isCollapsing: boolean } & Pick<
  types.Run,
  'state' | 'message'
>;

function pastRuns(): PastRun[] {
  const { clmr, vicreg } = pretraining.recipeDefaults;
  const [overnight] = pretraining
    .presetsOf('clmr')
    .filter(({ name }) => name === 'overnight')
    .map(({ changes }) => changes(clmr));
  return [
    { name: 'CLMR overnight', settings: overnight ?? clmr, state: 'done', step: 1440, totalSteps: 1440, message: '', isCollapsing: false },
    {
      ...{ name: 'VICReg, high rate', state: 'stopped', step: 260, totalSteps: 3000, message: '', isCollapsing: true },
      settings: { ...vicreg, batch: 32, optimizer: { ...vicreg.optimizer, learningRate: 0.1 } },
    },
    {
      ...{ name: 'VICReg, batch 64', settings: { ...vicreg, batch: 64 }, state: 'interrupted', step: 720, totalSteps: 3000 },
      ...{ message: 'Earmark was closed while this ran. Resume goes on from the last checkpoint.', isCollapsing: false },
    },
  ];
}

/** Stores the runs with their curves, and the last checkpoint of each. */
export async function seedRuns(store: Store): Promise<void> {
  for (const run of pastRuns()) await seedRun(store, run);
}

async function seedRun(store: Store, { name, settings, step, totalSteps, state, message, isCollapsing }: PastRun): Promise<void> {
  const selection = { kind: 'library' as const };
  const tracks = selectTracks(store, selection);
  const course = courseOf(settings, isCollapsing);
  const shape = { name, settings, selection, deviceWanted: 'auto', tracks: tracks.length };
  const { id } = store.runs.add({ ...shape, codeVersion: 'seeded', continuesRunId: null, continuesStep: null });
  const secondsAt = (at: number): number => at / courseStepsPerSecond;
  const steps = Array.from({ length: step }, (_, i) => i + 1);
  store.transaction(() => {
    const points = steps.map((at) => ({ point: pointAt(course, at), activeSeconds: secondsAt(at) }));
    store.runPoints.add(id, points);
    for (const at of steps.filter((one) => one % 20 === 0)) store.runPoints.addHealth(id, at, healthAt(course, at));
  });
  const last = pointAt(course, step);
  const { rank } = healthAt(course, step);
  makeRunFolder(store.paths, store.runs.get(id), { tracks, labels: null });
  const measured = { step, loss: last.loss, rank, activeSeconds: secondsAt(step) };
  const bytes = await writeCheckpoint(store.paths.checkpoints(id), {
    ...measured,
    ...{ warmupShare: null, settings, codeVersion: 'seeded', state: new Map(), memory: new Map(), weights: standInWeights(settings, step) },
  });
  store.checkpoints.add(id, { ...measured, bytes, isBest: true });
  store.runs.update(id, {
    ...{ state, step, totalSteps, message, last, activeSeconds: measured.activeSeconds, endedAt: Date.now() },
    ...{ device: 'cpu', deviceReason: 'Chosen by auto: no GPU was found.' },
  });
}
