/** @file Experiments as they are carried out: every run and every evaluation once, by the jobs that a person would begin one by one. */
import { AppError, countOf, defined, isCancelled } from '../../base/index.ts';
import { pretraining } from '../../contract/index.ts';
import type { EncoderId, Results } from '../../contract/index.ts';
import { chosenEncoder } from '../../learn/index.ts';
import { keepEncoder } from '../encoders/keep-encoder.ts';
import type { Evaluating } from '../evaluating/evaluating.ts';
import type { JobOutcome, StartedJob } from '../jobs/jobs.ts';
import type { Pretraining } from '../pretraining/pretraining.ts';
import type { Tools } from '../tools.ts';
import { encoderOf, KnownWork } from './known.ts';
import { planOf } from './plan.ts';
import type { Measure, Plan } from './plan.ts';
import { resultsOf } from './results.ts';
import { isBaseline, isPutTo, isWithoutEncoder, unknownPlace } from './unfold.ts';
import type { Column, Unfolded, Unit, UnitWork } from './unfold.ts';

/** How the jobs of an experiment are shown. `follow` waits for one to end. */
export type Showing = {
  device: string;
  signal: AbortSignal;
  follow: (job: StartedJob) => Promise<JobOutcome>;
  say: (line: string) => void;
};

/** What could not be done, and why. */
export type ExperimentFailure = { what: string; code: string; message: string };

/** What was done now, and what failed. */
export type Carried = { runs: number; evaluations: number; failures: ExperimentFailure[] };

/** Use cases of experiments. */
export class Experimenting {
  readonly #tools: Tools;
  readonly #pretraining: Pretraining;
  readonly #evaluating: Evaluating;

  constructor(tools: Tools, { pretraining: runs, evaluating }: { pretraining: Pretraining; evaluating: Evaluating }) {
    this.#tools = tools;
    this.#pretraining = runs;
    this.#evaluating = evaluating;
  }

  /** What is before it. @throws AppError CANCELLED */
  plan(unfolded: Unfolded, measure: Omit<NonNullable<Measure>, 'pretraining'> | null): Promise<Plan> {
    return planOf(unfolded, this.#known(), measure === null ? null : { ...measure, pretraining: this.#pretraining });
  }

  /** The table as far as it is done. */
  results(unfolded: Unfolded): Results {
    return resultsOf(unfolded, this.#known());
  }

  /**
   * Does what is left: of each row and seed the run, then its evaluations. What fails is told at the end, and keeps nothing else from being done.
   * @throws AppError BAD_INPUT, NOT_FOUND before anything begins where a folder, music or an encoder is missing; CANCELLED
   */
  async run(unfolded: Unfolded, showing: Showing): Promise<Carried> {
    this.check(unfolded);
    const carried: Carried = { runs: 0, evaluations: 0, failures: [] };
    for (const [at, unit] of unfolded.units.entries()) {
      const what = unit.seed === null ? unit.row : `${unit.row}, seed ${unit.seed}`;
      const say = (line: string): void => showing.say(`${at + 1} of ${unfolded.units.length}, ${what}: ${line}`);
      const encoderId = await this.#tried(carried, { what, signal: showing.signal }, () =>
        this.#encoder(unit, { ...showing, say }, carried),
      );
      if (encoderId === undefined) continue;
      for (const column of unfolded.columns) {
        if (!isPutTo(unit, column) || this.#known().evaluation(unit, encoderId, column) !== null) continue;
        say(column.name);
        await this.#tried(carried, { what: `${what}, ${column.name}`, signal: showing.signal }, async () => {
          const { result } = await showing.follow(await this.#evaluate(unit, encoderId, column));
          carried.evaluations += (result as { evaluationIds: number[] }).evaluationIds.length;
          if (this.#known().evaluation(unit, encoderId, column) === null)
            throw unit.work.kind === 'chroma' ? noKeys(column) : otherClips(column);
        });
      }
    }
    return carried;
  }

  #known(): KnownWork {
    return new KnownWork(this.#tools.store);
  }

  /** @throws AppError BAD_INPUT, NOT_FOUND where a folder, music or an encoder is missing */
  check({ units, columns }: Unfolded): void {
    for (const { place, folder } of columns) if (folder === null) throw unknownPlace(place);
    const known = this.#known();
    for (const unit of units) {
      const { work } = unit;
      if (work.kind === 'pretrain' && 'problem' in work.tracks) throw work.tracks.problem;
      if (work.kind === 'encoder' && known.of(unit).encoderId === null)
        throw new AppError('NOT_FOUND', `There is no encoder ${work.encoder}. List them with \`earmark encoders\`.`);
    }
  }

  /** Undefined where it failed. @throws AppError CANCELLED, and what is a defect */
  async #tried<T>(
    carried: Carried,
    { what, signal }: { what: string; signal: AbortSignal },
    work: () => Promise<T>,
  ): Promise<T | undefined> {
    signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof AppError) || isCancelled(error) || error.code === 'INTERNAL') throw error;
      carried.failures.push({ what, code: error.code, message: error.message });
      return undefined;
    }
  }

  /** The encoder of a row with a seed, made where there is none; null for statistics, and for what evaluations train. */
  async #encoder(unit: Unit, showing: Showing, carried: Carried): Promise<EncoderId | null> {
    const { state, run, encoderId } = this.#known().of(unit);
    const { work, seed } = unit;
    if (encoderId !== null || isWithoutEncoder(work)) return encoderId;
    if (work.kind === 'untrained') return this.#drawn(work, defined(seed, 'a seed'));
    if (work.kind === 'encoder') throw new AppError('NOT_FOUND', `There is no encoder ${work.encoder}.`);
    const runId = state === 'done' && run !== null ? run.id : await this.#pretrain(unit, work, showing);
    if (state !== 'done') carried.runs++;
    const last = encoderOf(this.#pretraining.get(runId));
    if (last === undefined) throw new AppError('NOT_FOUND', `Run ${runId} left no checkpoint to make an encoder of.`);
    return this.#known().of(unit).encoderId ?? this.#pretraining.makeEncoder(runId, last.step);
  }

  async #drawn({ architecture, sampleRate }: Extract<UnitWork, { kind: 'untrained' }>, seed: number): Promise<EncoderId> {
    const { settings, title, ...encoder } = chosenEncoder(pretraining.withRate(pretraining.encoderDefaults[architecture], sampleRate));
    const about = { name: `Untrained, ${title}, ${sampleRate} Hz, seed ${seed}`, source: 'untrained' as const, origin: `seed ${seed}` };
    return (await keepEncoder(this.#tools, { settings, weights: encoder.initialise(seed), about, isChosen: false })).id;
  }

  async #pretrain(
    { row, seed }: Unit,
    { settings, tracks }: Extract<UnitWork, { kind: 'pretrain' }>,
    showing: Showing,
  ): Promise<pretraining.RunId> {
    if ('problem' in tracks) throw tracks.problem;
    const { run } = this.#known().of({ row, seed, work: { kind: 'pretrain', settings, tracks } });
    showing.say(run === null ? 'begins' : `goes on from step ${run.checkpoints.at(-1)?.step ?? 0}`);
    const started =
      run === null
        ? await this.#pretraining.begin({
            settings,
            selection: tracks.selection,
            device: showing.device,
            name: `${row}, seed ${seed ?? 0}`,
          })
        : this.#pretraining.resume({ runId: run.id, device: showing.device });
    await showing.follow(started);
    const { state, message } = this.#pretraining.get(started.runId);
    if (state !== 'done') throw new AppError('CANCELLED', message === '' ? `Run ${started.runId} did not come to its end.` : message);
    return started.runId;
  }

  #evaluate({ work }: Unit, encoderId: EncoderId | null, column: Column): Promise<StartedJob> {
    const { folder, dataset, task, split, protocol, head, percent, seeds, output, pooling, layers } = column;
    return this.#evaluating.start({
      ...{ folder: defined(folder, 'a folder'), dataset, task, split, protocol, head, percent, seeds, baselines: isBaseline(work), layers },
      supervised: work.kind === 'supervised' ? work.wish : null,
      encoders: encoderId === null ? [] : [{ encoderId, output, pooling }],
    });
  }
}

/** The file names the clips that figures must be of, and the folder holds others. */
function otherClips({ name, manifest, folder }: Column): AppError {
  return new AppError(
    'BAD_INPUT',
    `“${name}” asks for clips with the manifest ${manifest ?? ''}, and those that could be used in ${folder ?? ''} have another. \`earmark datasets check\` tells what is missing there.`,
  );
}

/** The file shows the key score of something else. */
function noKeys({ name, dataset, task }: Column): AppError {
  return new AppError('BAD_INPUT', `“${name}” shows keyScore, and ${task} of ${dataset} has no musical keys. Take it out of its figures.`);
}

/** What was done, as a sentence. */
export function carriedText({ runs, evaluations, failures }: Carried): string {
  const done = `${countOf(runs, 'run')} and ${countOf(evaluations, 'evaluation')} were done now.`;
  return failures.length === 0 ? done : `${done} ${countOf(failures.length, 'part')} failed:`;
}
