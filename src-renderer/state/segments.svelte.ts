/** @file The table of segments: rows and values in sight, in the order asked for. What is shown stays until what comes after it is there. */
import { bytesFromBase64, floatsFromBase64 } from '../../src-main/contract/index.ts';
import type { EncoderId, SegmentFilter, SegmentPage, SegmentQuery, TrackId } from '../../src-main/contract/index.ts';
import type { ListenExtra } from '../lib/listen-columns.ts';
import { SegmentBlocks, blockRows } from '../lib/segment-blocks.ts';
import type { MissingBlock, SegmentItem, SegmentPageData, SegmentWindow } from '../lib/segment-blocks.ts';

/** What is used of the core. */
export interface SegmentsApi {
  segments(query: SegmentQuery, options: { signal: AbortSignal }): Promise<SegmentPage>;
}

/** What the table shows, apart from the columns. */
export interface SegmentsQuery {
  readonly encoderId: EncoderId;
  readonly sort: SegmentQuery['sort'];
  readonly search: string;
  /** Only this track's segments. */
  readonly trackId?: TrackId | undefined;
  readonly filter?: SegmentFilter | undefined;
  /** Of each track the first of the order alone, so many at most. */
  readonly perTrack?: number | undefined;
  /** Columns beside the features, which the order names by their places here. */
  readonly extras?: readonly Pick<ListenExtra, 'id' | 'column'>[] | undefined;
}

/** Requests under way at once. */
const mostRequests = 2;
/** A new order is shown once all that is in sight is there, or after this time. */
const patienceMs = 200;

/** One order of one state of the index, being shown or being filled. */
interface Edition {
  readonly blocks: SegmentBlocks;
  total: number | null;
  /** Tracks that its segments are of. */
  tracks: number;
  /** Whether it may not move rows that are looked at. */
  readonly isQuiet: boolean;
}

/** Segments of one encoder's index. */
export class SegmentsState {
  readonly #api: SegmentsApi;
  readonly #later: (run: () => void, ms: number) => void;
  #shown: Edition = { blocks: new SegmentBlocks(), total: null, tracks: 0, isQuiet: false };
  /** What replaces `shown` as soon as it has what is in sight. */
  #next: Edition | null = null;
  #query: SegmentsQuery | null = null;
  #window: SegmentWindow = { firstRow: 0, endRow: 1, features: [] };
  #abort = new AbortController();
  /** Blocks that have been asked for. */
  #underWay: readonly number[] = [];
  #version = $state(0);
  #total = $state<number | null>(null);
  #tracks = $state(0);
  #error = $state.raw<unknown>(null);
  #isRenewing = $state(false);
  #fresh = $state<number | null>(null);
  /** Whether rows in sight stay where they are: a job brings others. */
  #isKept = false;
  #isAtWork = false;

  /** `later` runs something after a time; replaced in tests. */
  constructor(api: SegmentsApi, later: (run: () => void, ms: number) => void = (run, ms) => void setTimeout(run, ms)) {
    this.#api = api;
    this.#later = later;
  }

  /** Segments that match; null until the first answer. */
  get total(): number | null {
    return this.#total;
  }

  /** Tracks that these segments are of. */
  get tracks(): number {
    return this.#tracks;
  }

  /** Why segments could not be fetched; null when they could. */
  get error(): unknown {
    return this.#error;
  }

  /** True while another order or search is on its way. */
  get isRenewing(): boolean {
    return this.#isRenewing;
  }

  /** How many rows came while those in sight stayed where they are, 0 when others changed; null while what is shown is up to date. */
  get fresh(): number | null {
    return this.#fresh;
  }

  /** What is shown; null before the first query. */
  get query(): SegmentsQuery | null {
    return this.#query;
  }

  /** A row, or undefined while it is on its way. */
  at(index: number): SegmentItem | undefined {
    return this.#version >= 0 ? this.#shown.blocks.item(index) : undefined;
  }

  /** A feature's value on a row, or undefined while it is on its way. */
  value(index: number, feature: number): number | undefined {
    return this.#version >= 0 ? this.#shown.blocks.value(index, feature) : undefined;
  }

  /** The value of a column beside the features on a row, or undefined while it is on its way. */
  extra(index: number, id: string): number | undefined {
    return this.#version >= 0 ? this.#shown.blocks.extra(index, id) : undefined;
  }

  /** Place of a segment in the order, if it is near what was looked at; else −1. */
  find(trackId: number, segment: number): number {
    return this.#version >= 0 ? this.#shown.blocks.find(trackId, segment) : -1;
  }

  /** Asks for another order, search or encoder. */
  show(query: SegmentsQuery): void {
    const isOtherEncoder = this.#query?.encoderId !== query.encoderId;
    this.#query = query;
    if (isOtherEncoder) {
      this.#shown = { blocks: new SegmentBlocks(), total: null, tracks: 0, isQuiet: false };
      this.#total = null;
      this.#version++;
    }
    this.#renew(false);
  }

  /** Fetches what is in sight again, and shows it as it is now. */
  refresh(): void {
    if (this.#query !== null) this.#renew(false);
  }

  /** A job is at work on the index: until it is done, rows in sight keep their places. */
  keep(): void {
    this.#isKept = true;
  }

  /**
   * The index has changed. What a job brings does not move the rows that are looked at.
   * @param isAtWork whether such a job goes on
   */
  follow(isAtWork: boolean): void {
    this.#isAtWork = isAtWork;
    this.#isKept ||= isAtWork;
    if (this.#query !== null) this.#renew(this.#isKept);
  }

  /** What is shown may be other than it was: rows in sight keep their places, and what is new in them shows. */
  followQuietly(): void {
    if (this.#query !== null) this.#renew(true);
  }

  /** Tells what is looked at. */
  look(window: SegmentWindow): void {
    this.#window = window;
    this.#fetch();
  }

  /** Rows of the present order, fetched apart from the table: the first ones for an audition, a neighbour for the player. */
  async rows(offset: number, limit: number): Promise<SegmentItem[]> {
    if (this.#query === null) return [];
    const held = Array.from({ length: limit }, (_, i) => this.#shown.blocks.item(offset + i));
    if (held.every((item) => item !== undefined)) return held;
    const page = await this.#api.segments({ ...copy(this.#query), features: [], offset, limit }, { signal: this.#abort.signal });
    const blocks = new SegmentBlocks();
    blocks.store(0, [], decode(page, this.#query));
    return page.rows.flatMap((_, i) => blocks.item(i) ?? []);
  }

  #renew(isQuiet: boolean): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#underWay = [];
    const edition: Edition = { blocks: new SegmentBlocks(), total: null, tracks: 0, isQuiet };
    this.#next = edition;
    this.#isRenewing = !isQuiet;
    if (!isQuiet) this.#fresh = null;
    this.#error = null;
    this.#later(() => this.#turnTo(edition, true), patienceMs);
    this.#fetch();
  }

  /** Shows an edition when it has all that is in sight, or has anything and patience is at its end. */
  #turnTo(edition: Edition, impatient: boolean): void {
    if (this.#next !== edition || edition.total === null) return;
    const total = edition.total;
    const inSight = { ...this.#window, endRow: Math.min(this.#window.endRow, total) };
    const isWhole = inSight.firstRow >= total || edition.blocks.missing(inSight).length === 0;
    if (edition.isQuiet && !isWhole) return;
    if (edition.isQuiet && this.#moves(edition)) return this.#putOff(total);
    if (!impatient && inSight.firstRow < total && edition.blocks.missing(inSight).length > 0) return;
    this.#shown = edition;
    this.#next = null;
    if (!this.#isAtWork) this.#isKept = false;
    this.#isRenewing = false;
    this.#fresh = null;
    this.#total = total;
    this.#tracks = edition.tracks;
    this.#version++;
  }

  /** Whether an edition has other rows where rows are looked at. A list that ends in sight is still filling, and takes what comes. */
  #moves(edition: Edition): boolean {
    const { firstRow, endRow } = this.#window;
    if ((this.#shown.total ?? 0) <= endRow) return false;
    for (let index = firstRow; index < endRow; index++) {
      const [held, other] = [this.#shown.blocks.item(index), edition.blocks.item(index)];
      if (held !== undefined && (held.trackId !== other?.trackId || held.segment !== other.segment)) return true;
    }
    return false;
  }

  /** Leaves what is shown as it is, and says how much more there is. */
  #putOff(total: number): void {
    this.#next = null;
    this.#fresh = Math.max(0, total - (this.#shown.total ?? 0));
  }

  #fetch(): void {
    const edition = this.#next ?? this.#shown;
    if (this.#query === null) return;
    const { firstRow, features } = this.#window;
    const total = edition.total ?? Infinity;
    const endRow = edition.total === null ? firstRow + 1 : Math.min(this.#window.endRow, total);
    if (firstRow >= total) return;
    for (const missing of edition.blocks.missing({ firstRow, endRow, features })) {
      if (this.#underWay.length >= mostRequests) return;
      if (!this.#underWay.includes(missing.block)) void this.#request(this.#query, edition, missing);
    }
  }

  async #request(query: SegmentsQuery, edition: Edition, { block, features }: MissingBlock): Promise<void> {
    const { signal } = this.#abort;
    this.#underWay = [...this.#underWay, block];
    try {
      const asked = { ...copy(query), features: [...features], offset: block * blockRows, limit: blockRows };
      const page = await this.#api.segments(asked, { signal });
      if (signal.aborted) return;
      this.#underWay = this.#underWay.filter((each) => each !== block);
      edition.total = page.total;
      edition.tracks = page.tracks;
      edition.blocks.store(block, features, decode(page, query));
      this.#arrived(edition);
    } catch (error) {
      if (signal.aborted) return;
      this.#underWay = this.#underWay.filter((each) => each !== block);
      this.#isRenewing = false;
      this.#error = error;
    }
  }

  #arrived(edition: Edition): void {
    this.#error = null;
    if (this.#next === edition) this.#turnTo(edition, false);
    else if (this.#shown === edition) {
      this.#total = edition.total;
      this.#tracks = edition.tracks;
      this.#version++;
    }
    this.#fetch();
  }
}

/** What the core is asked, as plain data, with what is set alone. */
function copy({
  encoderId,
  sort,
  search,
  trackId,
  filter,
  perTrack,
  extras = [],
}: SegmentsQuery): Omit<SegmentQuery, 'features' | 'offset' | 'limit'> {
  return {
    ...{ encoderId, sort: sort.map((key) => ({ ...key })), search },
    ...(trackId === undefined ? {} : { trackId }),
    ...(filter === undefined ? {} : { filter }),
    ...(perTrack === undefined ? {} : { perTrack }),
    ...(extras.length === 0 ? {} : { extras: extras.map(({ column }) => column) }),
  };
}

function decode(page: SegmentPage, { extras = [] }: SegmentsQuery): SegmentPageData {
  return {
    rows: page.rows,
    values: floatsFromBase64(page.values),
    extras: { ids: extras.map(({ id }) => id), values: floatsFromBase64(page.extras) },
    waveforms: bytesFromBase64(page.waveforms),
  };
}
