/** @file Segments and their values near the eye, in blocks of rows; each block holds the values of those features only that were looked at. */
import type { SegmentRow } from '../../src-main/contract/index.ts';

/** Rows of one block. */
export const blockRows = 64;

/** A segment as the table shows it. */
export interface SegmentItem extends SegmentRow {
  /** Bars of its small waveform, 255 = full scale. */
  readonly waveform: Uint8Array;
}

/** Columns beside the features, by their ids: `values` is `[rows, ids]`. */
export interface ExtraValues {
  readonly ids: readonly string[];
  readonly values: Float32Array;
}

/** A page of the core, decoded. `values` is `[rows, features]`, `waveforms` `[rows, bars]`. */
export interface SegmentPageData {
  readonly rows: readonly SegmentRow[];
  readonly values: Float32Array;
  readonly extras?: ExtraValues;
  readonly waveforms: Uint8Array;
}

/** Values of some features on a block's rows: column `at` of a matrix with `stride` columns. */
interface HeldColumn {
  readonly values: Float32Array;
  readonly stride: number;
  readonly at: number;
}

interface Block {
  readonly items: readonly SegmentItem[];
  readonly columns: Map<number, HeldColumn>;
  readonly extras: ExtraValues;
}

const noExtras: ExtraValues = { ids: [], values: new Float32Array(0) };

/** A block to ask for, with the features whose values are not there. */
export interface MissingBlock {
  readonly block: number;
  readonly features: readonly number[];
}

/** The rows and columns in sight; `endRow` excluded. */
export interface SegmentWindow {
  readonly firstRow: number;
  readonly endRow: number;
  readonly features: readonly number[];
}

/** Blocks of one order of one index. */
export class SegmentBlocks {
  readonly #blocks = new Map<number, Block>();
  readonly #mostBlocks: number;

  /** Beyond `mostBlocks` the blocks that were stored longest ago go. */
  constructor(mostBlocks = 96) {
    this.#mostBlocks = mostBlocks;
  }

  /** How many blocks are held. */
  get size(): number {
    return this.#blocks.size;
  }

  /** A row, if it is held. */
  item(index: number): SegmentItem | undefined {
    return this.#blocks.get(Math.floor(index / blockRows))?.items[index % blockRows];
  }

  /** A feature's value on a row, if it is held. */
  value(index: number, feature: number): number | undefined {
    const column = this.#blocks.get(Math.floor(index / blockRows))?.columns.get(feature);
    return column?.values[(index % blockRows) * column.stride + column.at];
  }

  /** The value of a column beside the features on a row, if it is held. */
  extra(index: number, id: string): number | undefined {
    const { ids = [], values } = this.#blocks.get(Math.floor(index / blockRows))?.extras ?? {};
    const at = ids.indexOf(id);
    return at < 0 ? undefined : values?.[(index % blockRows) * ids.length + at];
  }

  /** What is in sight and not held, the blocks in the middle first. */
  missing(window: SegmentWindow): MissingBlock[] {
    const first = Math.floor(window.firstRow / blockRows);
    const last = Math.floor(Math.max(window.firstRow, window.endRow - 1) / blockRows);
    const middle = (window.firstRow + window.endRow) / 2 / blockRows - 0.5;
    const found: MissingBlock[] = [];
    for (let block = first; block <= last; block++) {
      const held = this.#blocks.get(block);
      const features = window.features.filter((feature) => held?.columns.has(feature) !== true);
      if (held === undefined || features.length > 0) found.push({ block, features });
    }
    return found.sort((a, b) => Math.abs(a.block - middle) - Math.abs(b.block - middle));
  }

  /** Takes a block as the core answered it. Values of the same rows that were there stay. */
  store(block: number, features: readonly number[], page: SegmentPageData): void {
    const held = this.#blocks.get(block);
    const isSame =
      held !== undefined && held.items.length === page.rows.length && held.items.every((item, i) => item.row === page.rows[i]?.row);
    const bars = page.rows.length === 0 ? 0 : page.waveforms.length / page.rows.length;
    const items = isSame
      ? held.items
      : page.rows.map((row, i) => ({ ...row, waveform: page.waveforms.subarray(i * bars, (i + 1) * bars) }));
    const columns = isSame ? held.columns : new Map<number, HeldColumn>();
    features.forEach((feature, at) => columns.set(feature, { values: page.values, stride: features.length, at }));
    this.#blocks.delete(block);
    this.#blocks.set(block, { items, columns, extras: page.extras ?? noExtras });
    for (const oldest of this.#blocks.keys()) {
      if (this.#blocks.size <= this.#mostBlocks) break;
      this.#blocks.delete(oldest);
    }
  }

  /** The place of a segment among the held rows; −1 when it is not held. */
  find(trackId: number, segment: number): number {
    for (const [block, { items }] of this.#blocks) {
      const at = items.findIndex((item) => item.trackId === trackId && item.segment === segment);
      if (at >= 0) return block * blockRows + at;
    }
    return -1;
  }
}
