/**
 * @file Reads a file of another library, or of this one as it was, into the library that is open. What is here stays; what is new is added; reading the
 * same file twice changes nothing the second time. Tracks are found by their sound, of several the one with the longest common end of the path.
 */
import { rm, writeFile } from 'node:fs/promises';
import { AppError, readRegularFile, toAppError } from '../../base/index.ts';
import { noteLength, settingsSchema, smartQuerySchema } from '../../contract/index.ts';
import type { EncoderId, LibraryFile, LibraryReport, MarkTarget, PlaylistId, TagId, TrackId } from '../../contract/index.ts';
import { defaultSettings, tagLabel } from '../../store/index.ts';
import type { StoredEncoder } from '../../store/index.ts';
import { hashWeights } from '../../compute/index.ts';
import { ensureSpace } from '../encoders/spaces.ts';
import { groupKey } from '../duplicates/groups.ts';
import type { Tools } from '../tools.ts';
import { readImportedHead } from './imported-head.ts';
import { parseLibraryFile, replaceReferences } from './library-file.ts';
import { matchTracks } from './match-tracks.ts';

/** A larger file is none that a person's library makes: 100 000 tracks with a dozen tags each take a third of it. */
const mostBytes = 2 ** 28;
/** Reasons that are told one by one. */
const mostReasons = 1000;
/** Longer names of playlists are shortened, which nothing else lets in. */
const longestName = 200;

/** Reads such a file. @throws AppError BAD_INPUT for one that is none, of the file system */
export async function importLibrary(tools: Tools, path: string): Promise<LibraryReport> {
  return new Import(tools, parseLibraryFile(await readText(path), path)).run();
}

async function readText(path: string): Promise<string> {
  const bytes = await readRegularFile(path, { mostBytes, advice: 'Choose a library that Earmark exported.' });
  return bytes.toString('utf8');
}

type Kind = LibraryReport['kinds'][number];

class Import {
  readonly #tools: Tools;
  readonly #file: LibraryFile;
  readonly #kinds = new Map<string, Kind>();
  readonly #unplaced: string[] = [];
  readonly #tracks: readonly (TrackId | null)[];
  #tags: readonly (TagId | null)[] = [];
  /** In the file's order, as far as it was read. */
  readonly #encoders: (EncoderId | null)[] = [];

  constructor(tools: Tools, file: LibraryFile) {
    this.#tools = tools;
    this.#file = file;
    this.#tracks = matchTracks(file.tracks, tools.store.keptByPeople.tracks());
  }

  async run(): Promise<LibraryReport> {
    const { events } = this.#tools;
    const change = this.#tools.store.tags.asOne('Library imported', () => this.#addTags());
    for (const { weightsSha256, sampleRate, space } of this.#file.encoders) {
      const same = this.#tools.store.encoders.withWeights(weightsSha256).find((encoder) => encoder.sampleRate === sampleRate);
      this.#encoders.push(space === undefined ? (same?.id ?? null) : this.#space(space));
    }
    this.#addNotes();
    await this.#addHeads();
    const playlistIds = this.#addPlaylists();
    this.#addNotDuplicates();
    this.#addSettings();
    for (const type of ['tags.changed', 'playlists.changed', 'duplicates.changed', 'settings.changed', 'encoders.changed'] as const)
      events.emit({ type });
    return { kinds: [...this.#kinds.values()], unplaced: this.#unplaced, changeId: change?.id ?? null, playlistIds };
  }

  #count(kind: string, how: 'added' | 'known' | 'unplaced', why?: string): void {
    const counted = this.#kinds.get(kind) ?? { kind, added: 0, known: 0, unplaced: 0 };
    counted[how]++;
    this.#kinds.set(kind, counted);
    if (why !== undefined && this.#unplaced.length < mostReasons && !this.#unplaced.includes(why)) this.#unplaced.push(why);
  }

  #addTags(): void {
    const { tags } = this.#tools.store;
    this.#tags = this.#file.tags.map(({ kind, name, color }) => {
      try {
        const known = tags.find(kind, name);
        const id = known?.id ?? tags.create({ kind, name, color }).tag.id;
        this.#count('tags', known === null ? 'added' : 'known');
        return id;
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        this.#count('tags', 'unplaced', `“${shortened(tagLabel({ kind, name }))}” is no tag that can be kept. ${error.message}`);
        return null;
      }
    });
    const present = new Set<string>();
    for (const mark of this.#tools.store.keptByPeople.marks()) present.add(keyOf(mark.tagId, mark));
    for (const [i, { marks, ...words }] of this.#file.tags.entries()) {
      const tagId = this.#tags[i] ?? null;
      if (tagId !== null) this.#addMarks(tagId, { marks, words, present });
      else marks.forEach(() => this.#count('answers', 'unplaced'));
    }
  }

  #addMarks(
    tagId: TagId,
    { marks, words, present }: Pick<LibraryFile['tags'][number], 'marks'> & { words: { kind: string; name: string }; present: Set<string> },
  ): void {
    const groups = new Map<string, { mark: (typeof marks)[number]; targets: MarkTarget[] }>();
    for (const mark of marks) {
      const trackId = this.#tracks[mark.track] ?? null;
      if (trackId === null) {
        this.#count('answers', 'unplaced', `${this.#trackName(mark.track)} is not in this library; it carried “${tagLabel(words)}”.`);
        continue;
      }
      const { startMs, endMs } = mark;
      const times = startMs === undefined || endMs === undefined ? {} : { startMs, endMs };
      if (startMs !== undefined && endMs !== undefined && endMs <= startMs) {
        this.#count('answers', 'unplaced', `A passage of ${this.#trackName(mark.track)} has no length; it carried “${tagLabel(words)}”.`);
        continue;
      }
      const key = keyOf(tagId, { trackId, startMs: startMs ?? null, endMs: endMs ?? null });
      this.#count('answers', present.has(key) ? 'known' : 'added');
      present.add(key);
      const kind = `${mark.answer} ${mark.source}`;
      const group = groups.get(kind) ?? { mark, targets: [] };
      groups.set(kind, group);
      group.targets.push({ trackId, ...times });
    }
    for (const { mark, targets } of groups.values())
      this.#tools.store.tags.mark({ tagIds: [tagId], targets, answer: mark.answer, source: mark.source, onlyNew: true });
  }

  /** The feature space here; null where its encoder is not here, or has no such output. */
  #space({ base, output, pooling }: NonNullable<LibraryFile['encoders'][number]['space']>): EncoderId | null {
    const { store } = this.#tools;
    const baseId = this.#encoders[base] ?? null;
    const encoder = baseId === null ? null : store.encoders.get(baseId);
    if (encoder === null || encoder.space !== null) return null;
    const isSame = ({ space }: StoredEncoder): boolean => space?.output === output && space.pooling === pooling;
    const known = store.encoders.spacesOf(encoder.id, { includeRemoved: true }).find(isSame);
    if (known !== undefined) return known.id;
    try {
      return ensureSpace(store, encoder, { output, pooling }).id;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return null;
    }
  }

  #addNotes(): void {
    const { notes } = this.#tools.store;
    for (const [i, encoder] of this.#file.encoders.entries()) {
      const encoderId = this.#encoders[i] ?? null;
      const known = new Map(encoderId === null ? [] : notes.list(encoderId).map(({ feature, text }) => [feature, text]));
      for (const { feature, text } of encoder.notes) {
        if (encoderId === null) {
          this.#count(
            'notes',
            'unplaced',
            `“${encoder.name}” is not in this library: import its weights, then this file again, for its notes.`,
          );
          continue;
        }
        if (feature >= this.#tools.store.encoders.get(encoderId).dimensions) {
          this.#count('notes', 'unplaced', `“${encoder.name}” has no neuron ${feature}, so the note on it has no place.`);
          continue;
        }
        const here = known.get(feature) ?? '';
        const both = here === '' ? text : `${here}\n${text}`;
        if (here.includes(text)) this.#count('notes', 'known');
        else if (both.length > noteLength)
          this.#count(
            'notes',
            'unplaced',
            `The note on neuron ${feature} of “${encoder.name}” would be too long with the one that is here.`,
          );
        else {
          notes.set(encoderId, feature, both);
          this.#count('notes', 'added');
        }
      }
    }
  }

  async #addHeads(): Promise<void> {
    const { store } = this.#tools;
    for (const [i, encoder] of this.#file.encoders.entries()) {
      const encoderId = this.#encoders[i] ?? null;
      for (const head of encoder.heads) {
        if (encoderId === null) this.#count('heads', 'unplaced', `“${encoder.name}” is not in this library, so its head has no place.`);
        // One that was trained here knows the answers that were given here.
        else if (store.heads.list(encoderId).some(({ source }) => source === 'trained')) this.#count('heads', 'known');
        else if (await this.#addHead(store.encoders.get(encoderId), head)) this.#count('heads', 'added');
        else this.#count('heads', 'unplaced', `The head of “${encoder.name}” does not fit it. Train the tags again.`);
      }
    }
  }

  async #addHead(encoder: StoredEncoder, head: LibraryFile['encoders'][number]['heads'][number]): Promise<boolean> {
    const { store } = this.#tools;
    const read = await readImportedHead(head, encoder.dimensions);
    if (read === null) return false;
    const labels = read.labels.map((label) => ({ ...label, tagId: store.tags.find(label.kind, label.name)?.id ?? null }));
    const { name, architecture, groupedBy, examples, seconds, settings } = head;
    const kept = store.heads.put({
      ...{ encoderId: encoder.id, source: 'trained', name, architecture, groupedBy, examples, seconds, labels, settings },
      ...{ lastChangeId: null, weightsSha256: hashWeights(read.tensors) },
    });
    const path = store.paths.head(kept.head.id);
    try {
      await writeFile(path, read.bytes);
    } catch (error) {
      await rm(path, { force: true });
      throw toAppError(error, `write the head ${path}`);
    }
    return true;
  }

  #addPlaylists(): PlaylistId[] {
    const { playlists } = this.#tools.store;
    const made: PlaylistId[] = [];
    const here = playlists.list().map(({ id, name, smart }) => ({ name, content: contentOf(smart, playlists.trackIds(id)) }));
    for (const { name: called, tracks, smart } of this.#file.playlists) {
      const name = shortened(called.trim()) || 'Playlist';
      const asked = smart === null ? null : this.#smart(smart);
      if (asked === undefined) {
        this.#count('playlists', 'unplaced', `The smart playlist “${name}” asks for something that is not in this library.`);
        continue;
      }
      const trackIds = tracks.flatMap((place) => this.#tracks[place] ?? []);
      for (const place of tracks.filter((one) => (this.#tracks[one] ?? null) === null))
        this.#count('tracks of playlists', 'unplaced', `${this.#trackName(place)} is not in this library; it was in “${name}”.`);
      const content = contentOf(asked, trackIds);
      const free = freeName(name, here, content);
      if (free === null) {
        this.#count('playlists', 'known');
        continue;
      }
      made.push(playlists.create({ name: free, trackIds, smart: asked }).id);
      here.push({ name: free, content });
      this.#count('playlists', 'added');
    }
    return made;
  }

  /** What a smart playlist asks, in this library's numbers; undefined when something that it means is not here. */
  #smart(smart: unknown): ReturnType<typeof smartQuerySchema.parse> | undefined {
    const folders = this.#tools.store.folders.list();
    const lists = {
      ...{ tracks: this.#tracks, tags: this.#tags, encoders: this.#encoders },
      folders: this.#file.folders.map((path) => folders.find((folder) => folder.path === path)?.id),
    };
    let isWhole = true;
    const value = replaceReferences(smart, (list, place) => {
      const id = lists[list][place] ?? null;
      isWhole &&= id !== null;
      return id ?? 0;
    });
    const parsed = smartQuerySchema.safeParse(value);
    return isWhole && parsed.success ? parsed.data : undefined;
  }

  #addNotDuplicates(): void {
    for (const { relation, tracks } of this.#file.notDuplicates) {
      const trackIds = tracks.map((place) => this.#tracks[place] ?? null);
      if (trackIds.some((id) => id === null)) {
        this.#count('no duplicates', 'unplaced', 'Tracks that were said to be no duplicates are not all in this library.');
        continue;
      }
      this.#tools.store.duplicates.dismiss(groupKey(relation, trackIds as TrackId[]), true);
      this.#count('no duplicates', 'known');
    }
  }

  /** Settings that were never changed here; views only in the library that they are from, since they hold its numbers. */
  #addSettings(): void {
    const { store } = this.#tools;
    const wanted = replaceReferences(this.#file.settings, (list, place) => (list === 'encoders' ? (this.#encoders[place] ?? 0) : 0));
    const here: Record<string, unknown> = store.settings.get();
    for (const [key, value] of Object.entries(wanted as Record<string, unknown>)) {
      const parsed = settingsSchema.partial().safeParse({ [key]: value });
      const isDefault = here[key] === (defaultSettings as Record<string, unknown>)[key];
      if (!parsed.success) this.#count('settings', 'unplaced');
      else if (!isDefault || here[key] === value) this.#count('settings', 'known');
      else {
        store.settings.set(parsed.data);
        this.#count('settings', 'added');
      }
    }
    if (this.#file.library !== store.keptByPeople.libraryId()) return;
    for (const [view, state] of Object.entries(this.#file.views))
      if (store.settings.getView(view) === null) store.settings.setView(view, state);
  }

  #trackName(place: number): string {
    const track = this.#file.tracks[place];
    if (track === undefined) return 'A track';
    return track.title === '' ? track.path : `“${track.title}” (${track.path})`;
  }
}

/** A name no longer than names may be; a letter of two units stays whole. */
function shortened(name: string): string {
  return name.length <= longestName ? name : `${name.slice(0, longestName - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

function keyOf(tagId: TagId, { trackId, startMs, endMs }: { trackId: TrackId; startMs: number | null; endMs: number | null }): string {
  return `${tagId} ${trackId} ${startMs ?? ''} ${endMs ?? ''}`;
}

function contentOf(smart: unknown, trackIds: readonly TrackId[]): string {
  return smart === null ? trackIds.join() : JSON.stringify(smart);
}

/** A name that no other content has; null when the very playlist is there. */
function freeName(name: string, here: readonly { name: string; content: string }[], content: string): string | null {
  for (let i = 1; ; i++) {
    const tried = i === 1 ? name : `${name} (${i})`;
    const same = here.filter((one) => one.name === tried);
    if (same.some((one) => one.content === content)) return null;
    if (same.length === 0) return tried;
  }
}
