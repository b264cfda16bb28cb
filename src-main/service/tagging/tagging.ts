/** @file Tags as a person uses them: making, marking, taking from files and from neurons, and taking back. */
import { AppError, breather, countOf } from '../../base/index.ts';
import type {
  Change,
  ChangeId,
  EncoderId,
  FieldValue,
  MarkTarget,
  Tag,
  TagAnswer,
  TagField,
  TagId,
  TrackId,
} from '../../contract/index.ts';
import { cleanTagText, quotedTag, tagKey } from '../../store/index.ts';
import type { Changed, SegmentColumns, Tags, TagUpdate } from '../../store/index.ts';
import { timingOf } from '../listening/listening.ts';
import type { Tools } from '../tools.ts';
import { passagesOf } from './passages.ts';

/** Segments above an activation. */
export type NeuronQuery = { encoderId: EncoderId; feature: number; atLeast: number };

/** Values of a field that are to become tags of a kind. */
type FieldWish = { field: TagField; values: string[]; kind: string };

/** What a person says of some tracks and passages. */
export type Saying = { tagIds: TagId[]; targets: MarkTarget[]; answer: TagAnswer | 'none' };

const fieldNames: Record<TagField, string> = {
  genre: 'genres',
  artist: 'artists',
  albumArtist: 'album artists',
  album: 'albums',
  year: 'years',
  decade: 'decades',
  mood: 'moods',
  grouping: 'groupings',
  comment: 'comments',
  composer: 'composers',
  folder: 'folders',
};

/** Use cases of tags. Every change is told to all windows. */
export class Tagging {
  readonly #tools: Tools;

  constructor(tools: Tools) {
    this.#tools = tools;
  }

  /** Makes a tag; one that is there is given back as it is. @throws AppError BAD_INPUT */
  create(tag: { kind: string; name: string; color?: number | undefined }): Changed {
    return this.#tell(this.#tags.create({ ...tag, isTyped: true }), ({ change }) => change);
  }

  /** @throws AppError NOT_FOUND, BAD_INPUT */
  update(changes: TagUpdate): Changed {
    return this.#tell(this.#tags.update(changes), ({ change }) => change);
  }

  /** @throws AppError NOT_FOUND */
  merge(tags: { tagIds: TagId[]; into: TagId }): Promise<{ change: Change | null }> {
    return this.#changedBy(this.#tags.mergeInSteps(tags, breather()));
  }

  /** @throws AppError NOT_FOUND */
  remove(tagIds: readonly TagId[]): { change: Change | null } {
    return this.#changed(this.#tags.remove(tagIds));
  }

  /** @throws AppError NOT_FOUND for an unknown tag or track */
  mark(saying: Saying): Promise<{ change: Change | null }> {
    return this.#changedBy(this.#tags.markInSteps({ ...saying, source: 'person' }, breather()));
  }

  /** @throws AppError NOT_FOUND, BAD_INPUT */
  undo(changeId: ChangeId): Promise<{ change: Change | null }> {
    return this.#changedBy(this.#tags.undoInSteps(changeId, breather()));
  }

  /** What a field says over the library, most frequent first. */
  async fieldValues(field: TagField): Promise<FieldValue[]> {
    const found = await this.#tags.fieldTracks(field, breather());
    return Array.from(found.values(), ({ value, trackIds }) => ({ value, tracks: trackIds.length }));
  }

  /** Makes tags of values of a field, on the tracks that have them; answers that a person gave before stay. Values that no track has are left out. */
  async fromField({ field, values, kind }: FieldWish): Promise<{ change: Change | null; tagIds: TagId[] }> {
    const found = await this.#tags.fieldTracks(field, breather());
    const wanted = [...new Set(values.map((value) => tagKey({ kind: '', name: cleanTagText(value) })))];
    const chosen = wanted.flatMap((key) => found.get(key) ?? []);
    const tagIds: TagId[] = [];
    const [first] = chosen;
    const what = first !== undefined && chosen.length === 1 ? quotedTag({ kind, name: first.value }) : countOf(chosen.length, 'tag');
    const source = field === 'folder' ? 'folder' : 'file';
    const tags = this.#tags;
    const making = function* (): Generator<void, void> {
      for (const { value, trackIds } of chosen) {
        const { tag } = tags.create({ kind, name: value });
        tagIds.push(tag.id);
        const targets = trackIds.map((trackId) => ({ trackId }));
        yield* tags.marking({ tagIds: [tag.id], targets, answer: 'yes', source, onlyNew: true });
        yield;
      }
    };
    const change = await tags.asOneInSteps(`${what} made from ${fieldNames[field]}`, making, breather());
    return { ...this.#changed(change), tagIds };
  }

  /** How many segments, and tracks, have a feature at least so large. @throws AppError NOT_FOUND, BAD_INPUT */
  aboveActivation(query: NeuronQuery): { segments: number; tracks: number } {
    const { segments, trackIds } = this.#above(query);
    let tracks = 0;
    for (const [i, trackId] of trackIds.entries()) if (i === 0 || trackIds[i - 1] !== trackId) tracks++;
    return { segments: segments.length, tracks };
  }

  /**
   * Puts a tag on those segments, joined to passages, or on their tracks; answers that a person gave before stay.
   * @throws AppError NOT_FOUND, BAD_INPUT
   */
  fromNeuron({ tagId, per, ...query }: NeuronQuery & { tagId: TagId; per: 'track' | 'segment' }): Promise<{ change: Change | null }> {
    const { store } = this.#tools;
    const above = this.#above(query);
    const encoder = store.encoders.get(query.encoderId);
    const timing = timingOf(encoder, store.index.current(encoder.id)?.hopSamples ?? encoder.cropSamples);
    const tracks = (): MarkTarget[] => [...new Set(above.trackIds)].map((id) => ({ trackId: id as TrackId }));
    const targets = per === 'track' ? tracks() : passagesOf(above, timing);
    const wish = { tagIds: [tagId], targets, answer: 'yes', source: 'neuron', onlyNew: true } as const;
    return this.#changedBy(this.#tags.markInSteps(wish, breather()));
  }

  /** All tags. */
  list(): Tag[] {
    return this.#tags.list();
  }

  get #tags(): Tags {
    return this.#tools.store.tags;
  }

  #above({ encoderId, feature, atLeast }: NeuronQuery): SegmentColumns {
    const { store } = this.#tools;
    const { name, dimensions } = store.encoders.get(encoderId);
    if (feature >= dimensions)
      throw new AppError('BAD_INPUT', `${name} has no neuron ${feature}; its neurons are numbered 0 to ${dimensions - 1}.`);
    return store.index.above(encoderId, feature, atLeast);
  }

  async #changedBy(changing: Promise<Change | null>): Promise<{ change: Change | null }> {
    return this.#changed(await changing);
  }

  #changed(change: Change | null): { change: Change | null } {
    return this.#tell({ change }, (result) => result.change);
  }

  #tell<Result>(result: Result, changeOf: (result: Result) => Change | null): Result {
    if (changeOf(result) !== null) this.#tools.events.emit({ type: 'tags.changed' });
    return result;
  }
}
