/**
 * @file Where segments lie in a track, and which belong to a passage or a position. The one answer for all that maps one to the other: tags on
 * passages, questions for similar music, the player, and what is drawn. Pure.
 */

/** Step from one segment's start to the next's, and a segment's length, in ms. Segments overlap where the step is shorter. */
export type SegmentTiming = { readonly hopMs: number; readonly segmentMs: number };

/** What times may be moved by: they are computed from samples, and some are rounded to whole milliseconds on their way. */
const roundingMs = 0.501;

/** Segments of a track on its time axis, numbered from 0. */
export class SegmentTimes {
  readonly hopMs: number;
  readonly segmentMs: number;
  /** How many there are. */
  readonly count: number;
  /** Times that differ by no more are the same. */
  readonly toleranceMs: number;

  /** @param count of segments; Infinity where all that begin in time are meant */
  constructor({ hopMs, segmentMs }: SegmentTiming, count: number) {
    this.hopMs = hopMs;
    this.segmentMs = segmentMs;
    this.count = count;
    this.toleranceMs = Math.min(roundingMs, hopMs / 4);
  }

  startOf(segment: number): number {
    return segment * this.hopMs;
  }

  endOf(segment: number): number {
    return segment * this.hopMs + this.segmentMs;
  }

  /** The last segment that has begun at a time, whether or not it has ended; -1 before the first one. */
  begunBy(positionMs: number): number {
    return Math.min(Math.floor((positionMs + this.toleranceMs) / this.hopMs), this.count - 1);
  }

  /** The segment that a position lies in: of several, the one that began last. Null where there is none. */
  at(positionMs: number): number | null {
    const segment = this.begunBy(positionMs);
    return segment >= 0 && positionMs < this.endOf(segment) ? segment : null;
  }

  /**
   * Segments that belong to a passage: the fewest that cover it, so that a passage joined from segments is those segments again, whatever the hop.
   * For a passage no longer than a segment, the one that holds most of it (of several that hold all, the one that began last). Empty where there
   * is none.
   */
  of({ startMs, endMs }: { startMs: number; endMs: number }): number[] {
    const first = Math.max(0, this.begunBy(startMs));
    const covering = Math.ceil((endMs - this.segmentMs - this.toleranceMs) / this.hopMs);
    const last = Math.min(Math.max(first, covering), this.count - 1);
    const overlap = (segment: number): number => Math.min(endMs, this.endOf(segment)) - Math.max(startMs, this.startOf(segment));
    const least = Math.min(this.toleranceMs, (endMs - startMs) / 2);
    const all = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i).filter((one) => overlap(one) > least);
    if (endMs - startMs > this.segmentMs + this.toleranceMs) return all;
    return all.toSorted((a, b) => overlap(b) - overlap(a) || a - b).slice(0, 1);
  }

  /** Whether a segment holds some of the sound of a passage. */
  shares(segment: number, { startMs, endMs }: { startMs: number; endMs: number }): boolean {
    return Math.min(endMs, this.endOf(segment)) - Math.max(startMs, this.startOf(segment)) > this.toleranceMs;
  }
}
