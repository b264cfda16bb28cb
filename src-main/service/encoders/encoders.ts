/** @file Encoders as a person meets them: brought from a file or drawn from a seed, named, chosen, indexed with. */
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { chosenEncoder, createEncoder } from '../../learn/index.ts';
import { AppError } from '../../base/index.ts';
import { pretraining } from '../../contract/index.ts';
import type { Architecture, encoderSampleRates, Encoder, EncoderId, EncoderOutput, Job } from '../../contract/index.ts';
import type { StoredEncoder } from '../../store/index.ts';
import { describeIndex, IndexRun } from '../indexing/index-run.ts';
import { describeRepair, repairIndex } from '../indexing/repair-index.ts';
import type { JobContext, JobOutcome, StartedJob } from '../jobs/jobs.ts';
import { subjectOf } from '../jobs/rules.ts';
import type { Tools } from '../tools.ts';
import { checkDevice } from './check-device.ts';
import { encoderSettings } from './encoder-settings.ts';
import { keepEncoder, knownEncoder } from './keep-encoder.ts';
import { readTagNames } from './tag-names.ts';
import { fillTagSet, keepTagSet, nameHead, refuseOtherHead, unnamedHead } from './tag-set.ts';
import type { HeadPredictor, LabelWish } from './tag-set.ts';

/** What an index job is asked to do. Null hop: that of the index as it is, else the crop's length. */
type IndexParams = { encoderId: EncoderId; hopSamples: number | null; device: string; repair?: boolean };

/** What is to be indexed, and how; `isAsked`: by a person. */
type IndexWish = {
  encoderId: EncoderId;
  hopSamples?: number | undefined;
  device?: string | undefined;
  isAsked?: boolean;
  repair?: boolean | undefined;
};

/** An encoder to be drawn from a seed; `sampleRate` in hertz. */
export type UntrainedWish = {
  architecture?: Architecture;
  sampleRate: (typeof encoderSampleRates)[number];
  seed: number;
  name: string | undefined;
};

/** How a file is to be imported. `headPath`: a file of its head; `tagsPath`: a file with the names of the head's outputs, in the place of `labels`. */
export type ImportWish = {
  name?: string | undefined;
  labels?: LabelWish;
  headPath?: string | undefined;
  tagsPath?: string | undefined;
  signal?: AbortSignal;
};

/** What a file became, with sentences about what was left out. */
export type ImportedEncoder = Encoder & { remarks: string[] };

/** Use cases of encoders. */
export class Encoders {
  readonly #tools: Tools;
  readonly #predictor: HeadPredictor;
  /** Encoders for which new tracks came while their job was under way. */
  readonly #isWanted = new Set<EncoderId>();

  constructor(tools: Tools, predictor: HeadPredictor) {
    this.#tools = tools;
    this.#predictor = predictor;
    tools.jobs.define('index', (params, context) => this.#runIndex(params as IndexParams, context), {
      ended: (job, params) => this.#indexed(job, params as IndexParams),
    });
  }

  /** Encoders that were not taken out, by age. */
  list(): StoredEncoder[] {
    return this.#tools.store.encoders.list();
  }

  /** The encoder that a command or view means: the one named, else the chosen one, else the only one. @throws AppError NOT_FOUND */
  resolve(encoderId: EncoderId | null): StoredEncoder {
    const { store } = this.#tools;
    const all = this.list();
    const wanted = encoderId ?? store.settings.get().encoderId;
    const found = all.find((encoder) => encoder.id === wanted) ?? (encoderId === null ? all.at(-1) : undefined);
    if (found !== undefined) return found;
    const says =
      encoderId === null
        ? 'There is no encoder yet. Import weights (`earmark import weights FILE`) or make an untrained one (`earmark encoders create`).'
        : `There is no encoder ${encoderId}. List them with \`earmark encoders\`.`;
    throw new AppError('NOT_FOUND', says);
  }

  /**
   * Reads a checkpoint and keeps its weights; the same weights a second time are the same encoder.
   * A head that came with them, or that is given, becomes the encoder's tag set. Nothing is kept of what is refused.
   * @throws AppError WEIGHTS_UNREADABLE, WEIGHTS_UNSAFE, WEIGHTS_MISMATCH, FILE_GONE; BAD_INPUT when labels do not fit the head, when the encoder has
   *   another head already, and for what is no file; CANCELLED when the signal fires while the file is read
   */
  async importWeights(path: string, { name, headPath, tagsPath, signal, ...wish }: ImportWish = {}): Promise<ImportedEncoder> {
    const tools = this.#tools;
    const labels = tagsPath === undefined ? wish.labels : await readTagNames(tagsPath);
    const loaded = await tools.weights.read(path, { signal, headPath });
    const about = { name: name ?? basename(path), source: 'imported' as const, origin: path };
    const named = nameHead(loaded.head, labels);
    const wanted = { settings: loaded.settings, weights: loaded.weights, about, isChosen: true };
    if (named !== null) refuseOtherHead(tools, knownEncoder(tools, wanted), { ...named, isNamed: labels !== undefined });
    const kept = await keepEncoder(tools, wanted);
    const outputs = loaded.head.get('fc.weight')?.shape[0];
    if (named === null) return { ...kept, remarks: [...loaded.remarks, ...(outputs === undefined ? [] : [unnamedHead(outputs)])] };
    await keepTagSet(tools, kept, named);
    await fillTagSet(tools, this.#predictor, { encoder: kept });
    return { ...tools.store.encoders.get(kept.id), remarks: loaded.remarks };
  }

  /** Makes an encoder whose weights are drawn from a seed: what its features hear is chance. */
  async createUntrained({ architecture = 'sample-cnn', sampleRate, seed, name }: UntrainedWish): Promise<Encoder> {
    const encoder = chosenEncoder({ ...pretraining.encoderDefaults[architecture], sampleRate });
    const kind = architecture === 'sample-cnn' ? '' : `${encoder.title}, `;
    const about = {
      name: name ?? `Untrained, ${kind}${sampleRate} Hz, seed ${seed}`,
      source: 'untrained' as const,
      origin: `seed ${seed}`,
    };
    return keepEncoder(this.#tools, { settings: encoder.settings, weights: encoder.initialise(seed), about, isChosen: true });
  }

  /** What can be looked at of an encoder, in the order of its layers. @throws AppError NOT_FOUND */
  outputs(encoderId: EncoderId): EncoderOutput[] {
    return [...createEncoder(encoderSettings(this.#tools.store.encoders.get(encoderId))).outputs];
  }

  rename(encoderId: EncoderId, name: string): Encoder {
    return this.#changed(this.#tools.store.encoders.rename(encoderId, name));
  }

  /** Takes an encoder out of every list; its weights, index and notes stay. */
  remove(encoderId: EncoderId): void {
    const { store, events } = this.#tools;
    store.encoders.remove(encoderId);
    if (store.settings.get().encoderId === encoderId) {
      store.settings.set({ encoderId: this.list().at(-1)?.id ?? null });
      events.emit({ type: 'settings.changed' });
    }
    events.emit({ type: 'encoders.changed' });
  }

  restore(encoderId: EncoderId): void {
    this.#tools.store.encoders.restore(encoderId);
    this.#changed(this.#tools.store.encoders.get(encoderId));
  }

  /**
   * Encodes every track that is new or changed. A job that does so already is joined: it takes up what is new by itself.
   * @throws AppError NOT_FOUND, DEVICE_UNAVAILABLE, ALREADY_RUNNING when that job goes by another hop or device than is asked for
   */
  index({ encoderId, hopSamples, device, isAsked = true, repair = false }: IndexWish): StartedJob {
    const { store, jobs } = this.#tools;
    const encoder = store.encoders.get(encoderId);
    const params: IndexParams = { encoderId, hopSamples: hopSamples ?? null, device: device ?? store.settings.get().device, repair };
    checkDevice(params.device);
    const known = jobs.underWay('index', subjectOf('index', params))?.params as IndexParams | undefined;
    const isOther =
      (repair && known?.repair !== true) ||
      (hopSamples ?? known?.hopSamples) !== known?.hopSamples ||
      (device ?? known?.device) !== known?.device;
    if (known !== undefined && isOther)
      throw new AppError(
        'ALREADY_RUNNING',
        `${encoder.name} is being indexed already, otherwise than is asked for now. Cancel that job first, or wait until it has ended.`,
        { details: { encoderId } },
      );
    const title = repair ? `Repair the index of ${encoder.name}` : `Index with ${encoder.name}`;
    return jobs.start({ kind: 'index', title, params, isAsked });
  }

  /** Starts an index job when the settings want new tracks indexed and there are some. */
  indexNew(): void {
    const { store, jobs } = this.#tools;
    const { indexAfterScan, encoderId } = store.settings.get();
    const encoder = this.list().find((one) => one.id === encoderId);
    if (!indexAfterScan || encoder === undefined || encoder.index === null || encoder.index.waiting === 0) return;
    // What is under way takes new tracks up by itself, up to its last look.
    if (jobs.underWay('index', subjectOf('index', { encoderId })) !== null) this.#isWanted.add(encoder.id);
    else this.index({ encoderId: encoder.id, isAsked: false });
  }

  /** Tracks that came after the job's last look. */
  #indexed({ state }: Job, { encoderId }: IndexParams): void {
    if (this.#isWanted.delete(encoderId) && state === 'done') this.indexNew();
  }

  async #runIndex(params: IndexParams, context: JobContext): Promise<JobOutcome> {
    const tools = this.#tools;
    const encoder = tools.store.encoders.get(params.encoderId);
    const repaired = params.repair === true ? await repairIndex(tools.store, encoder.id, context) : null;
    if (!existsSync(tools.store.paths.weights(encoder.id)))
      throw new AppError('WEIGHTS_UNREADABLE', `The weights of ${encoder.name} are gone from Earmark's data directory. Import them again.`);
    const hopSamples = params.hopSamples ?? encoder.index?.hopSamples ?? encoder.cropSamples;
    const index = tools.store.index.ensure(encoder.id, hopSamples);
    tools.events.emit({ type: 'encoders.changed' });
    try {
      const run = new IndexRun({ tools, context, encoder, indexId: index.id, hopSamples, device: params.device });
      const result = await run.run();
      tools.store.index.compact(index.id);
      await fillTagSet(tools, this.#predictor, { encoder: tools.store.encoders.get(encoder.id), signal: context.signal });
      if (repaired === null) return { message: describeIndex(result), result };
      return { message: `${describeRepair(repaired)} ${describeIndex(result)}`, result: { ...result, repaired } };
    } finally {
      tools.events.emit({ type: 'index.changed', encoderId: encoder.id });
      tools.events.emit({ type: 'encoders.changed' });
      tools.events.emit({ type: 'library.changed' });
    }
  }

  #changed(encoder: StoredEncoder): Encoder {
    this.#tools.events.emit({ type: 'encoders.changed' });
    return encoder;
  }
}
