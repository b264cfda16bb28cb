/** @file Mends the files of an encoder's index, and of its tag set's; what neither of their two copies holds waits to be encoded again. */
import { countOf } from '../../base/index.ts';
import type { EncoderId } from '../../contract/index.ts';
import type { IndexRepair, Store } from '../../store/index.ts';
import type { JobContext } from '../jobs/jobs.ts';

/** Looks through both indexes, and mends them. @throws AppError DISK_FULL and the like; CANCELLED */
export async function repairIndex(
  store: Store,
  encoderId: EncoderId,
  context: Pick<JobContext, 'signal' | 'report'>,
): Promise<IndexRepair> {
  const whole: IndexRepair = { files: [], columnsRebuilt: 0, rowsRebuilt: 0, lostTracks: [] };
  for (const id of [encoderId, store.encoders.tagSetOf(encoderId)?.id]) {
    const index = id === undefined ? null : store.index.current(id);
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
    if (id === encoderId) whole.lostTracks.push(...found.lostTracks);
  }
  return whole;
}

/** What was mended, as a sentence. */
export function describeRepair({ files, columnsRebuilt, rowsRebuilt, lostTracks }: IndexRepair): string {
  if (files.length === 0) return 'Every file of the index is whole.';
  const rebuilt = columnsRebuilt + rowsRebuilt;
  return `Mended ${files.join(', ')}: ${countOf(rebuilt, 'segment')} from their other copy, ${countOf(lostTracks.length, 'track')} encoded again.`;
}
