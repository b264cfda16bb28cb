/** @file The person's own library where it is what an evaluation is about: what is indexed is read, and nothing is added. */
import { AppError } from '../../base/index.ts';
import type { Pooling } from '../../contract/index.ts';
import { createEncoder, embeddingOutput } from '../../learn/index.ts';
import type { Store, StoredEncoder } from '../../store/index.ts';
import { encoderSettings } from '../encoders/encoder-settings.ts';
import type { Encoders } from '../encoders/encoders.ts';
import { allRuns } from '../indexing/all-runs.ts';
import type { ClipRuns, HeardLibrary } from './dataset-library.ts';

/** Reads the indexes of the library. */
export class OwnLibrary implements HeardLibrary {
  readonly #store: Store;
  readonly #encoders: Encoders;

  constructor(store: Store, encoders: Encoders) {
    this.#store = store;
    this.#encoders = encoders;
  }

  async scan(): Promise<void> {
    // The library is what it is: its own scans keep it up to date.
  }

  statistics(): StoredEncoder {
    return this.#store.encoders.get(this.#encoders.bringBuiltIn().id);
  }

  async chroma(): Promise<StoredEncoder> {
    throw new AppError('BAD_INPUT', 'Your own tags are no musical keys: chroma does not stand beside them.');
  }

  async bring(_: Store, encoder: StoredEncoder): Promise<StoredEncoder> {
    return encoder;
  }

  /** @throws AppError NOT_FOUND where none is in the library; {@link hasTwin} tells */
  async untrained(encoder: StoredEncoder): Promise<StoredEncoder> {
    const twin = this.#twinOf(encoder);
    if (twin === undefined) throw new AppError('NOT_FOUND', `No untrained encoder as ${encoder.name} is in the library.`);
    return twin;
  }

  /** Whether an untrained encoder of the same shape is indexed. */
  hasTwin(encoder: StoredEncoder): boolean {
    return this.#twinOf(encoder) !== undefined;
  }

  /** @throws AppError BAD_INPUT for an output that is not indexed */
  async index(encoder: StoredEncoder, { outputs, pooling }: { outputs: readonly string[]; pooling: Pooling }): Promise<StoredEncoder[]> {
    return outputs.map((output) => {
      const space = this.#encoders.resolve(encoder.id, output === embeddingOutput ? undefined : { output, pooling });
      if (this.#store.index.current(space.id) !== null) return space;
      throw new AppError('BAD_INPUT', `${space.name} has not heard your music yet. Index the library with it, then evaluate.`);
    });
  }

  runs(space: StoredEncoder, paths: readonly string[]): ClipRuns {
    const index = this.#store.index.current(space.id);
    if (index === null) throw new AppError('NOT_FOUND', `${space.name} has no index any more. Start again.`);
    const all = allRuns(this.#store, index.id);
    const trackOf = new Map(this.#store.tracks.audio().map(({ trackId, path }) => [path, trackId]));
    const runs = paths.map((path) => all.get(trackOf.get(path) ?? -1));
    return {
      ...{ directory: this.#store.paths.index(index.id), dimensions: index.dimensions },
      firstRows: Int32Array.from(runs, (run) => run?.firstRow ?? 0),
      counts: Int32Array.from(runs, (run) => run?.segments ?? 0),
    };
  }

  async close(): Promise<void> {
    // The library stays open.
  }

  #twinOf(encoder: StoredEncoder): StoredEncoder | undefined {
    const text = (one: StoredEncoder): string => JSON.stringify(createEncoder(encoderSettings(one)).settings);
    return this.#store.encoders
      .list()
      .find((one) => one.source === 'untrained' && one.index !== null && one.id !== encoder.id && text(one) === text(encoder));
  }
}
