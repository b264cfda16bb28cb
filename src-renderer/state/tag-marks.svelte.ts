/** @file Answers on the tracks that are looked at; fetched for those alone. */
import { SvelteMap } from 'svelte/reactivity';
import type { Api } from '../client/index.ts';
import type { Mark, TrackId } from '../../src-main/contract/index.ts';

/** What is used of the core. */
type MarksApi = { tags: Pick<Api['tags'], 'marks'> };

/** Most tracks that the core is asked of at once. */
const mostTracks = 1000;

/** Marks by track. */
export class TagMarksState {
  readonly #api: MarksApi;
  readonly #report: (error: unknown) => void;
  readonly #marks = new SvelteMap<TrackId, readonly Mark[]>();
  /** Tracks that are looked at, by the place that looks at them. */
  #wanted: Readonly<Record<string, readonly TrackId[]>> = {};
  #underWay: readonly TrackId[] = [];
  #epoch = 0;

  constructor(api: MarksApi, report: (error: unknown) => void) {
    this.#api = api;
    this.#report = report;
  }

  /** A track's marks; undefined while they are not there. */
  of(trackId: TrackId): readonly Mark[] | undefined {
    return this.#marks.get(trackId);
  }

  /**
   * Tells which tracks are looked at; those that are not there are fetched.
   * @param place what looks at them: each place has its own
   */
  want(place: string, trackIds: readonly TrackId[]): void {
    const inSight = trackIds.slice(0, mostTracks);
    this.#wanted = { ...this.#wanted, [place]: inSight };
    const missing = inSight.filter((id) => !this.#marks.has(id) && !this.#underWay.includes(id));
    if (missing.length > 0) void this.#fetch(missing);
  }

  /** Tags or marks have changed: those in sight are fetched again, in place; the others when they are looked at. */
  refresh(): void {
    this.#epoch++;
    this.#underWay = [];
    const inSight = Object.values(this.#wanted).flat();
    for (const id of [...this.#marks.keys()]) if (!inSight.includes(id)) this.#marks.delete(id);
    for (let at = 0; at < inSight.length; at += mostTracks) void this.#fetch(inSight.slice(at, at + mostTracks));
  }

  /** All marks of any number of tracks, apart from those that are looked at. */
  async all(trackIds: readonly TrackId[]): Promise<Mark[]> {
    const marks: Mark[] = [];
    for (let at = 0; at < trackIds.length; at += mostTracks)
      marks.push(...(await this.#api.tags.marks({ trackIds: trackIds.slice(at, at + mostTracks) })));
    return marks;
  }

  async #fetch(trackIds: readonly TrackId[]): Promise<void> {
    const epoch = this.#epoch;
    this.#underWay = [...this.#underWay, ...trackIds];
    try {
      const marks = await this.#api.tags.marks({ trackIds: [...trackIds] });
      if (epoch !== this.#epoch) return;
      for (const id of trackIds)
        this.#marks.set(
          id,
          marks.filter(({ trackId }) => trackId === id),
        );
      this.#arrived(trackIds);
    } catch (error) {
      if (epoch !== this.#epoch) return;
      this.#arrived(trackIds);
      this.#report(error);
    }
  }

  #arrived(trackIds: readonly TrackId[]): void {
    this.#underWay = this.#underWay.filter((id) => !trackIds.includes(id));
  }
}
