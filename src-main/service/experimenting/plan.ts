/** @file What an experiment has before it: its runs and evaluations with what is done, what is missing, and what they would take. */
import { AppError, isCancelled } from '../../base/index.ts';
import type { pretraining, ScratchWish } from '../../contract/index.ts';
import { createModel, sizeOf } from '../../learn/index.ts';
import { scratchEncoder, scratchSettings } from '../evaluating/scratch-settings.ts';
import type { Pretraining } from '../pretraining/pretraining.ts';
import type { Known, KnownWork } from './known.ts';
import { isPutTo, unknownPlace } from './unfold.ts';
import type { Column, Unfolded, Unit } from './unfold.ts';

/** A run, or another encoder, before it. `seconds` and `bytes`: what is left of the work, null where that is not known; `problem`: why it cannot begin. */
export type PlannedUnit = Pick<Unit, 'row' | 'seed'> & {
  kind: Unit['work']['kind'];
  state: Known['state'];
  runId: number | null;
  encoderId: number | null;
  seconds: number | null;
  bytes: number;
  problem: string | null;
};

/** A column before it: how many of its evaluations are done. */
export type PlannedColumn = {
  column: Column;
  done: number;
  all: number;
  /** From evaluations of this column that were made before; null before the first. */
  seconds: number | null;
  problem: string | null;
};

/** The whole. Sums are over what is left and known. */
export type Plan = { units: PlannedUnit[]; columns: PlannedColumn[]; seconds: number; bytes: number; isAllKnown: boolean };

/** How runs are measured; null: they are not. */
export type Measure = { pretraining: Pretraining; device: string; signal: AbortSignal; onUnit: (at: number, all: number) => void } | null;

/** Looks at everything, and measures a step of every run that is left. @throws AppError CANCELLED */
export async function planOf({ units, columns }: Unfolded, known: KnownWork, measure: Measure): Promise<Plan> {
  const measured = new Map<string, Measured>();
  const planned: PlannedUnit[] = [];
  for (const [at, unit] of units.entries()) {
    measure?.onUnit(at, units.length);
    planned.push(
      unit.work.kind === 'supervised'
        ? planScratch(unit, unit.work.wish, leftSeeds(unit, columns, known))
        : await planUnit(unit, known.of(unit), { measure, measured }),
    );
  }
  const told = columns.map((column) => planColumn(column, units, known));
  const left = [...planned.filter(({ state }) => state !== 'done'), ...told.filter(({ done, all }) => done < all)];
  return {
    ...{ units: planned, columns: told },
    seconds: left.reduce((sum, { seconds }) => sum + (seconds ?? 0), 0),
    bytes: planned.reduce((sum, { bytes }) => sum + bytes, 0),
    isAllKnown: left.every(({ seconds }) => seconds !== null),
  };
}

/** How many trainings are left: one for each seed of each column. */
function leftSeeds(unit: Unit, columns: readonly Column[], known: KnownWork): number {
  return columns.reduce((sum, column) => sum + (known.evaluation(unit, null, column) === null ? column.seeds.length : 0), 0);
}

/** What is trained from scratch by evaluations: the most that its minutes take; how long epochs take is not known. */
function planScratch({ row, seed }: Unit, wish: ScratchWish, trainings: number): PlannedUnit {
  // The number of labels hardly counts.
  const parts = { kind: 'tags', head: 'linear', names: ['label'], folder: '', clips: 2, seed: 0 } as const;
  const bytes = trainings === 0 ? 0 : checkpointBytes(scratchSettings({ wish, choice: scratchEncoder(wish, null), ...parts }));
  return {
    ...{ row, seed, kind: 'supervised', state: trainings === 0 ? 'done' : 'left', runId: null, encoderId: null, problem: null },
    seconds: trainings === 0 ? 0 : wish.unit === 'minutes' ? 60 * wish.amount * trainings : null,
    bytes: bytes * trainings,
  };
}

/** What a step told: seconds of a whole run, or why there is none. */
type Measured = { seconds: number | null; problem: string | null };

async function planUnit(
  { row, seed, work }: Unit,
  { state, run, encoderId }: Known,
  { measure, measured }: { measure: Measure; measured: Map<string, Measured> },
): Promise<PlannedUnit> {
  const about = { row, seed, kind: work.kind, state, runId: run?.id ?? null, encoderId };
  if (work.kind === 'encoder' && state === 'left')
    return { ...about, seconds: null, bytes: 0, problem: `There is no encoder ${work.encoder}. List them with \`earmark encoders\`.` };
  if (work.kind !== 'pretrain' || state === 'done') return { ...about, seconds: 0, bytes: 0, problem: null };
  if ('problem' in work.tracks) return { ...about, seconds: null, bytes: 0, problem: work.tracks.problem.message };
  // The seed changes nothing of what a step takes.
  const alike = JSON.stringify({ ...work, settings: { ...work.settings, seed: 0 } });
  const found =
    measured.get(alike) ??
    (measure === null ? { seconds: null, problem: null } : await measureRun(work.settings, work.tracks.selection, measure));
  measured.set(alike, found);
  const share = run === null || run.totalSteps === null || run.totalSteps === 0 ? 0 : run.step / run.totalSteps;
  return {
    ...about,
    problem: found.problem,
    seconds: found.seconds === null ? null : found.seconds * (1 - share),
    bytes: checkpointBytes(work.settings),
  };
}

async function measureRun(
  settings: pretraining.PretrainSettings,
  selection: pretraining.TrackSelection,
  { pretraining: runs, device, signal }: NonNullable<Measure>,
): Promise<Measured> {
  try {
    const { totalSeconds } = await runs.estimate({ settings, selection, device }, signal);
    return { seconds: totalSeconds, problem: null };
  } catch (error) {
    signal.throwIfAborted();
    if (isCancelled(error) || !(error instanceof AppError)) throw error;
    return { seconds: null, problem: error.message };
  }
}

const bytesEach = 4;

/** Weights and what the optimiser keeps of each, as often as checkpoints are kept, and the best. */
function checkpointBytes(settings: pretraining.PretrainSettings): number {
  const { method, optimizer } = createModel(settings);
  const numbers = method
    .parameters()
    .reduce((sum, { shape, isTrained }) => sum + sizeOf(shape) * (isTrained ? 1 + optimizer.slots.length : 1), 0);
  return numbers * bytesEach * (settings.checkpoints.keep + 1);
}

function planColumn(column: Column, units: readonly Unit[], known: KnownWork): PlannedColumn {
  const own = units.filter((unit) => isPutTo(unit, column));
  const done = own.filter((unit) => known.evaluation(unit, known.of(unit).encoderId, column) !== null).length;
  const before = known.secondsOf(column);
  const mean = before.length === 0 ? null : before.reduce((sum, one) => sum + one, 0) / before.length;
  const problem = column.folder === null ? unknownPlace(column.place).message : null;
  return { column, done, all: own.length, seconds: mean === null ? null : mean * (own.length - done), problem };
}
