/** @file Pretended runs: a few from before, and new ones that are trained by the fake core's jobs, step by step. */
import { AppError } from '../../src-main/base/index.ts';
import type { AppEvent, EncoderId, Handlers, Job, JobId, Track } from '../../src-main/contract/index.ts';
import { pretraining } from '../../src-main/contract/index.ts';
import type { pretraining as types } from '../../src-main/contract/index.ts';
import type { FakeJobs } from './fake-jobs.ts';
import { fakeCurves, fakeHealth, fakePair, fakePoint } from './fake-training.ts';
import type { FakeCourse } from './fake-training.ts';

type Run = types.Run;
type RunId = types.RunId;

/** What the runs need of the fake core around them. */
export type FakeRunsWorld = {
  jobs: FakeJobs;
  emit(event: AppEvent): void;
  tracksOf(selection: types.TrackSelection): readonly Track[];
  addEncoder(name: string, sampleRate: number, origin: string): EncoderId;
};

const rate = 8;
const device = 'cpu';
const deviceReason = 'Chosen by auto: no GPU was found.';
const stepsOf = { steps: 1, epochs: 3, minutes: 96 };

/** All pretended runs. */
export class FakeRuns {
  readonly #world: FakeRunsWorld;
  readonly #removed = new Map<RunId, Run>();
  #runs: Run[] = [];

  constructor(world: FakeRunsWorld, isFilled: boolean) {
    this.#world = world;
    if (isFilled) this.#runs = pastRuns();
  }

  get(id: RunId): Run {
    const run = this.#runs.find((one) => one.id === id);
    if (run === undefined) throw new AppError('NOT_FOUND', `There is no run ${id}.`);
    return run;
  }

  /** Hears of every job: pausing, resuming and cancelling reach the run. */
  heard(job: Job): void {
    const run = this.#runs.find(({ jobId }) => jobId === job.id);
    if (run === undefined || job.kind !== 'pretrain') return;
    const state = job.state === 'running' || job.state === 'paused' ? job.state : job.state === 'cancelled' ? 'stopped' : run.state;
    if (state !== run.state) this.#change(run.id, { state, ...(state === 'stopped' ? { endedAt: Date.now(), ...this.#saved(run) } : {}) });
  }

  handlers(): Pick<Handlers, 'pretrain' | 'runs'> {
    return {
      pretrain: {
        estimate: (input, signal) => this.#estimate(input, signal),
        start: (input) => this.#start(input),
        hear: ({ settings, selection, seed }) => {
          const tracks = this.#tracks(selection);
          const track = tracks[seed % tracks.length];
          if (track === undefined) throw new AppError('NOT_FOUND', 'There are no tracks.');
          return fakePair(track, settings, seed);
        },
      },
      runs: {
        list: () => this.#runs.toSorted((a, b) => b.createdAt - a.createdAt || b.id - a.id),
        get: ({ runId }) => this.get(runId),
        curves: ({ runId, points }) => fakeCurves(courseOf(this.get(runId)), this.get(runId).step, points),
        rename: ({ runId, name }) => this.#change(runId, { name }),
        resume: ({ runId, length }) => this.#resume(runId, length),
        stop: ({ runId }) => {
          const { jobId } = this.get(runId);
          if (jobId !== null) this.#world.jobs.cancel(jobId, 'Stopped; a checkpoint was saved.');
        },
        remove: ({ runId }) => {
          this.#removed.set(runId, this.get(runId));
          this.#runs = this.#runs.filter(({ id }) => id !== runId);
          this.#world.emit({ type: 'run.updated', runId, run: null });
        },
        restore: ({ runId }) => {
          const run = this.#removed.get(runId);
          if (run === undefined) throw new AppError('NOT_FOUND', `Run ${runId} was not removed.`);
          this.#runs = [...this.#runs, run];
          this.#world.emit({ type: 'run.updated', runId, run });
        },
        makeEncoder: ({ runId, step }) => ({ encoderId: this.#makeEncoder(runId, step) }),
        export: ({ path }) => {
          if (path.startsWith('/home/ida/Music/private'))
            throw new AppError('BAD_INPUT', `Could not write ${path}: permission was denied. Choose another folder.`);
          return { path, bytes: 10_240_000 };
        },
      },
    };
  }

  #tracks(selection: types.TrackSelection): readonly Track[] {
    const tracks = this.#world.tracksOf(selection);
    if (tracks.length === 0) throw new AppError('NOT_FOUND', 'There are no tracks in the library yet. Add a folder with music first.');
    return tracks;
  }

  async #estimate({ settings, selection }: Parameters<Handlers['pretrain']['estimate']>[0], signal: AbortSignal): Promise<types.Estimate> {
    const { length: tracks } = this.#tracks(selection);
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, 400);
      signal.addEventListener('abort', () => resolve(clearTimeout(timer)));
    });
    const stepSeconds = settings.batch * 0.0096;
    const steps = Math.round(settings.length.unit === 'minutes' ? (settings.length.amount * 60) / stepSeconds : totalOf(settings));
    const slow =
      steps * stepSeconds > 86_400 ? ['This takes more than a day on this device. Choose a shorter length or a smaller batch.'] : [];
    return {
      ...{ device, deviceReason, tracks, tooShort: 1, stepSeconds, megabytes: 420 + settings.batch * 46, steps },
      ...{ epochs: (steps * settings.batch) / tracks, decodeSeconds: 0, totalSeconds: steps * stepSeconds, warnings: slow },
    };
  }

  #start({ settings, selection, name, device: wanted, continues }: Parameters<Handlers['pretrain']['start']>[0]): {
    runId: RunId;
    jobId: JobId;
  } {
    const { length: tracks } = this.#tracks(selection);
    if (tracks < settings.batch)
      throw new AppError(
        'BAD_INPUT',
        `A batch of ${settings.batch} needs ${settings.batch} different tracks, and only ${tracks} are there.`,
      );
    const runId = (Math.max(0, ...this.#runs.map(({ id }) => id), ...this.#removed.keys()) + 1) as RunId;
    const run: Run = {
      ...pastRun(runId, settings),
      ...{ name: name ?? `${settings.recipe === 'clmr' ? 'CLMR' : 'VICReg'}, ${settings.encoder.sampleRate} Hz`, selection, tracks },
      ...{ deviceWanted: wanted, createdAt: Date.now(), continuesRunId: continues?.runId ?? null, continuesStep: continues?.step ?? null },
    };
    this.#runs = [...this.#runs, run];
    return { runId, jobId: this.#train(run) };
  }

  #resume(runId: RunId, length: types.PretrainSettings['length'] | undefined): { runId: RunId; jobId: JobId } {
    const run = this.get(runId);
    const settings = { ...run.settings, length: length ?? run.settings.length };
    return { runId, jobId: this.#train({ ...run, settings, totalSteps: totalOf(settings) }) };
  }

  /** Begins a job whose progress is the run's steps. */
  #train(run: Run): JobId {
    const total = totalOf(run.settings);
    const from = run.step;
    const jobId = this.#world.jobs.start({
      ...{ kind: 'pretrain', title: `Pre-training “${run.name}”`, total: Math.max(1, total - from), unit: 'steps', rate, failed: 0 },
      ...{ summary: `${total} steps done.`, detail: 'Training on CPU' },
      progressed: (done) => this.#step(run.id, from + done),
      finished: () => this.#change(run.id, { state: 'done', endedAt: Date.now(), ...this.#saved(this.get(run.id)) }),
    });
    this.#runs = this.#runs.map((one) => (one.id === run.id ? run : one));
    this.#change(run.id, { state: 'running', device, deviceReason, jobId, totalSteps: total, endedAt: null, message: '' });
    return jobId;
  }

  #step(id: RunId, step: number): void {
    const run = this.get(id);
    const [point, health] = [fakePoint(courseOf(run), step), fakeHealth(courseOf(run), step)];
    this.#runs = this.#runs.map((one) =>
      one.id === id ? { ...run, step, last: point, health, activeSeconds: step / point.stepsPerSecond } : one,
    );
    this.#world.emit({ type: 'run.stepped', runId: id, point, health });
  }

  #makeEncoder(runId: RunId, step: number): EncoderId {
    const run = this.get(runId);
    const known = run.checkpoints.find((checkpoint) => checkpoint.step === step);
    if (known === undefined) throw new AppError('NOT_FOUND', `Run ${runId} has no checkpoint at step ${step}.`);
    if (known.encoderId !== null) return known.encoderId;
    const encoderId = this.#world.addEncoder(run.name, run.settings.encoder.sampleRate, `run ${runId}, step ${step}`);
    this.#change(runId, { checkpoints: run.checkpoints.map((one) => (one.step === step ? { ...one, encoderId } : one)) });
    return encoderId;
  }

  #saved(run: Run): Pick<Run, 'checkpoints'> {
    if (run.step === 0) return { checkpoints: run.checkpoints };
    const before = run.checkpoints.filter(({ step }) => step !== run.step).map((one) => ({ ...one, isLast: false, isBest: false }));
    return { checkpoints: [...before, checkpointOf(run, run.step, { isBest: true, isLast: true })] };
  }

  #change(id: RunId, change: Partial<Run>): Run {
    const changed = { ...this.get(id), ...change };
    this.#runs = this.#runs.map((one) => (one.id === id ? changed : one));
    this.#world.emit({ type: 'run.updated', runId: id, run: changed });
    return changed;
  }
}

function totalOf({ length }: types.PretrainSettings): number {
  return Math.max(1, Math.round(length.amount * stepsOf[length.unit]));
}

function courseOf({ id, settings, message }: Run): FakeCourse {
  const { recipe, optimizer } = settings;
  return { seed: id, recipe, learningRate: optimizer.learningRate, stepsPerEpoch: 3, isCollapsing: message.includes('collapse') };
}

function checkpointOf(run: Run, step: number, { isBest, isLast }: { isBest: boolean; isLast: boolean }): types.Checkpoint {
  const course = courseOf(run);
  return {
    ...{
      step,
      savedAt: run.createdAt + step * 625,
      loss: fakePoint(course, step).loss,
      rank: fakeHealth(course, step).rank,
      bytes: 38_200_000,
    },
    ...{ isBest, isLast, encoderId: null },
  };
}

function pastRun(id: RunId, settings: types.PretrainSettings): Run {
  return {
    ...{ id, name: '', state: 'waiting', settings, selection: { kind: 'library' }, deviceWanted: 'auto', device: null, deviceReason: '' },
    ...{ tracks: 137, step: 0, totalSteps: null, activeSeconds: 0, last: null, health: null, message: '', codeVersion: '0.1.0' },
    ...{ continuesRunId: null, continuesStep: null, jobId: null, checkpoints: [], createdAt: Date.UTC(2025, 9, id, 20, 15), endedAt: null },
  };
}

/** A run that is done, one that collapsed and was stopped, and one that the end of the program interrupted. */
function pastRuns(): Run[] {
  const { clmr, vicreg } = pretraining.recipeDefaults;
  const [overnight] = pretraining.presets.filter(({ name }) => name === 'overnight').map(({ changes }) => changes(clmr));
  const past = (run: Run, change: Partial<Run> & { step: number }): Run => {
    const whole = { ...run, device, deviceReason, ...change };
    const [course, { step }] = [courseOf(whole), change];
    const marks = [
      { at: Math.round(step * 0.6), isBest: false, isLast: false },
      { at: Math.round(step * 0.85), isBest: true, isLast: false },
    ];
    const checkpoints = [...marks, { at: step, isBest: false, isLast: true }].map(({ at, ...which }) => checkpointOf(whole, at, which));
    const seconds = { activeSeconds: step / 1.6, endedAt: whole.createdAt + step * 625 };
    return { ...whole, ...seconds, last: fakePoint(course, step), health: fakeHealth(course, step), checkpoints };
  };
  return [
    past(pastRun(1 as RunId, overnight ?? clmr), { name: 'CLMR overnight', state: 'done', step: 1440, totalSteps: 1440 }),
    past(pastRun(2 as RunId, { ...vicreg, batch: 32, optimizer: { ...vicreg.optimizer, learningRate: 0.1 } }), {
      ...{ name: 'VICReg, high rate', state: 'stopped', step: 260, totalSteps: 3000 },
      message: 'Stopped by you after it showed signs of collapse.',
    }),
    past(pastRun(3 as RunId, { ...vicreg, batch: 64 }), {
      ...{ name: 'VICReg, batch 64', state: 'interrupted', step: 720, totalSteps: 3000 },
      message: 'Earmark ended while it ran. It goes on from its last checkpoint.',
    }),
  ];
}
