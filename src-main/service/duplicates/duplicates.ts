/** @file Recordings that are in the library more than once: the search as a job, what it found, and a person's answers to it. */
import { countOf } from '../../base/index.ts';
import type { DuplicateGroup, JobId } from '../../contract/index.ts';
import type { StoredDuplicateGroup } from '../../store/index.ts';
import type { JobContext, JobOutcome, StartedJob } from '../jobs/jobs.ts';
import type { Tools } from '../tools.ts';
import { DuplicateSearch } from './duplicate-search.ts';
import type { DuplicatesResult } from './duplicate-search.ts';

/** Use cases of duplicates. */
export class Duplicates {
  readonly #tools: Tools;

  constructor(tools: Tools) {
    this.#tools = tools;
    tools.jobs.define('duplicates', (_, context) => this.#run(context));
  }

  /** Begins a search, or names the one that is under way. Fingerprints alone tell, so no encoder is asked. */
  find(): { jobId: JobId } {
    return { jobId: this.search().jobId };
  }

  /** Begins a search, or joins the one that is under way. */
  search(): StartedJob {
    return this.#tools.jobs.start({ kind: 'duplicates', title: 'Look for duplicates', params: null });
  }

  /** What was found last, of tracks that are still there; null when nobody looked yet. */
  list(): { at: number; groups: DuplicateGroup[] } | null {
    const { store } = this.#tools;
    const last = store.duplicates.last();
    if (last === null) return null;
    const ids = last.groups.flatMap(({ tracks }) => tracks.map(({ trackId }) => trackId));
    const present = new Set(store.tracks.audio({ trackIds: ids }).map(({ trackId }) => trackId));
    const shown = new Map(
      store.tracks
        .list(
          ids.filter((id) => present.has(id)),
          null,
        )
        .map((track) => [track.id, track]),
    );
    const tracksOf = ({ tracks }: StoredDuplicateGroup): DuplicateGroup['tracks'] =>
      tracks.flatMap(({ trackId, offsetMs, bitErrorRate }) => {
        const track = shown.get(trackId);
        if (track === undefined) return [];
        const { title, artist, album, path, format, bitRate, sampleRate, durationMs } = track;
        return [{ trackId, title, artist, album, path, format, bitRate, sampleRate, durationMs, offsetMs, bitErrorRate }];
      });
    const groups = last.groups.map((group): DuplicateGroup => ({ key: group.key, relation: group.relation, tracks: tracksOf(group) }));
    return { at: last.at, groups: groups.filter(({ tracks }) => tracks.length > 1) };
  }

  /** Says that a group is none; `false` takes that back. */
  dismiss(key: string, dismissed: boolean): void {
    this.#tools.store.duplicates.dismiss(key, dismissed);
    this.#tools.events.emit({ type: 'duplicates.changed' });
  }

  async #run(context: JobContext): Promise<JobOutcome> {
    const result = await new DuplicateSearch(this.#tools, context).run();
    this.#tools.events.emit({ type: 'duplicates.changed' });
    return { message: describe(result), result };
  }
}

function describe({ tracks, groups, failed }: DuplicatesResult): string {
  const found = groups === 0 ? 'No recording is there twice' : `${countOf(groups, 'group')} of duplicates`;
  const problems = failed.length === 0 ? '' : ` ${failed.length} could not be decoded.`;
  return `${found}, among ${countOf(tracks, 'track')}.${problems}`;
}
