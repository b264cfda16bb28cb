/** @file Mends the files of an encoder's indexes, and of its tag set's; what neither of their two copies holds waits to be encoded again. */
import { countOf } from '../../base/index.ts';
import type { EncoderId } from '../../contract/index.ts';
import type { IndexRepair, Store } from '../../store/index.ts';
import type { JobContext } from '../jobs/jobs.ts';

/** Looks through the indexes of an encoder's spaces and their tag sets, and mends them. @throws AppError DISK_FULL and the like; CANCELLED */
export async function repairIndex(
  store: Store,
  encoderIds: readonly EncoderId[],
  context: Pick<JobContext, 'signal' | 'report'>,
): Promise<IndexRepair> {
  const whole: IndexRepair = { files: [], columnsRebuilt: 0, rowsRebuilt: 0, lostTracks: [] };
  const sets = encoderIds.flatMap((id) => store.encoders.tagSetOf(id)?.id ?? []);
  for (const id of [...encoderIds, ...sets]) {
    const index = store.index.current(id);
    if (index === null) continue;
    const onRows = (done: number): void =>
      context.report({
        done,
        total: index.committedRows,
        unit: 'segments',
        audioSeconds: 0,
        detail: 'Looking through the index',
        failed: 0,
      });
    const found = await store.index.repair(index.id, { writes: true, signal: context.signal, onRows });
    whole.files.push(...found.files);
    whole.columnsRebuilt += found.columnsRebuilt;
    whole.rowsRebuilt += found.rowsRebuilt;
    // What a tag set lost is made from the encoder's index, without decoding.
    if (encoderIds.includes(id)) whole.lostTracks.push(...found.lostTracks);
  }
  return whole;
}

/** What was mended, as a sentence. */
export function describeRepair({ files, columnsRebuilt, rowsRebuilt, lostTracks }: IndexRepair): string {
  if (files.length === 0) return 'Every file of the index is whole.';
  const rebuilt = columnsRebuilt + rowsRebuilt;
  return `Mended ${files.join(', ')}: ${countOf(rebuilt, 'segment')} from their other copy, ${countOf(lostTracks.length, 'track')} encoded again.`;
}
