/** @file The audio files of a data set’s clips: which are not there, which are empty, and, where asked, which cannot be decoded or were cut. */
import { AppError, isCancelled, toAppError } from '../../base/index.ts';
import type { DatasetClip, DatasetReading, LeftOut } from '../../datasets/index.ts';
import type { MediaWorker } from '../processes/media-worker.ts';
import type { OpenDatasetFolder } from './dataset-folder.ts';

/** Clips without a file, and clips with one that is of no use. */
export type ClipFiles = { missing: LeftOut[]; broken: LeftOut[] };

/** `media`: decodes every file; null: files are only looked for. `onFiles` hears how many of how many were looked at. */
export type LookOptions = {
  media: MediaWorker | null;
  signal: AbortSignal;
  onFiles: (done: number, total: number, failed: number) => void;
};

/** Files looked for, or decoded, at once. */
const together = { look: 16, decode: 2 };
/** Encoders of lossy formats cut or add a little. */
const toleranceSeconds = 0.25;

/** Looks at the file of every clip. @throws AppError CANCELLED, or the signal’s reason */
export async function lookAtClips(folder: OpenDatasetFolder, reading: DatasetReading, options: LookOptions): Promise<ClipFiles> {
  const { media, signal, onFiles } = options;
  const { clips, leastSeconds } = reading;
  const found: ({ kind: 'missing' | 'broken'; why: string } | null)[] = clips.map(() => null);
  let [next, done, failed] = [0, 0, 0];
  const work = async (): Promise<void> => {
    for (;;) {
      const at = next++;
      const clip = clips[at];
      if (clip === undefined) return;
      signal.throwIfAborted();
      const problem = await problemOf(folder, clip, { media, leastSeconds });
      found[at] = problem;
      if (problem !== null) failed++;
      onFiles(++done, clips.length, failed);
    }
  };
  await Promise.all(Array.from({ length: media === null ? together.look : together.decode }, work));
  const rows = (kind: 'missing' | 'broken'): LeftOut[] =>
    clips.flatMap(({ id, path, part }, at) => (found[at]?.kind === kind ? [{ id, path, part, why: found[at].why }] : []));
  return { missing: rows('missing'), broken: rows('broken') };
}

type Problem = { kind: 'missing' | 'broken'; why: string };
type Looking = { media: MediaWorker | null; leastSeconds: number | null };

async function problemOf(folder: OpenDatasetFolder, { path }: DatasetClip, { media, leastSeconds }: Looking): Promise<Problem | null> {
  const file = await folder.find(path);
  if (!file.isThere) return { kind: 'missing', why: file.why };
  if (file.bytes === 0) return { kind: 'broken', why: 'Its file is empty.' };
  if (media === null) return null;
  try {
    const { durationMs } = await media.run({ type: 'peaks', path: file.path });
    const seconds = durationMs / 1000;
    if (leastSeconds === null || seconds >= leastSeconds - toleranceSeconds) return null;
    return { kind: 'broken', why: `It was cut: it has ${seconds.toFixed(1)} s in place of ${leastSeconds}.` };
  } catch (error) {
    if (isCancelled(error)) throw error;
    const known = toAppError(error, `decode ${path}`);
    if (known.code === 'INTERNAL') throw new AppError('INTERNAL', known.message, { cause: error });
    return { kind: 'broken', why: known.message };
  }
}
