/** @file A library of the largest size that Earmark is made for: a hundred thousand files in two folders, tags on a fifth of them, one small index. */
import { mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { seededRandom } from '../../src-main/base/index.ts';
import type { FolderId } from '../../src-main/contract/index.ts';
import { openStore } from '../../src-main/store/index.ts';
import type { Store, TrackFile } from '../../src-main/store/index.ts';

/** Sizes that the figures are stated for. */
export const scaleSize = { tracks: 100_000, marks: 20_000, tags: 20, dimensions: 32 };

const cropSamples = 59_049;
const modifiedAt = 1_700_000_000;
const words =
  'Amber River Night Glass Paper Moon Iron Garden Silver Rain Wild Horses Quiet Storm Été Über Café Niño Blue Stone Long Road Old Song'.split(
    ' ',
  );
const genres = ['Ambient', 'Classical', 'Electronic', 'Folk', 'Hip-Hop', 'Jazz', 'Metal', 'Rock', 'Soul', 'Techno'];

/** Makes the data directory below `root`, and the (empty) files that its tracks name. @returns the data directory */
export function makeScaleLibrary(root: string): string {
  const data = join(root, 'data');
  const store = openStore(data);
  try {
    addTracks(store, root);
    addMarks(store);
    addIndex(store);
  } finally {
    store.close();
  }
  return data;
}

function addTracks(store: Store, root: string): void {
  const random = seededRandom(1);
  const word = (): string => words[random.below(words.length)] ?? '';
  const folders = ['Albums', 'Records'].map((name) => join(root, name));
  for (const folder of folders) mkdirSync(folder, { recursive: true });
  const ids = folders.map((folder) => store.folders.add(folder).id);
  const made = new Set<string>();
  store.transaction(() => {
    for (let i = 0; i < scaleSize.tracks; i++) {
      const [album, person] = [i >> 3, i >> 6];
      const artist = `${words[person % words.length]} ${words[(person >> 4) % words.length]} ${person}`;
      const named = { artist, album: `${words[album % words.length]} Volume ${album}`, title: `${word()} ${word()} ${i}` };
      const path = join(folders[album % 2] ?? '', artist, named.album, `${named.title}.mp3`);
      if (!made.has(dirname(path))) mkdirSync(dirname(path), { recursive: true });
      made.add(dirname(path));
      writeFileSync(path, '');
      utimesSync(path, modifiedAt, modifiedAt);
      const genre = genres[random.below(genres.length)] ?? '';
      store.tracks.upsert(trackFile(i, { path, folderId: ids[album % 2] as FolderId, genre, ...named, inode: String(statSync(path).ino) }));
    }
  });
}

type Named = Pick<TrackFile, 'path' | 'folderId' | 'artist' | 'album' | 'title' | 'genre' | 'inode'>;

function trackFile(i: number, named: Named): TrackFile {
  return {
    ...{ size: 0, mtimeMs: modifiedAt * 1000, audioHash: i.toString(16).padStart(32, '0'), container: 'mp3', codec: 'mp3', format: 'MP3' },
    ...{ sampleRate: 44_100, channels: 2, bitRate: 192_000, durationMs: 180_000 + (i % 977) * 100, albumArtist: '', year: 1960 + (i % 60) },
    ...{ discNumber: null, trackNumber: (i % 12) + 1, labels: [named.genre], tags: { bpm: 90 + (i % 60), other: { initialKey: ['Am'] } } },
    ...named,
  };
}

function addMarks(store: Store): void {
  const random = seededRandom(2);
  const { tags, marks } = scaleSize;
  for (let i = 0; i < tags; i++) {
    const { tag } = store.tags.create({ kind: i % 2 === 0 ? 'mood' : '', name: `word ${i}` });
    const targets = Array.from({ length: marks / tags }, () => ({ trackId: (1 + random.below(scaleSize.tracks)) as never }));
    store.tags.mark({ tagIds: [tag.id], targets, answer: random.below(4) === 0 ? 'no' : 'yes', source: 'person' });
  }
}

function addIndex(store: Store): void {
  const random = seededRandom(3);
  const { dimensions } = scaleSize;
  const encoder = store.encoders.add({
    ...{ name: 'Synthetic', architecture: 'sample-cnn', settings: {}, sampleRate: 22_050, cropSamples, dimensions },
    ...{ source: 'untrained', origin: 'seed 1', weightsSha256: '0'.repeat(64) },
  });
  const index = store.index.ensure(encoder.id, cropSamples);
  const writer = store.index.writer(index.id);
  for (const { trackId, audioHash } of store.index.waiting(index.id)) {
    writer.begin(trackId, audioHash);
    writer.append(Float32Array.from({ length: dimensions }, () => random.normal()));
    writer.finish();
  }
  writer.close();
  store.settings.set({ encoderId: encoder.id });
}
