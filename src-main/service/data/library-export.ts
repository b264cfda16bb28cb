/** @file Writes all that people made into one file that can be read into any library. */
import { readFile } from 'node:fs/promises';
import { writeWhole } from '../../base/index.ts';
import { libraryFileVersion } from '../../contract/index.ts';
import type { EncoderId, LibraryFile, TagId, TrackId } from '../../contract/index.ts';
import type { Store } from '../../store/index.ts';
import type { Tools } from '../tools.ts';
import { readHead } from '../tagging/head-file.ts';
import { replaceReferences } from './library-file.ts';

const about =
  'All that people made in an Earmark library: tags with every answer, notes on neurons, playlists, trained heads, settings. ' +
  'Tracks, tags and encoders are meant by their place in the lists of this file, counted from 0. Paths are those of the machine it was made on; ' +
  'audioHash is a hash of the sound alone and finds a track wherever it lies. Runs, checkpoints and the index are not in it.';

/** The file's text, also written when there is a path. @throws AppError of the file system */
export async function exportLibrary(
  tools: Tools,
  path: string | undefined,
): Promise<{ fileName: string; text: string; path: string | null; bytes: number }> {
  const file = await gather(tools);
  const text = `${JSON.stringify(file, null, 1)}\n`;
  if (path !== undefined) await writeWhole(path, text, `write the library to ${path}`);
  return { fileName: `earmark-library-${file.made.slice(0, 10)}.json`, text, path: path ?? null, bytes: Buffer.byteLength(text) };
}

/** Numbers of this library to places in the file's lists. */
class Places<Id extends number> {
  readonly #places = new Map<Id, number>();

  of(id: Id): number {
    const known = this.#places.get(id);
    if (known !== undefined) return known;
    this.#places.set(id, this.#places.size);
    return this.#places.size - 1;
  }

  /** The numbers in the order of their places. */
  get ids(): Id[] {
    return [...this.#places.keys()];
  }
}

type Lists = { tracks: Places<TrackId>; tags: Places<TagId>; encoders: Places<EncoderId> };

async function gather({ store, codeVersion }: Tools): Promise<LibraryFile> {
  const lists: Lists = { tracks: new Places(), tags: new Places(), encoders: new Places() };
  const folders = store.folders.list({ includeRemoved: true });
  const tags = tagsOf(store, lists);
  const encoders = await encodersOf(store, lists);
  const kept = store.keptByPeople;
  const refer = (value: unknown): unknown =>
    replaceReferences(value, (list, id) =>
      list === 'folders' ? folders.findIndex((folder) => folder.id === id) : (lists[list] as Places<number>).of(id),
    );
  const playlists = store.playlists.list().map(({ id, name, smart, createdAt, updatedAt }) => {
    const tracks = smart === null ? store.playlists.trackIds(id).map((trackId) => lists.tracks.of(trackId)) : [];
    return { name, tracks, smart: refer(smart), createdAt, updatedAt };
  });
  const notDuplicates = kept.dismissedDuplicates().map(({ relation, tracks }) => ({
    relation,
    tracks: tracks.map(({ trackId }) => lists.tracks.of(trackId)),
  }));
  const settings = Object.fromEntries([...kept.settings()].map(([key, value]) => [key, refer({ [key]: JSON.parse(value) as unknown })]));
  return {
    ...{ format: 'earmark-library', version: libraryFileVersion, about, library: kept.libraryId(), made: new Date().toISOString() },
    ...{
      by: `Earmark ${codeVersion}`,
      folders: folders.map((folder) => folder.path),
      tracks: tracksOf(store, lists),
      tags,
      encoders,
      playlists,
    },
    ...{
      notDuplicates,
      settings: flatten(settings),
      views: Object.fromEntries([...kept.views()].map(([view, state]) => [view, JSON.parse(state)])),
    },
  };
}

function flatten(settings: Record<string, unknown>): Record<string, unknown> {
  return Object.assign({}, ...Object.values(settings)) as Record<string, unknown>;
}

function tagsOf(store: Store, lists: Lists): LibraryFile['tags'] {
  const tags = store.tags.list();
  const marks = new Map(tags.map(({ id }) => [id, [] as LibraryFile['tags'][number]['marks']]));
  for (const { tagId, trackId, startMs, endMs, answer, source, at } of store.keptByPeople.marks()) {
    const times = startMs === null || endMs === null ? {} : { startMs, endMs };
    marks.get(tagId)?.push({ track: lists.tracks.of(trackId), ...times, answer, source, at });
  }
  return tags.map(({ id, kind, name, color, createdAt }) => {
    lists.tags.of(id);
    return { kind, name, color, createdAt, marks: marks.get(id) ?? [] };
  });
}

async function encodersOf(store: Store, lists: Lists): Promise<LibraryFile['encoders']> {
  const notes = store.keptByPeople.notes();
  const found = [];
  for (const encoder of store.encoders.listWithSpaces({ includeRemoved: true })) {
    const { name, architecture, sampleRate, source, origin, weightsSha256, space, baseEncoderId, removedAt } = encoder;
    const own = notes.filter(({ encoderId }) => encoderId === encoder.id);
    const heads = await headsOf(store, encoder.id);
    // A space that was removed and of which nobody said anything is not missed.
    if (space !== null && removedAt !== null && own.length + heads.length === 0) continue;
    lists.encoders.of(encoder.id);
    const isSpace = space !== null && baseEncoderId !== null;
    found.push({
      ...{ name, architecture, sampleRate, source, origin, weightsSha256: isSpace ? '' : weightsSha256, heads },
      ...(isSpace ? { space: { base: lists.encoders.of(baseEncoderId), ...space } } : {}),
      notes: own.map(({ feature, text, updatedAt }) => ({ feature, text, updatedAt })),
    });
  }
  return found;
}

async function headsOf(store: Store, encoderId: EncoderId): Promise<LibraryFile['encoders'][number]['heads']> {
  const heads = [];
  // A head that came with its encoder comes with it again.
  for (const head of store.heads.list(encoderId).filter(({ source }) => source === 'trained')) {
    // One whose file is gone or not what was written is trained again.
    const weights = await readHead(store, head)
      .then(() => readFile(store.paths.head(head.id)))
      .catch(() => null);
    if (weights === null) continue;
    const { name, architecture, groupedBy, examples, seconds, createdAt, settings } = head;
    // The numbers of tags are this library's; kind and name say which tag is meant.
    const labels = head.labels.map((label) => ({ ...label, tagId: null }));
    heads.push({ name, architecture, groupedBy, examples, seconds, createdAt, settings, labels, weights: weights.toString('base64') });
  }
  return heads;
}

/** Only tracks that something refers to: those that are meant somewhere, in their places' order. */
function tracksOf(store: Store, lists: Lists): LibraryFile['tracks'] {
  const all = new Map(store.keptByPeople.tracks().map((track) => [track.id, track]));
  return lists.tracks.ids.map((id) => {
    const { path = '', audioHash = '', title = '', artist = '', album = '', durationMs = 0 } = all.get(id) ?? {};
    return { path, audioHash, title, artist, album, durationMs };
  });
}
