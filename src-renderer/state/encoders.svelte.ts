/** @file The encoders, and which one the views use. */
import type { Api } from '../client/index.ts';
import type {
  Encoder,
  EncoderId,
  EncoderOutput,
  FeatureSpace,
  ImportedEncoder,
  JobId,
  OnnxWish,
  PatchWish,
  QueryFileId,
} from '../../src-main/contract/index.ts';
import { findShown } from '../lib/feature-spaces.ts';
import type { OutputWish } from '../lib/feature-spaces.ts';
import { shownName } from '../lib/format.ts';
import type { SettingsState } from './settings.svelte.ts';
import type { UndoState } from './undo.svelte.ts';

/** What is used of the core. */
type EncodersApi = Pick<Api, 'encoders'>;

/** Weights drawn from a seed. */
export type UntrainedChoice = Parameters<Api['encoders']['createUntrained']>[0];

/** Whose names a head's fifty outputs have. */
export type PublishedTags = 'magnatagatune' | 'msd';

export type { EncoderLayout } from '../../src-main/contract/index.ts';

/** What is said of a file of weights before it is read. */
export type ImportWish = {
  name?: string;
  labels?: PublishedTags;
  headPath?: string;
  tagsPath?: string;
  onnx?: OnnxWish;
  patches?: PatchWish;
};

/** All encoders that were not removed. */
export class EncodersState {
  readonly #api: EncodersApi;
  readonly #settings: SettingsState;
  readonly #undo: UndoState;
  #list = $state.raw<Encoder[] | null>(null);

  constructor(api: EncodersApi, settings: SettingsState, undo: UndoState) {
    this.#api = api;
    this.#settings = settings;
    this.#undo = undo;
  }

  /** Null until they are loaded. */
  get list(): readonly Encoder[] | null {
    return this.#list;
  }

  /** The chosen encoder, or the chosen space of one in its place; null when none is chosen or it is gone. */
  get current(): Encoder | null {
    return this.#found?.shown ?? null;
  }

  /** The encoder that {@link current} is or belongs to, which jobs are about. */
  get base(): Encoder | null {
    return this.#found?.base ?? null;
  }

  readonly #found = $derived.by(() => findShown(this.#list ?? [], this.#settings.encoderId));

  /** Whether the encoder that every library begins with was removed. */
  get lacksBuiltIn(): boolean {
    return this.#list !== null && !this.#list.some(({ source }) => source === 'built-in');
  }

  async load(): Promise<void> {
    const list = await this.#api.encoders.list();
    this.#list = list.map((encoder) => ({ ...encoder, name: shownName(encoder.name), origin: shownName(encoder.origin) }));
  }

  async choose(encoderId: EncoderId): Promise<void> {
    await this.#settings.set({ encoderId });
  }

  /** Reads a file of weights and chooses what came of it. */
  async importWeights(path: string, wish: ImportWish = {}): Promise<ImportedEncoder> {
    return this.#added(await this.#api.encoders.importWeights({ path, ...wish }));
  }

  /** Imports a file that was brought to the core. */
  async importBrought(fileId: QueryFileId, signal: AbortSignal): Promise<ImportedEncoder> {
    return this.#added(await this.#api.encoders.importBrought({ fileId }, { signal }));
  }

  /** Writes an encoder for others. */
  export(wish: Parameters<Api['encoders']['export']>[0]): ReturnType<Api['encoders']['export']> {
    return this.#api.encoders.export(wish);
  }

  /** Draws weights from a seed and chooses them. */
  async createUntrained(choice: UntrainedChoice): Promise<Encoder> {
    return this.#added(await this.#api.encoders.createUntrained(choice));
  }

  /** Brings the encoder back that every library begins with, and chooses it. */
  async bringBuiltIn(): Promise<Encoder> {
    return this.#added(await this.#api.encoders.bringBuiltIn());
  }

  async rename(encoder: Encoder, name: string): Promise<void> {
    if (name === encoder.name) return;
    await this.#api.encoders.rename({ encoderId: encoder.id, name });
    await this.load();
    this.#undo.did(`Encoder renamed to “${name}”`, async () => {
      await this.#api.encoders.rename({ encoderId: encoder.id, name: encoder.name });
      await this.load();
    });
  }

  async remove(encoder: Encoder): Promise<void> {
    const wasChosen = this.#settings.encoderId === encoder.id;
    await this.#api.encoders.remove({ encoderId: encoder.id });
    await this.load();
    this.#undo.did(`Encoder “${encoder.name}” removed`, async () => {
      await this.#api.encoders.restore({ encoderId: encoder.id });
      await this.load();
      if (wasChosen) await this.choose(encoder.id);
    });
  }

  /** Takes a space out of its encoder's. */
  async removeSpace(encoder: Encoder, space: FeatureSpace): Promise<void> {
    const wasChosen = this.#settings.encoderId === space.encoderId;
    await this.#api.encoders.remove({ encoderId: space.encoderId });
    await this.load();
    this.#undo.did(`“${encoder.name} · ${space.title}” removed`, async () => {
      await this.#api.encoders.restore({ encoderId: space.encoderId });
      await this.load();
      if (wasChosen) await this.choose(space.encoderId);
    });
  }

  /** What can be indexed of an encoder. */
  async outputs(encoder: Encoder): Promise<readonly EncoderOutput[]> {
    return this.#api.encoders.outputs({ encoderId: encoder.id });
  }

  /** Begins to encode every track that is new or changed: for what is named, and whatever else of the encoder is indexed already. */
  async index(
    encoderId: EncoderId,
    options: { outputs?: OutputWish[]; hopSamples?: number; device?: string; repair?: boolean } = {},
  ): Promise<JobId> {
    return (await this.#api.encoders.index({ encoderId, ...options })).jobId;
  }

  async #added<Added extends Encoder>(encoder: Added): Promise<Added> {
    await this.load();
    await this.choose(encoder.id);
    return encoder;
  }
}
