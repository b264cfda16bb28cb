/** @file Encoders as a person meets them: brought from a file or drawn from a seed, named, chosen, indexed with. */
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { chosenEncoder, createEncoder } from '../../learn/index.ts';
import { AppError } from '../../base/index.ts';
import type { ForeignSummary, OnnxWish, PatchWish } from '../../compute/index.ts';
import { pretraining } from '../../contract/index.ts';
import type { Architecture, encoderSampleRates, Encoder, EncoderId, EncoderOutput, Job, JobId } from '../../contract/index.ts';
import type { SpaceOutput, StoredEncoder } from '../../store/index.ts';
import { describeIndex } from '../indexing/index-run.ts';
import { indexSpaces } from '../indexing/index-spaces.ts';
import { describeRepair, repairIndex } from '../indexing/repair-index.ts';
import type { JobContext, JobOutcome, StartedJob } from '../jobs/jobs.ts';
import { subjectOf } from '../jobs/rules.ts';
import type { Tools } from '../tools.ts';
import { bringBuiltIn, ensureBuiltIn } from './built-in.ts';
import { checkDevice } from './check-device.ts';
import { encoderSettings } from './encoder-settings.ts';
import { keepEncoder, knownEncoder } from './keep-encoder.ts';
import { baseOf, ensureSpace, findSpace, indexedSpaces, notIndexed, passingSpace, spaceBytes, spacesText } from './spaces.ts';
import { exportEncoder } from './export-encoder.ts';
import type { EncoderExport } from './export-encoder.ts';
import { keepNotes } from './keep-notes.ts';
import { stoodUpon } from './stood-upon.ts';
import { readTagNames } from './tag-names.ts';
import { fillTagSet, keepTagSet, nameHead, refuseOtherHead, unnamedHead } from './tag-set.ts';
import type { HeadPredictor, LabelWish } from './tag-set.ts';

/**
 * What an index job is asked to do. `spaces`: the encoder itself for its embedding, and spaces of it; jobs of versions that had none are about the embedding.
 * Null hop: that of each index as it is, else the crop's length.
 */
type IndexParams = { encoderId: EncoderId; spaces?: EncoderId[]; hopSamples: number | null; device: string; repair?: boolean };

/** What is to be indexed, and how; `isAsked`: by a person. */
type IndexWish = {
  /** An encoder, or a space of one. */
  encoderId: EncoderId;
  /** Without them what `encoderId` names, and, where no other hop is asked for, all that are indexed already. */
  outputs?: readonly SpaceOutput[] | undefined;
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

/** How a file is to be imported. `onnx`: what an ONNX file does not say of itself. `headPath`: a file of its head; `tagsPath`: a file with the names of the head's outputs, in the place of `labels`. */
export type ImportWish = {
  name?: string | undefined;
  /** Where the file came from, where that is not its path. */
  origin?: string | undefined;
  /** It lies under a name of Earmark's own, so that it is called by its origin. */
  isBrought?: boolean;
  labels?: LabelWish;
  headPath?: string | undefined;
  tagsPath?: string | undefined;
  onnx?: OnnxWish | undefined;
  /** The kind of patches of a Vision Transformer, where its file leaves that open. */
  patches?: PatchWish | undefined;
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
  /** The scan during which an index job was cancelled or failed: none begins by itself until the next one. */
  #refusedIn: JobId | null = null;

  constructor(tools: Tools, predictor: HeadPredictor) {
    this.#tools = tools;
    this.#predictor = predictor;
    tools.jobs.define('index', (params, context) => this.#runIndex(params as IndexParams, context), {
      // A job that waits for a scan to bring more gives its lane to one that comes.
      queued: () => tools.arrivals.wake(),
      ended: (job, params) => this.#indexed(job, params as IndexParams),
    });
  }

  /** Encoders that were not taken out, by age. */
  list(): StoredEncoder[] {
    return this.#tools.store.encoders.list();
  }

  /**
   * The encoder or space that a command or view means: the one named, else the chosen one, else the only one; with an output that space of the encoder.
   * @throws AppError NOT_FOUND, also for an output that was not indexed; BAD_INPUT for one that the encoder does not have
   */
  resolve(encoderId: EncoderId | null, space?: SpaceOutput): StoredEncoder {
    const { store } = this.#tools;
    const wanted = encoderId ?? store.settings.get().encoderId;
    const all = store.encoders.listWithSpaces();
    const found = all.find((encoder) => encoder.id === wanted) ?? (encoderId === null ? this.list().at(-1) : undefined);
    if (found !== undefined && space !== undefined) {
      const base = baseOf(store, found);
      const chosen = findSpace(store, base, space);
      if (chosen === null) throw notIndexed(base, space);
      return chosen;
    }
    if (found !== undefined) return found;
    const says =
      encoderId === null
        ? 'There is no encoder any more. Bring timbre statistics back (`earmark encoders create --architecture timbre-statistics`) or import weights (`earmark import weights FILE`).'
        : `There is no encoder ${encoderId}. List them with \`earmark encoders\`.`;
    throw new AppError('NOT_FOUND', says);
  }

  /** The same for whoever only computes: the output need not be indexed. @throws AppError NOT_FOUND, BAD_INPUT */
  computing(encoderId: EncoderId | null, space?: SpaceOutput): StoredEncoder {
    const found = this.resolve(encoderId);
    return space === undefined ? found : passingSpace(this.baseOf(found), space);
  }

  /** The encoder that a space belongs to; an encoder itself. */
  baseOf(encoder: StoredEncoder): StoredEncoder {
    return baseOf(this.#tools.store, encoder);
  }

  /**
   * Reads a checkpoint and keeps its weights; the same weights a second time are the same encoder.
   * A head that came with them, or that is given, becomes the encoder's tag set. Nothing is kept of what is refused.
   * @throws AppError WEIGHTS_UNREADABLE, WEIGHTS_UNSAFE, WEIGHTS_MISMATCH, FILE_GONE; BAD_INPUT when labels do not fit the head, when the encoder has
   *   another head already, and for what is no file; CANCELLED when the signal fires while the file is read
   */
  async importWeights(
    path: string,
    { name, origin, isBrought, headPath, tagsPath, onnx, patches, signal, ...wish }: ImportWish = {},
  ): Promise<ImportedEncoder> {
    const tools = this.#tools;
    const labels = tagsPath === undefined ? wish.labels : await readTagNames(tagsPath);
    const loaded = await tools.weights.read(path, { signal, headPath, onnx, patches });
    const { bundle } = loaded;
    const about = {
      name: name ?? (bundle?.name || basename(isBrought === true ? (origin ?? path) : path)),
      source: 'imported' as const,
      origin: origin ?? path,
    };
    const along = labels === undefined && headPath === undefined ? (bundle?.head ?? null) : null;
    const named = nameHead(loaded.head, along?.labels ?? labels, along?.title);
    const wanted = { settings: loaded.settings, weights: loaded.weights, about, isChosen: true };
    const known = knownEncoder(tools, wanted);
    if (named !== null) refuseOtherHead(tools, known, { ...named, isNamed: labels !== undefined });
    const before = known === null ? [] : [`These weights were here already, as “${known.name}”.`];
    const kept = await keepEncoder(tools, wanted);
    const remarks = [...before, ...loaded.remarks, ...(bundle === null ? [] : keepNotes(tools.store, kept, bundle))];
    const outputs = loaded.head.get('fc.weight')?.shape[0];
    if (named === null) return { ...kept, remarks: [...remarks, ...(outputs === undefined ? [] : [unnamedHead(outputs)])] };
    await keepTagSet(tools, kept, named);
    await fillTagSet(tools, this.#predictor, { encoder: kept });
    return { ...tools.store.encoders.get(kept.id), remarks };
  }

  /** See {@link exportEncoder}. */
  export(wish: EncoderExport): ReturnType<typeof exportEncoder> {
    return exportEncoder(this.#tools, wish);
  }

  /** What an ONNX file takes and gives, before it is imported. @throws AppError as {@link importWeights} */
  inspectOnnx(path: string, signal?: AbortSignal): Promise<ForeignSummary> {
    return this.#tools.weights.inspect(path, signal);
  }

  /** Makes an encoder whose weights are drawn from a seed: what its features hear is chance. */
  async createUntrained({ architecture = 'sample-cnn', sampleRate, seed, name }: UntrainedWish): Promise<Encoder> {
    const encoder = chosenEncoder(pretraining.withRate(pretraining.encoderDefaults[architecture], sampleRate));
    const kind = architecture === 'sample-cnn' ? '' : `${encoder.title}, `;
    const about = {
      name: name ?? `Untrained, ${kind}${encoder.sampleRate} Hz, seed ${seed}`,
      source: 'untrained' as const,
      origin: `seed ${seed}`,
    };
    return keepEncoder(this.#tools, { settings: encoder.settings, weights: encoder.initialise(seed), about, isChosen: true });
  }

  /** See {@link ensureBuiltIn}. */
  ensureBuiltIn(): void {
    ensureBuiltIn(this.#tools);
  }

  /** See {@link bringBuiltIn}. */
  bringBuiltIn(): Encoder {
    return bringBuiltIn(this.#tools);
  }

  /** What can be looked at of an encoder, or of that of a space, in the order of its layers. @throws AppError NOT_FOUND */
  outputs(encoderId: EncoderId): EncoderOutput[] {
    return [...createEncoder(encoderSettings(this.#tools.store.encoders.get(encoderId))).outputs];
  }

  rename(encoderId: EncoderId, name: string): Encoder {
    return this.#changed(this.#tools.store.encoders.rename(encoderId, name));
  }

  /** Takes an encoder, or one of its spaces, out of every list; weights, index and notes stay. */
  remove(encoderId: EncoderId): void {
    const { store, events } = this.#tools;
    const { baseEncoderId } = store.encoders.get(encoderId);
    store.encoders.remove(encoderId);
    const chosen = store.settings.get().encoderId;
    if (chosen !== null && store.encoders.get(chosen).removedAt !== null) {
      store.settings.set({ encoderId: baseEncoderId ?? this.list().at(-1)?.id ?? null });
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
   * @throws AppError NOT_FOUND, BAD_INPUT for an output that the encoder does not have, DEVICE_UNAVAILABLE, ALREADY_RUNNING when that job goes by another hop
   *   or device, or over other outputs, than is asked for
   */
  index(wish: IndexWish): StartedJob {
    const { encoderId, hopSamples, device, isAsked = true, repair = false } = wish;
    const { store, jobs } = this.#tools;
    const encoder = baseOf(store, store.encoders.get(encoderId));
    const about = { hopSamples: hopSamples ?? null, device: device ?? store.settings.get().device, repair };
    checkDevice(about.device);
    const known = jobs.underWay('index', subjectOf('index', { encoderId: encoder.id }))?.params as IndexParams | undefined;
    const wanted = this.#wanted(encoder, wish);
    const taken = new Set(known?.spaces ?? [encoder.id]);
    const isOther =
      wanted.some((one) => typeof one !== 'number' || !taken.has(one)) ||
      (repair && known?.repair !== true) ||
      (hopSamples ?? known?.hopSamples) !== known?.hopSamples ||
      (device ?? known?.device) !== known?.device;
    if (known !== undefined && isOther)
      throw new AppError(
        'ALREADY_RUNNING',
        `${encoder.name} is being indexed already, otherwise than is asked for now. Cancel that job first, or wait until it has ended.`,
        { details: { encoderId } },
      );
    const spaces = wanted.map((one) => (typeof one === 'number' ? store.encoders.get(one) : ensureSpace(store, encoder, one)));
    const text = spacesText(encoder, spaces);
    const title = repair ? `Repair the index of ${text}` : `Index with ${text}`;
    const params: IndexParams = { encoderId: encoder.id, spaces: spaces.map(({ id }) => id), ...about };
    return jobs.start({ kind: 'index', title, params, isAsked });
  }

  /** How much an index job would add on the disk, about. @throws AppError NOT_FOUND, BAD_INPUT for an output that the encoder does not have */
  indexBytes(wish: IndexWish): number {
    const { store } = this.#tools;
    const encoder = baseOf(store, store.encoders.get(wish.encoderId));
    const library = store.tracks.summary();
    const spaces = this.#wanted(encoder, wish).map((one) =>
      typeof one === 'number' ? store.encoders.get(one) : passingSpace(encoder, one),
    );
    return spaces.reduce((sum, space) => sum + spaceBytes({ encoder, space, library, hopSamples: wish.hopSamples ?? null }), 0);
  }

  /** What a wish is about: spaces that there are by their numbers, others by what they will be. */
  #wanted(encoder: StoredEncoder, { encoderId, outputs, hopSamples }: IndexWish): (EncoderId | SpaceOutput)[] {
    if (outputs === undefined) return hopSamples === undefined ? [...new Set([...indexedSpaces(encoder), encoderId])] : [encoderId];
    const found = outputs.map((output) => findSpace(this.#tools.store, encoder, output)?.id ?? output);
    return [...new Map(found.map((one) => [JSON.stringify(one), one])).values()];
  }

  /**
   * Starts an index job when the settings want new tracks indexed and there are some. An encoder that has no index yet is asked for by a person first,
   * since many take hours; the built-in one takes minutes.
   */
  indexNew(): void {
    const { store, jobs, arrivals } = this.#tools;
    if (arrivals.scan !== null && this.#refusedIn === arrivals.scan) return;
    const encoder = this.#firstOf(this.#indexedByItself());
    const isFirst = encoder?.source === 'built-in' && encoder.index === null && store.tracks.summary().tracks > 0;
    const isWaiting = isFirst || [encoder, ...(encoder?.spaces ?? [])].some((one) => (one?.index?.waiting ?? 0) > 0);
    if (encoder === undefined || !isWaiting) return;
    // What is under way takes new tracks up by itself, up to its last look.
    if (jobs.underWay('index', subjectOf('index', { encoderId: encoder.id })) !== null) this.#isWanted.add(encoder.id);
    else this.index({ encoderId: indexedSpaces(encoder)[0] ?? encoder.id, isAsked: false });
  }

  /** Begins with the built-in encoder when a scan has brought its first track; the job goes on with those that come after it. */
  indexComing(): void {
    const encoder = this.#indexedByItself();
    if (encoder?.source === 'built-in' && this.#refusedIn !== this.#tools.arrivals.scan)
      this.index({ encoderId: indexedSpaces(encoder)[0] ?? encoder.id, isAsked: false });
  }

  /** The chosen encoder where the settings want new tracks indexed. */
  #indexedByItself(): StoredEncoder | undefined {
    const { indexAfterScan, encoderId } = this.#tools.store.settings.get();
    if (!indexAfterScan) return undefined;
    return this.list().find(({ id, spaces }) => id === encoderId || spaces.some((space) => space.encoderId === encoderId));
  }

  /** The encoder that another stands upon while it has tracks to hear: what it finds is what the other needs. */
  #firstOf(encoder: StoredEncoder | undefined): StoredEncoder | undefined {
    const base = encoder === undefined ? undefined : stoodUpon(this.#tools.store, encoder);
    return base !== undefined && (base.index === null || base.index.waiting > 0) ? baseOf(this.#tools.store, base) : encoder;
  }

  /** Tracks that came after the job's last look, and an encoder that stands upon the one that has heard what is new. */
  #indexed({ state }: Job, { encoderId }: IndexParams): void {
    const { arrivals } = this.#tools;
    if (arrivals.isScanning && (state === 'cancelled' || state === 'failed')) this.#refusedIn = arrivals.scan;
    const isWanted = this.#isWanted.delete(encoderId);
    const isUpon = (one: StoredEncoder): boolean => {
      const below = stoodUpon(this.#tools.store, one);
      return below !== undefined && baseOf(this.#tools.store, below).id === encoderId;
    };
    const isStoodUpon = this.list().some((one) => (one.index?.waiting ?? 0) > 0 && isUpon(one));
    if ((isWanted || isStoodUpon) && state === 'done') this.indexNew();
  }

  async #runIndex(params: IndexParams, context: JobContext): Promise<JobOutcome> {
    const tools = this.#tools;
    const encoder = tools.store.encoders.get(params.encoderId);
    const ids = params.spaces ?? [encoder.id];
    const repaired = params.repair === true ? await repairIndex(tools.store, ids, context) : null;
    if (encoder.source !== 'built-in' && !existsSync(tools.store.paths.weights(encoder.id)))
      throw new AppError('WEIGHTS_UNREADABLE', `The weights of ${encoder.name} are gone from Earmark’s data directory. Import them again.`);
    try {
      const spaces = ids.map((id) => tools.store.encoders.get(id));
      const result = await indexSpaces(tools, context, { encoder, spaces, hopSamples: params.hopSamples, device: params.device });
      await fillTagSet(tools, this.#predictor, { encoder: tools.store.encoders.get(encoder.id), signal: context.signal });
      if (repaired === null) return { message: describeIndex(result), result };
      return { message: `${describeRepair(repaired)} ${describeIndex(result)}`, result: { ...result, repaired } };
    } finally {
      for (const id of ids) tools.events.emit({ type: 'index.changed', encoderId: id });
      tools.events.emit({ type: 'encoders.changed' });
      tools.events.emit({ type: 'library.changed' });
    }
  }

  #changed(encoder: StoredEncoder): Encoder {
    this.#tools.events.emit({ type: 'encoders.changed' });
    return encoder;
  }
}
