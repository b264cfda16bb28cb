/** @file One search for duplicates: makes the fingerprints that are missing, finds pairs worth comparing, compares them, groups them. */
import { comparePrints, fingerprintVersion, shiftBetween, unpackFingerprint } from '../../audio/about.ts';
import type { Fingerprint } from '../../audio/about.ts';
import { breather, isCancelled, toAppError } from '../../base/index.ts';
import type { TrackId } from '../../contract/index.ts';
import type { Recording, StoredDuplicateGroup, UnprintedTrack } from '../../store/index.ts';
import type { FailedPath, JobContext } from '../jobs/jobs.ts';
import type { Tools } from '../tools.ts';
import { CandidateIndex } from './candidates.ts';
import { groupPairs } from './groups.ts';
import type { RecordingPair } from './groups.ts';

/** What a search did; `failed` tracks could not be decoded and were not compared. */
export type DuplicatesResult = { tracks: number; compared: number; groups: number; failed: FailedPath[] };

/** Files that are decoded at the same time. */
const inFlight = 3;
/** Fingerprints that are kept unpacked between comparisons. */
const keptPrints = 512;

/** One run of the job. */
export class DuplicateSearch {
  readonly #tools: Pick<Tools, 'store' | 'media'>;
  readonly #context: JobContext;
  readonly #failed: FailedPath[] = [];
  readonly #prints = new Map<TrackId, Fingerprint>();
  #compared = 0;

  constructor(tools: Pick<Tools, 'store' | 'media'>, context: JobContext) {
    this.#tools = tools;
    this.#context = context;
  }

  /** Everything, to the groups in the store. */
  async run(): Promise<DuplicatesResult> {
    const { store } = this.#tools;
    await this.#printAll(store.fingerprints.waiting(fingerprintVersion));
    const recordings = store.fingerprints.recordings(fingerprintVersion);
    const groups = this.#group(recordings, await this.#findPairs(recordings));
    store.duplicates.save(groups);
    const tracks = recordings.reduce((sum, { trackIds }) => sum + trackIds.length, 0);
    return { tracks, compared: this.#compared, groups: groups.length, failed: this.#failed };
  }

  async #printAll(waiting: readonly UnprintedTrack[]): Promise<void> {
    const { signal, gate } = this.#context;
    const queue = waiting.values();
    let [done, audioSeconds] = [0, 0];
    const report = (detail: string): void =>
      this.#context.report({ done, total: waiting.length, unit: 'tracks', audioSeconds, detail, failed: this.#failed.length });
    const lane = async (): Promise<void> => {
      for (const track of queue) {
        await gate.passed();
        signal.throwIfAborted();
        await this.#print(track);
        done++;
        audioSeconds += track.durationMs / 1000;
        report(track.path);
      }
    };
    report('');
    await Promise.all(Array.from({ length: inFlight }, lane));
  }

  async #print({ trackId, path, audioHash }: UnprintedTrack): Promise<void> {
    const { store, media } = this.#tools;
    try {
      const words = await media.run({ type: 'fingerprint', path });
      store.fingerprints.set(trackId, { audioHash, version: fingerprintVersion, words });
    } catch (error) {
      if (isCancelled(error) || this.#context.signal.aborted) throw error;
      const { code, message } = toAppError(error, `read ${path}`);
      if (code === 'DISK_FULL' || code === 'DATABASE_DAMAGED') throw error;
      this.#failed.push({ path, code, message });
    }
  }

  async #findPairs(recordings: readonly Recording[]): Promise<RecordingPair[]> {
    const { signal, gate, report } = this.#context;
    const step = breather(async () => {
      await gate.passed();
      signal.throwIfAborted();
    });
    const index = new CandidateIndex();
    for (const [number, { printedId }] of recordings.entries()) {
      const print = printedId === null ? null : this.#read(printedId);
      if (print !== null) index.add(number, print.head.words);
      await step();
    }
    await index.build(step);
    const pairs: RecordingPair[] = [];
    for (const [number, { printedId }] of recordings.entries()) {
      if (printedId === null) continue;
      pairs.push(...this.#pairsOf(number, { recordings, index }));
      const total = recordings.length;
      report({ done: number + 1, total, unit: 'tracks', audioSeconds: 0, detail: 'Comparing fingerprints', failed: this.#failed.length });
      await step();
    }
    return pairs;
  }

  #pairsOf(number: number, { recordings, index }: { recordings: readonly Recording[]; index: CandidateIndex }): RecordingPair[] {
    const second = this.#printOf(recordings[number]);
    if (second === null) return [];
    const pairs: RecordingPair[] = [];
    for (const { other, shift } of index.before(number, second.head.words)) {
      const first = this.#printOf(recordings[other]);
      if (first === null) continue;
      this.#compared++;
      const match = comparePrints(first, second, shift);
      if (match !== null) pairs.push({ first: other, second: number, ...match });
    }
    return pairs;
  }

  #group(recordings: readonly Recording[], pairs: readonly RecordingPair[]): StoredDuplicateGroup[] {
    const { store } = this.#tools;
    const shared = new Set(pairs.flatMap(({ first, second }) => [first, second]));
    const wanted = recordings.filter(({ trackIds }, number) => trackIds.length > 1 || shared.has(number));
    const tracks = new Map(
      store.tracks
        .list(
          wanted.flatMap(({ trackIds }) => trackIds),
          null,
        )
        .map((track) => [track.id, track]),
    );
    const byQuality = (a: TrackId, b: TrackId): number => {
      const [one, other] = [tracks.get(a), tracks.get(b)];
      return (other?.bitRate ?? 0) - (one?.bitRate ?? 0) || (other?.sampleRate ?? 0) - (one?.sampleRate ?? 0) || a - b;
    };
    const bitErrors = (first: number, second: number, offsetMs: number): number | null => {
      const [one, other] = [this.#printOf(recordings[first]), this.#printOf(recordings[second])];
      if (one === null || other === null) return null;
      return comparePrints(one, other, shiftBetween(one, other, offsetMs))?.bitErrorRate ?? null;
    };
    return groupPairs({ recordings, pairs, byQuality, bitErrors });
  }

  #printOf(recording: Recording | undefined): Fingerprint | null {
    const printedId = recording?.printedId ?? null;
    if (printedId === null) return null;
    const known = this.#prints.get(printedId) ?? this.#read(printedId);
    if (known === null) return null;
    this.#prints.delete(printedId);
    this.#prints.set(printedId, known);
    const [oldest] = this.#prints.keys();
    if (oldest !== undefined && this.#prints.size > keptPrints) this.#prints.delete(oldest);
    return known;
  }

  #read(trackId: TrackId): Fingerprint | null {
    const words = this.#tools.store.fingerprints.words(trackId);
    return words === null ? null : unpackFingerprint(words);
  }
}
