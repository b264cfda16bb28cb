/**
 * @file What every kind of tag has in common: a list of entries (frames, comments, atoms), a few of which are the field that is looked at. A
 * field is changed by taking its entries out and putting others in, so that every other byte of the tag stays what it was; TagLib, which
 * writes whole tags anew, loses the totals of track and disc numbers, for one (taglib-wasm 1.5.1).
 */

/** Fields that can be written. `custom` has a name of the person's choice. */
export type FieldName = 'genre' | 'comment' | 'grouping' | 'mood' | 'custom';

/** A field; `customName` of letters, digits, blanks, `_` and `-` for `custom`, else empty. */
export type Field = { name: FieldName; customName: string };

/** A stretch `[start, end)` of a file. */
export type Stretch = { start: number; end: number };

/** A part of a file that is made: bytes, or a stretch of the file before. */
export type Piece = Uint8Array | Stretch;

/** All bytes before the sound of a file, all behind it, and how long the sound is. */
export type Ends = { head: Uint8Array; tail: Uint8Array; soundBytes: number };

/** A tag as it should be. `room`: bytes that it should take where its entries fit. Without `hasTag` it goes, but for lent entries. */
export type NewTag = { entries: readonly Buffer[]; room: number; hasTag: boolean };

/** A file's tag, taken apart. */
export type OpenTag = {
  /** How entries are written; those of one form do not fit in a tag of another. */
  form: string;
  /** False while the file has no tag of this form. */
  exists: boolean;
  entries: readonly Buffer[];
  /** Bytes that the tag takes, with its padding; 0 where there is none. */
  room: number;
  /** Whether an entry lies elsewhere in the file, where it is kept in step with the tag, and stays when the tag goes. */
  isLent?(entry: Buffer): boolean;
  /** Whether an entry belongs to the field. */
  isField(entry: Buffer): boolean;
  /** Entries that say these values; none for no values. */
  make(values: readonly string[]): Buffer[];
  /**
   * Entries for a tag that is new, so that it says what programs read in the file so far from a tag of another form.
   * @param properties what TagLib reads, by its names
   */
  seed(properties: ReadonlyMap<string, readonly string[]>): Buffer[];
  /** The file with another tag. @throws AppError BAD_INPUT when it cannot hold that */
  pieces(tag: NewTag): Piece[];
  /** True where it depends on how long the values are whether entries alone bring the same bytes back. */
  needsWhole?: boolean;
  /** The stretch of the file that no change of the tag touches, but for what numbers it. */
  sound: Stretch;
  /** The file with other bytes before and behind that stretch; left out where they are simply put there. */
  around?(ends: Ends): Piece[];
};

/** The field's own name, in capitals; empty for fields that have a place of their own in every format. */
export function ownName({ name, customName }: Field): string {
  return name === 'custom' ? customName.toUpperCase() : name.toUpperCase();
}

/** Bytes of a tag with entries of `used` bytes: the wished ones where they fit, else with the padding that there is. */
export function paddedSize(used: number, { wanted, padding }: { wanted: number; padding: number }): number {
  return used <= wanted ? wanted : used + padding;
}
