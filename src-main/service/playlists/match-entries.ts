/** @file Which tracks of the library a list's entries mean: by the whole path, else by the end of the path, as far as it is told apart. */
import type { TrackId } from '../../contract/index.ts';
import { fold } from '../../store/index.ts';
import type { AudioTrack } from '../../store/index.ts';
import { pathsOf } from './list-entries.ts';
import type { ListEntry } from './list-entries.ts';

type Known = { trackId: TrackId; /** Folded parts of the path, the file's name first. */ parts: string[]; durationMs: number };

/** A file's name alone is not much: where the list tells a length, it must be this near. */
const nearMs = 3000;

/** What a list's entries came to. */
export type MatchedEntries = { trackIds: TrackId[]; notFound: string[] };

/** Looks up entries among the tracks of a library; nothing is read from the disk. */
export class EntryMatcher {
  readonly #byPath: Map<string, TrackId>;
  readonly #byName = new Map<string, Known[]>();

  constructor(tracks: readonly Pick<AudioTrack, 'trackId' | 'path' | 'durationMs'>[]) {
    this.#byPath = new Map(tracks.map(({ path, trackId }) => [path, trackId]));
    for (const { trackId, path, durationMs } of tracks) {
      const parts = partsOf(path);
      const name = parts[0] ?? '';
      const known = this.#byName.get(name);
      if (known === undefined) this.#byName.set(name, [{ trackId, parts, durationMs }]);
      else known.push({ trackId, parts, durationMs });
    }
  }

  /** The tracks in the list's order, and the lines that name none. */
  match(entries: readonly ListEntry[], folder: string | null): MatchedEntries {
    const matched: MatchedEntries = { trackIds: [], notFound: [] };
    for (const entry of entries) {
      const trackId = this.#trackOf(entry, folder);
      if (trackId === null) matched.notFound.push(entry.line);
      else matched.trackIds.push(trackId);
    }
    return matched;
  }

  #trackOf({ line, seconds }: ListEntry, folder: string | null): TrackId | null {
    const paths = pathsOf(line, folder);
    for (const path of paths) {
      const exact = this.#byPath.get(path);
      if (exact !== undefined) return exact;
    }
    for (const path of paths) {
      const near = this.#byEnd(partsOf(path), seconds);
      if (near !== null) return near;
    }
    return null;
  }

  /** The track whose path shares the most parts from its end on; null when two share as many. */
  #byEnd(parts: readonly string[], seconds: number | null): TrackId | null {
    let [best, most, isTold] = [null as Known | null, 0, false];
    for (const known of this.#byName.get(parts[0] ?? '') ?? []) {
      let shared = 1;
      while (shared < parts.length && shared < known.parts.length && parts[shared] === known.parts[shared]) shared++;
      if (shared === most) isTold = false;
      if (shared <= most) continue;
      [best, most, isTold] = [known, shared, true];
    }
    if (best === null || !isTold) return null;
    const isFar = most === 1 && seconds !== null && Math.abs(best.durationMs - seconds * 1000) > nearMs;
    return isFar ? null : best.trackId;
  }
}

/** A path's parts from its end to its beginning, folded; steps to the folder above tell nothing. */
function partsOf(path: string): string[] {
  return fold(path)
    .split(/[\\/]/)
    .filter((part) => part !== '' && part !== '.' && part !== '..')
    .reverse();
}
