/** @file Labelled data sets that a person has in a folder: which are known, what is in one, and whether it is whole. Nothing of them enters the library. */
import { datasetIn, datasetNamed, datasets, manifestOf, withoutClips } from '../../datasets/index.ts';
import type { DatasetManifest, DatasetReading } from '../../datasets/index.ts';
import type { DatasetCheck, JobProgress, KnownDataset } from '../../contract/index.ts';
import { ProgressMeter } from '../jobs/progress-meter.ts';
import type { Tools } from '../tools.ts';
import { lookAtClips } from './clip-files.ts';
import { OpenDatasetFolder } from './dataset-folder.ts';

/** Which folder, as which data set (null: what it looks like), which task and split (null: the first). */
export type DatasetWish = { path: string; dataset: string | null; task: string | null; split: string | null };

/** `decodes`: every file is decoded, which takes as long as listening to a small part of it. */
export type DatasetLook = { decodes: boolean; signal: AbortSignal; onProgress?: (progress: JobProgress) => void };

/** A data set as it can be used: clips whose files are there. */
export type OpenedDataset = { folder: OpenDatasetFolder; reading: DatasetReading; manifest: DatasetManifest };

/** Reads data sets. */
export class Datasets {
  readonly #tools: Pick<Tools, 'media' | 'codeVersion'>;

  constructor(tools: Pick<Tools, 'media' | 'codeVersion'>) {
    this.#tools = tools;
  }

  /** Those that are known, with their tasks and splits. */
  list(): KnownDataset[] {
    return datasets.map(({ name, title, about, holds, tasks, splits }) => ({
      name,
      title,
      about,
      holds,
      tasks: [...tasks],
      splits: [...splits],
    }));
  }

  /**
   * Reads a data set, without clips whose files are gone, empty or (where it decodes) broken; those are in `leftOut` and told in a note.
   * @throws AppError BAD_INPUT for what is none, or whose tables are not as published; FOLDER_GONE; CANCELLED
   */
  async open(wish: DatasetWish, look: DatasetLook): Promise<OpenedDataset> {
    const { folder, reading, manifest } = await this.#looked(wish, look);
    return { folder, reading, manifest };
  }

  /** What is there of a data set and what is not. @throws as `open` */
  async check(wish: DatasetWish, look: DatasetLook): Promise<DatasetCheck> {
    const { folder, reading, manifest, missing, broken } = await this.#looked(wish, look);
    return {
      ...{ dataset: reading.dataset, path: folder.path, decoded: look.decodes },
      ok: missing.length === 0 && broken.length === 0,
      ...{ counts: manifest.counts, missing, broken, manifest },
    };
  }

  async #looked(wish: DatasetWish, look: DatasetLook): Promise<OpenedDataset & Pick<DatasetCheck, 'missing' | 'broken'>> {
    const { decodes, signal, onProgress = () => undefined } = look;
    const folder = await OpenDatasetFolder.open(wish.path);
    const dataset = wish.dataset === null ? await datasetIn(folder) : datasetNamed(wish.dataset);
    const whole = await dataset.read(folder, { task: wish.task, split: wish.split });
    signal.throwIfAborted();
    const meter = new ProgressMeter(() => performance.now());
    meter.start();
    const { missing, broken } = await lookAtClips(folder, whole, {
      media: decodes ? this.#tools.media : null,
      signal,
      onFiles: (done, total, failed) => onProgress(meter.measure({ done, total, unit: 'files', audioSeconds: 0, detail: '', failed })),
    });
    const reading = withoutClips(whole, [...missing, ...broken]);
    return { folder, reading, manifest: manifestOf(reading, this.#tools.codeVersion), missing, broken };
  }
}
