/** @file The columns that were last sorted by, in the order of a view, within a fixed amount of memory whatever the library's size. */
import type { ChunkFiles } from './chunk-files.ts';
import type { SegmentView } from './segment-view.ts';
import { rankCount, rankOfBits } from './select-page.ts';
import type { ViewColumn } from './select-page.ts';

/** Memory for columns; a second sort column needs a second one, so two are kept even when they are larger. */
const budgetBytes = 32 * 1024 * 1024;
const mostColumns = 8;

type Slot = { view: SegmentView; feature: number; buffer: Uint16Array; counts: Uint32Array; column: ViewColumn };

/** Reads columns and keeps the last few. */
export class ColumnCache {
  /** Most recently used last. */
  #slots: Slot[] = [];
  #scratch = new Uint16Array(0);

  /**
   * A feature's values in the order of a view.
   * @param rowCount committed rows of the index
   */
  get(files: ChunkFiles, view: SegmentView, rowCount: number, feature: number): ViewColumn {
    const known = this.#slots.findIndex((slot) => slot.view === view && slot.feature === feature);
    const slot = known >= 0 ? (this.#slots.splice(known, 1)[0] as Slot) : this.#read(files, view, rowCount, feature);
    this.#slots.push(slot);
    return slot.column;
  }

  /** Forgets everything; the memory is kept for the next columns. */
  clear(): void {
    this.#slots = this.#slots.map((slot) => ({ ...slot, feature: -1 }));
  }

  #read(files: ChunkFiles, view: SegmentView, rowCount: number, feature: number): Slot {
    if (this.#scratch.length < rowCount) this.#scratch = new Uint16Array(Math.ceil(rowCount * 1.2));
    const byRow = this.#scratch.subarray(0, rowCount);
    files.readColumn(feature, 0, byRow);
    const { buffer, counts } = this.#room(view.total);
    const ranks = buffer.subarray(0, view.total);
    gather(byRow, view, ranks, counts.fill(0));
    return { view, feature, buffer, counts, column: { ranks, counts } };
  }

  /** Memory of the column that was not used for longest, or new memory while there may be more. */
  #room(total: number): { buffer: Uint16Array; counts: Uint32Array } {
    const capacity = Math.max(2, Math.min(mostColumns, Math.floor(budgetBytes / (2 * Math.max(1, total)))));
    while (this.#slots.length > capacity) this.#slots.shift();
    const oldest = this.#slots.length === capacity ? this.#slots.shift() : undefined;
    const counts = oldest?.counts ?? new Uint32Array(rankCount);
    const fits = oldest !== undefined && oldest.buffer.length >= total && oldest.buffer.length <= total * 4 + rankCount;
    return { buffer: fits ? oldest.buffer : new Uint16Array(total), counts };
  }
}

/** Turns a column from halves in the order of rows to ranks in that of a view, and counts them on the way. */
function gather(byRow: Uint16Array, view: SegmentView, ranks: Uint16Array, counts: Uint32Array): void {
  const { firstRows, starts } = view;
  for (let run = 0; run < firstRows.length; run++) {
    const end = starts[run + 1] as number;
    const shift = (firstRows[run] as number) - (starts[run] as number);
    for (let position = starts[run] as number; position < end; position++) {
      const rank = rankOfBits[byRow[position + shift] as number] as number;
      ranks[position] = rank;
      counts[rank] = (counts[rank] as number) + 1;
    }
  }
}
