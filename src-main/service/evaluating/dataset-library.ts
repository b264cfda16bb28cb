/**
 * @file A labelled data set as a library of its own beside the person's: its audio is scanned and indexed by copies of encoders, with all that makes that safe to
 * interrupt, and nothing of it is mixed into theirs.
 */
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, isCancelled } from '../../base/index.ts';
import { readEncoderWeights } from '../../compute/index.ts';
import type { EncoderId, Pooling } from '../../contract/index.ts';
import { chosenEncoder, chromaSettings, createEncoder, embeddingOutput } from '../../learn/index.ts';
import type { EncoderChoice } from '../../learn/index.ts';
import type { Store, StoredEncoder } from '../../store/index.ts';
import { encoderSettings } from '../encoders/encoder-settings.ts';
import { keepEncoder } from '../encoders/keep-encoder.ts';
import { baseOf } from '../encoders/spaces.ts';
import { stoodUpon } from '../encoders/stood-upon.ts';
import type { Encoders } from '../encoders/encoders.ts';
import type { EventHub } from '../event-hub.ts';
import { allRuns } from '../indexing/all-runs.ts';
import type { JobContext, Jobs, StartedJob } from '../jobs/jobs.ts';
import type { Library } from '../library/library.ts';
import type { Pretraining } from '../pretraining/pretraining.ts';
import type { TrainTrack } from '../processes/train-messages.ts';
import { trainFromScratch } from './scratch-run.ts';
import type { ScratchRun, TrainedFromScratch } from './scratch-run.ts';

/** What of a core works on a data set. */
type LibraryCore = { store: Store; jobs: Jobs; library: Library; encoders: Encoders; pretraining: Pretraining; close(): Promise<void> };

/** Opens a library with another data directory. */
export type OpenLibrary = (dataDirectory: string, events: EventHub) => LibraryCore;

/** What the job is told while the library works: a sentence's beginning, and how much of it is done. */
export type OnPart = (detail: string, share: number) => void;

/** Where the segments of clips lie; a clip that was not heard has none. */
export type ClipRuns = { directory: string; dimensions: number; firstRows: Int32Array; counts: Int32Array };

/** How a job is told of. `counted`: what alone tells how much is done, of a job that counts several things; absent: everything does. */
type Following = { doing: string; onPart: OnPart; counted?: string };

type Parts = { services: LibraryCore; events: EventHub; folder: string; context: JobContext };

/** The name of a data set's library: what it is, and where it lies. */
export function libraryName(dataset: string, folder: string): string {
  return `${dataset}-${createHash('sha256').update(folder).digest('hex').slice(0, 12)}`;
}

/** What an evaluation does with the library of what it is about. */
export type HeardLibrary = Pick<DatasetLibrary, 'scan' | 'statistics' | 'chroma' | 'bring' | 'untrained' | 'index' | 'runs' | 'close'>;

/** An open library of a data set. */
export class DatasetLibrary {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** @throws AppError DATA_DIRECTORY_IN_USE where another Earmark works on the same data set, DISK_FULL */
  static open(directory: string, { open, events, ...parts }: Omit<Parts, 'services'> & { open: OpenLibrary }): DatasetLibrary {
    mkdirSync(directory, { recursive: true });
    return new DatasetLibrary({ services: open(directory, events), events, ...parts });
  }

  /** Reads the data set's folder: what is new, changed or gone. */
  async scan(onPart: OnPart): Promise<void> {
    const { services, folder } = this.#parts;
    await this.#follow(await services.library.addFolder(folder), { doing: 'Reads the data set', onPart });
  }

  /** Timbre statistics of this library. */
  statistics(): StoredEncoder {
    return this.#store.encoders.get(this.#parts.services.encoders.bringBuiltIn().id);
  }

  /** Chroma, a formula as the statistics are. */
  chroma(): Promise<StoredEncoder> {
    const { settings, title } = createEncoder(chromaSettings);
    return keepEncoder(this.#tools, {
      ...{ settings, weights: new Map(), isChosen: false },
      about: { name: title, source: 'untrained', origin: 'a formula' },
    });
  }

  /** An encoder of the person's library, copied here, with the one that it stands upon. @throws AppError WEIGHTS_UNREADABLE */
  async bring(from: Store, encoder: StoredEncoder): Promise<StoredEncoder> {
    if (encoder.source === 'built-in') return this.statistics();
    const below = stoodUpon(from, encoder);
    if (below !== undefined) await this.bring(from, baseOf(from, below));
    const settings = encoderSettings(encoder);
    const weights = await readEncoderWeights(settings, { path: from.paths.weights(encoder.id), sha256: encoder.weightsSha256 });
    const { name, source, origin } = encoder;
    return keepEncoder(this.#tools, { settings, weights, about: { name, source, origin }, isChosen: false });
  }

  /** The same encoder with weights drawn from a seed. */
  untrained(encoder: StoredEncoder, seed: number): Promise<StoredEncoder> {
    return this.#drawn(createEncoder(encoderSettings(encoder)), seed);
  }

  /** An encoder of a choice with weights drawn from a seed. */
  drawn(choice: EncoderChoice, seed: number): Promise<StoredEncoder> {
    return this.#drawn(chosenEncoder(choice), seed);
  }

  #drawn({ settings, initialise, title }: ReturnType<typeof createEncoder>, seed: number): Promise<StoredEncoder> {
    const about = { name: `Untrained ${title}, seed ${seed}`, source: 'untrained' as const, origin: `seed ${seed}` };
    return keepEncoder(this.#tools, { settings, weights: initialise(seed), about, isChosen: false });
  }

  /** Has outputs heard, in one pass. @returns their spaces @throws AppError BAD_INPUT for one that the encoder does not have */
  async index(
    encoder: StoredEncoder,
    { outputs, pooling }: { outputs: readonly string[]; pooling: Pooling },
    onPart: OnPart,
  ): Promise<StoredEncoder[]> {
    const { services } = this.#parts;
    const isEmbedding = (output: string): boolean => output === embeddingOutput;
    const wish = outputs.every(isEmbedding)
      ? { encoderId: encoder.id }
      : {
          encoderId: encoder.id,
          outputs: outputs.map((output) => ({ output, pooling: isEmbedding(output) ? ('mean' as const) : pooling })),
        };
    await this.#follow(services.encoders.index({ ...wish, device: 'auto' }), { doing: `${encoder.name}: indexes`, onPart });
    return outputs.map((output) => services.encoders.resolve(encoder.id, isEmbedding(output) ? undefined : { output, pooling }));
  }

  /** Where clips lie in a space's index. @param paths of their files, below the data set's folder */
  runs(space: StoredEncoder, paths: readonly string[]): ClipRuns {
    const store = this.#store;
    const index = store.index.current(space.id);
    if (index === null) throw new AppError('NOT_FOUND', `${space.name} has no index of the data set. Start again.`);
    const all = allRuns(store, index.id);
    const runs = paths.map((path) => {
      const track = store.tracks.findByPath(join(this.#parts.folder, path));
      return track === undefined || track === null ? undefined : all.get(track.id);
    });
    return {
      ...{ directory: store.paths.index(index.id), dimensions: index.dimensions },
      firstRows: Int32Array.from(runs, (run) => run?.firstRow ?? 0),
      counts: Int32Array.from(runs, (run) => run?.segments ?? 0),
    };
  }

  /** The tracks that lie at paths below the data set's folder; null for what is not there. */
  tracks(paths: readonly string[]): (TrainTrack | null)[] {
    const all = new Map<string, TrainTrack>(this.#store.tracks.audio().map((track) => [track.path, track]));
    return paths.map((path) => all.get(join(this.#parts.folder, path)) ?? null);
  }

  /** Trains an encoder here, or goes on with one that was ended, or gives what was trained. @throws AppError as runs do; CANCELLED */
  train(run: ScratchRun, onPart: OnPart): Promise<TrainedFromScratch> {
    const { pretraining } = this.#parts.services;
    return trainFromScratch(pretraining, run, (job) => this.#follow(job, { doing: 'trains', onPart, counted: 'steps' }));
  }

  /** An encoder of this library. @throws AppError NOT_FOUND */
  encoder(encoderId: EncoderId): StoredEncoder {
    return this.#store.encoders.get(encoderId);
  }

  /** Ends it; what was heard is kept. */
  close(): Promise<void> {
    return this.#parts.services.close();
  }

  get #store(): Store {
    return this.#parts.services.store;
  }

  get #tools(): { store: Store; events: EventHub } {
    return { store: this.#store, events: this.#parts.events };
  }

  /** Waits for a job of this library as a part of the job that it serves: pauses, cancels and tells with it. */
  async #follow({ jobId, settled }: StartedJob, { doing, onPart, counted }: Following): Promise<void> {
    const { services, events, context } = this.#parts;
    const { jobs } = services;
    const ended = new AbortController();
    const cancel = (): void => void jobs.cancel(jobId);
    const stopListening = context.gate.onChange((isClosed) => (isClosed ? jobs.pause(jobId) : jobs.resume(jobId)));
    context.signal.addEventListener('abort', cancel);
    let share = 0;
    const tell = async (): Promise<void> => {
      for await (const event of events.subscribe(ended.signal)) {
        if (event.type !== 'job.updated' || event.job.id !== jobId) continue;
        const { done, total, unit } = event.job.progress;
        if (total !== null && total > 0 && (counted === undefined || counted === unit)) share = done / total;
        onPart(total === null ? doing : `${doing}, ${done} of ${total} ${unit}`, share);
      }
    };
    const telling = tell();
    if (context.signal.aborted) cancel();
    try {
      await settled;
      jobs.dismiss(jobId);
    } catch (error) {
      context.signal.throwIfAborted();
      throw isCancelled(error) ? new AppError('CANCELLED', 'The work was cancelled.') : error;
    } finally {
      stopListening();
      context.signal.removeEventListener('abort', cancel);
      ended.abort();
      await telling;
    }
  }
}
