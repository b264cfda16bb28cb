/** @file What of an experiment is there already: runs by a hash of their settings, encoders, evaluations. */
import { createHash } from 'node:crypto';
import { pretraining } from '../../contract/index.ts';
import type { EncoderId, Evaluation } from '../../contract/index.ts';
import { chosenEncoder, createEncoder, embeddingOutput } from '../../learn/index.ts';
import type { EncoderSettings } from '../../learn/index.ts';
import type { Store, StoredEncoder, StoredRun } from '../../store/index.ts';
import { encoderSettings } from '../encoders/encoder-settings.ts';
import { scratchEncoder, scratchName } from '../evaluating/scratch-settings.ts';
import { fitted } from '../pretraining/known-rows.ts';
import { isWithoutEncoder } from './unfold.ts';
import type { Column, Unit, UnitWork } from './unfold.ts';

type Pretrain = Extract<UnitWork, { kind: 'pretrain' }>;

/** What is there of a run. `done`: its encoder can be evaluated; `begun`: it goes on from its last checkpoint. */
export type Known = { state: 'done' | 'begun' | 'left'; run: StoredRun | null; encoderId: EncoderId | null };

/** SHA-256 of what decides a run: its settings (names of labels are found when it begins) and which tracks it learns from. */
export function runKey({ labels, ...settings }: pretraining.PretrainSettings, selection: pretraining.TrackSelection): string {
  const whole = { ...settings, labels: labels === null ? null : labels.from, selection };
  return createHash('sha256')
    .update(JSON.stringify(sorted(whole)))
    .digest('hex');
}

/** The same with its keys in the order of the alphabet. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

/** Looks through the library, as it is now. */
export class KnownWork {
  readonly #runs: StoredRun[];
  readonly #encoders: StoredEncoder[];
  readonly #evaluations: Evaluation[];

  constructor(store: Store) {
    this.#runs = store.runs.list();
    this.#encoders = store.encoders.list();
    this.#evaluations = store.evaluations.list();
  }

  /** What is there of a row with a seed. */
  of({ work, seed }: Unit): Known {
    if (work.kind === 'pretrain') return this.#ofRun(work);
    if (isWithoutEncoder(work)) return { state: 'done', run: null, encoderId: null };
    const found = work.kind === 'untrained' ? this.#drawn(work, seed ?? 1) : this.#named(work.encoder);
    return { state: found === undefined ? 'left' : 'done', run: null, encoderId: found?.id ?? null };
  }

  /** The newest evaluation of an encoder, or of statistics, in a column. */
  evaluation({ work }: Unit, encoderId: EncoderId | null, column: Column): Evaluation | null {
    const kind = isWithoutEncoder(work) ? work.kind : 'encoder';
    // Its name says what is trained, and for how long at most.
    const trained = work.kind === 'supervised' ? scratchName(work.wish, scratchEncoder(work.wish, null)) : null;
    if (kind === 'encoder' && encoderId === null) return null;
    const found = this.#evaluations.find(
      ({ contestant, ...one }) =>
        contestant.kind === kind &&
        (trained === null || contestant.name === trained) &&
        (kind !== 'encoder' ||
          (contestant.encoderId === encoderId && this.#isOfLayers(one, encoderId, column) && isOutput(contestant, column))) &&
        isColumn(one, column),
    );
    return found ?? null;
  }

  /** Seconds that evaluations in a column took, each; none before the first. */
  secondsOf(column: Column): number[] {
    return this.#evaluations.flatMap((one) => (isColumn(one, column) ? [one.seconds] : []));
  }

  /** Whether it probed the layers that a column wants; an encoder with one output has no others. */
  #isOfLayers({ layers }: Pick<Evaluation, 'layers'>, encoderId: EncoderId | null, column: Column): boolean {
    if (layers !== null || column.layers === 'one') return (layers?.use ?? 'one') === column.layers;
    const encoder = this.#encoders.find(({ id }) => id === encoderId);
    return encoder !== undefined && createEncoder(encoderSettings(encoder)).outputs.length === 1;
  }

  /** Of several runs alike the one that came farthest. */
  #ofRun({ settings, tracks }: Pretrain): Known {
    if ('problem' in tracks) return { state: 'left', run: null, encoderId: null };
    const isSame = (run: StoredRun): boolean =>
      runKey(fitted(settings, run.tracks), tracks.selection) === runKey(run.settings, run.selection) && run.continuesRunId === null;
    const same = this.#runs.filter(isSame);
    const done = same.find(({ state }) => state === 'done');
    const run = done ?? same.toSorted((a, b) => b.step - a.step)[0];
    if (run === undefined) return { state: 'left', run: null, encoderId: null };
    if (done === undefined) return { state: 'begun', run, encoderId: null };
    const made = encoderOf(done)?.encoderId ?? null;
    return { state: 'done', run, encoderId: this.#encoders.some(({ id }) => id === made) ? made : null };
  }

  #drawn({ architecture, sampleRate }: Extract<UnitWork, { kind: 'untrained' }>, seed: number): StoredEncoder | undefined {
    const { settings } = chosenEncoder(pretraining.withRate(pretraining.encoderDefaults[architecture], sampleRate));
    const text = (one: EncoderSettings): string => JSON.stringify(sorted(createEncoder(one).settings));
    const wanted = text(settings);
    return this.#encoders.find(
      (one) =>
        one.source === 'untrained' &&
        one.origin === `seed ${seed}` &&
        one.architecture === architecture &&
        text(encoderSettings(one)) === wanted,
    );
  }

  #named(encoder: EncoderId | string): StoredEncoder | undefined {
    const all = this.#encoders.filter(({ baseEncoderId }) => baseEncoderId === null);
    return typeof encoder === 'number' ? all.find(({ id }) => id === encoder) : all.find(({ name }) => name === encoder);
  }
}

/** The checkpoint that a run’s encoder is made of; undefined without one. */
export function encoderOf(run: StoredRun): pretraining.Checkpoint | undefined {
  const step = pretraining.encoderStep(run);
  return run.checkpoints.find((one) => one.step === step);
}

function isOutput({ output, pooling }: Evaluation['contestant'], column: Column): boolean {
  // Of several layers the contestant names the best one, or none.
  return (column.layers !== 'one' || output === (column.output ?? embeddingOutput)) && pooling === column.pooling;
}

function isColumn(one: Omit<Evaluation, 'contestant'>, column: Column): boolean {
  const same = ['folder', 'dataset', 'task', 'split', 'protocol', 'head', 'percent'] as const;
  const isSame = same.every((key) => one[key] === column[key]) && one.seeds.join() === column.seeds.join();
  return isSame && one.manifest.startsWith(column.manifest ?? '');
}
