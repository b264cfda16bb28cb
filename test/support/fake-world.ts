/** @file What the fake core remembers: folders, tracks, problems, encoders, settings, notes and jobs. */
import { AsyncIteratorClass } from '@orpc/server';
import { AppError, AsyncQueue } from '../../src-main/base/index.ts';
import type {
  AppEvent,
  DataState,
  Encoder,
  EncoderId,
  Folder,
  FolderId,
  Problem,
  Settings,
  TagId,
  Track,
  TrackId,
  TrackQuery,
} from '../../src-main/contract/index.ts';
import { fakeEncoders, fakeProblems } from './fake-data.ts';
import { FakeJobs } from './fake-jobs.ts';
import { FakeRuns } from './fake-runs.ts';
import { FakeSegments } from './fake-segments.ts';
import { fakeFolders, fakeTrack, sortTracks, trackMatches } from './fake-tracks.ts';

/** What the fake core begins with. */
export type FakeOptions = {
  /** Tracks of the library: `none` (nothing was added), `some` (137) or `many` (100 000 of 11 segments each). */
  library?: 'none' | 'some' | 'many';
  /** Encoders that are there, and whether the first one has an index. Default `indexed`. */
  encoders?: 'none' | 'unindexed' | 'indexed';
  /** Procedures that fail, by `subject.verb`. */
  failing?: Record<string, AppError>;
  /** Milliseconds that every answer takes. */
  delayMs?: number;
  /** Native dialogs, as in Electron: `chooseFolder` answers with the first folder. */
  nativeDialogs?: boolean;
  /** A job that is running from the start. */
  busy?: boolean;
  theme?: Settings['theme'];
  /** How the database stands; open and sound by default. */
  data?: Partial<DataState>;
  /** Runs from before: three of them, or none. Default none. */
  runs?: 'none' | 'some';
  /** Tags from before, and a published set of tags that came with the first encoder; or neither. Default none. */
  tags?: 'none' | 'some';
};

/** Everything that the fake core remembers. */
export class FakeWorld {
  readonly jobs: FakeJobs = new FakeJobs((job) => {
    this.runs.heard(job);
    this.emit({ type: 'job.updated', job });
  });
  readonly runs: FakeRuns;
  readonly views = new Map<string, unknown>();
  readonly notes = new Map<string, string>();
  readonly removedEncoders = new Map<EncoderId, Encoder>();
  readonly removedFolders = new Map<FolderId, { folder: Folder; tracks: Track[] }>();
  readonly #subscribers = new Set<AsyncQueue<AppEvent>>();
  readonly #many: boolean;
  tracks: Track[] = [];
  folders: Folder[] = [];
  problems: Problem[] = [];
  encoders: Encoder[] = [];
  settings: Settings;
  /** Tracks that carry a tag; the fake of tags sets it. */
  tracksWithTag: (tagId: TagId) => ReadonlySet<TrackId> = () => new Set();
  #segments: FakeSegments | undefined;
  #ordered: { key: string; tracks: Track[] } | undefined;

  constructor(options: FakeOptions) {
    const size = options.library ?? 'some';
    this.runs = new FakeRuns(
      {
        jobs: this.jobs,
        emit: (event) => this.emit(event),
        tracksOf: (selection) =>
          this.tracks.filter(
            ({ id, folderId }) =>
              selection.kind === 'library' ||
              (selection.kind === 'folder' ? folderId === selection.folderId : selection.trackIds.includes(id)),
          ),
        addEncoder: (name, sampleRate, origin) => this.addEncoder({ name, sampleRate, source: 'trained', origin }).id,
      },
      options.runs === 'some',
    );
    this.#many = size === 'many';
    const encoders = options.encoders ?? (size === 'none' ? 'none' : 'indexed');
    this.settings = { theme: options.theme ?? 'system', encoderId: null, device: 'auto', watchFolders: true, indexAfterScan: false };
    if (size !== 'none') this.#fill(size === 'many' ? 100_000 : 137);
    if (encoders === 'none') return;
    this.encoders = fakeEncoders();
    this.settings.encoderId = 1 as EncoderId;
    if (encoders === 'indexed') this.setIndexed(1 as EncoderId);
    else this.tracks = this.tracks.map((track) => ({ ...track, state: 'waiting', stateMessage: '' }));
  }

  get segments(): FakeSegments {
    return (this.#segments ??= new FakeSegments(this.tracks));
  }

  /** Fills the library and its folders. */
  #fill(count: number): void {
    this.tracks = Array.from({ length: count }, (_, i) => fakeTrack(i, this.#many));
    this.problems = fakeProblems();
    this.folders = fakeFolders.map((path, i) => ({
      id: (i + 1) as FolderId,
      path,
      tracks: this.tracks.filter((track) => track.folderId === i + 1).length,
      state: 'ready',
      message: '',
      movedTo: null,
      watched: i === 0,
      addedAt: Date.UTC(2025, 8, 1),
      scannedAt: Date.UTC(2025, 9, 4, 9, 30),
    }));
    this.#segments = undefined;
    this.#ordered = undefined;
  }

  setIndexed(encoderId: EncoderId, hopSamples = 59_049): void {
    const tracks = this.tracks.filter((track) => track.state !== 'failed').length;
    const index = { tracks, segments: this.segments.count, hopSamples, waiting: 0 };
    this.encoders = this.encoders.map((encoder) => (encoder.id === encoderId ? { ...encoder, index } : encoder));
  }

  query(query: TrackQuery): { total: number; rows: Track[] } {
    const key = JSON.stringify([query.search, query.sort, query.folderId, this.tracks.length]);
    if (this.#ordered?.key !== key) {
      const found = this.tracks.filter(
        (track) => (query.folderId === undefined || track.folderId === query.folderId) && trackMatches(track, query.search),
      );
      this.#ordered = { key, tracks: sortTracks(found, query.sort) };
    }
    const tagged = query.tagId === undefined ? null : this.tracksWithTag(query.tagId);
    const tracks = tagged === null ? this.#ordered.tracks : this.#ordered.tracks.filter(({ id }) => tagged.has(id));
    return { total: tracks.length, rows: tracks.slice(query.offset, query.offset + query.limit) };
  }

  track(id: number): Track {
    const track = this.tracks.find((one) => one.id === id);
    if (track === undefined) throw new AppError('NOT_FOUND', `There is no track ${id}.`);
    return track;
  }

  encoder(id: EncoderId): Encoder {
    const encoder = this.encoders.find((one) => one.id === id);
    if (encoder === undefined) throw new AppError('NOT_FOUND', `There is no encoder ${id}.`);
    return encoder;
  }

  /** Adds an encoder that has indexed nothing. */
  addEncoder(encoder: Pick<Encoder, 'name' | 'sampleRate' | 'source' | 'origin'>): Encoder {
    const id = (Math.max(0, ...this.encoders.map((one) => one.id), ...this.removedEncoders.keys()) + 1) as EncoderId;
    const shape = { architecture: 'sample-cnn', cropSamples: 59_049, dimensions: 512 };
    const whole: Encoder = { ...encoder, ...shape, id, createdAt: Date.now(), index: null, tagSet: null };
    this.encoders = [...this.encoders, whole];
    this.emit({ type: 'encoders.changed' });
    return whole;
  }

  startScan(title: string, total = 137): ReturnType<FakeJobs['start']> {
    const first = this.tracks.length === 0;
    const summary = first ? '132 tracks added, 5 files could not be read.' : '137 tracks unchanged.';
    return this.jobs.start({
      kind: 'scan',
      title,
      total,
      unit: 'files',
      rate: 24,
      failed: first ? 5 : 0,
      summary,
      progressed: (done) => {
        if (first) this.#grow(Math.min(done, 137));
      },
      finished: () => this.emit({ type: 'library.changed' }),
    });
  }

  #grow(count: number): void {
    this.#fill(count);
    this.tracks = this.tracks.map((track) => ({ ...track, state: 'waiting', stateMessage: '' }));
    this.emit({ type: 'library.changed' });
  }

  startIndex(encoderId: EncoderId, hopSamples: number): ReturnType<FakeJobs['start']> {
    const total = this.tracks.length;
    return this.jobs.start({
      kind: 'index',
      subject: String(encoderId),
      title: `Indexing with ${this.encoder(encoderId).name}`,
      total,
      unit: 'tracks',
      rate: 9,
      failed: 2,
      summary: `${total} tracks indexed.`,
      finished: () => {
        this.tracks = this.tracks.map((track) => (track.state === 'waiting' ? { ...track, state: 'indexed' } : track));
        this.setIndexed(encoderId, hopSamples);
        this.emit({ type: 'index.changed', encoderId });
        this.emit({ type: 'encoders.changed' });
        this.emit({ type: 'library.changed' });
      },
    });
  }

  emit(event: AppEvent): void {
    for (const queue of this.#subscribers) void queue.push(event);
  }

  /** Events from now on, until the signal fires. */
  subscribe(signal: AbortSignal): AsyncIteratorClass<AppEvent, void, void> {
    const queue = new AsyncQueue<AppEvent>(10_000);
    const events = queue[Symbol.asyncIterator]();
    this.#subscribers.add(queue);
    signal.addEventListener('abort', () => queue.close());
    return new AsyncIteratorClass<AppEvent, void, void>(
      () => events.next(),
      () => {
        this.#subscribers.delete(queue);
        queue.close();
        return Promise.resolve();
      },
    );
  }

  close(): void {
    for (const queue of this.#subscribers) queue.close();
  }
}
