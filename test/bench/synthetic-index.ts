/** @file A made-up library of any size, written through the store's own doors: tracks with names, and segments with values like a ReLU's. */
import { seededRandom } from '../../src-main/base/index.ts';
import type { EncoderId } from '../../src-main/contract/index.ts';
import type { IndexId, Store, TrackFile } from '../../src-main/store/index.ts';
import { openStore } from '../../src-main/store/index.ts';

/** Rows of one track, float32 `[count, features]`; tracks are asked for in the library's order. */
export type RowMaker = (track: number, count: number, features: number) => Float32Array;

/** What was made. */
export type SyntheticIndex = { encoderId: EncoderId; indexId: IndexId; tracks: number; segments: number; features: number };

const segmentsPerTrack = 91;
const cropSamples = 59_049;
const words =
  'Amber River Night Glass Paper Moon Iron Garden Silver Rain Wild Horses Quiet Storm Été Über Café Niño Blue Stone Long Road Old Song'.split(
    ' ',
  );
const genres = ['Ambient', 'Classical', 'Electronic', 'Folk', 'Hip-Hop', 'Jazz', 'Metal', 'Rock', 'Soul', 'Techno'];

/**
 * Makes a data directory with `segments` rows of `features` values, `perTrack` of them a track. Unless rows are made otherwise, about half of the
 * values are zero, the others spread as a rectified normal distribution does, with a mean that differs by track and feature.
 */
export function makeSyntheticIndex(
  directory: string,
  segments: number,
  features: number,
  { perTrack = segmentsPerTrack, makeRows = rectifiedRows() }: { perTrack?: number; makeRows?: RowMaker } = {},
): SyntheticIndex {
  const store = openStore(directory);
  try {
    const tracks = Math.ceil(segments / perTrack);
    addTracks(store, tracks);
    const encoder = store.encoders.add({
      ...{ name: 'Synthetic', architecture: 'sample-cnn', settings: {}, sampleRate: 22_050, cropSamples, dimensions: features },
      ...{ source: 'untrained', origin: 'seed 1', weightsSha256: '0'.repeat(64) },
    });
    const index = store.index.ensure(encoder.id, cropSamples);
    writeSegments(store, index.id, { segments, features, perTrack, makeRows });
    store.settings.set({ encoderId: encoder.id });
    return { encoderId: encoder.id, indexId: index.id, tracks, segments, features };
  } finally {
    store.close();
  }
}

function addTracks(store: Store, count: number): void {
  const random = seededRandom(1);
  const word = (): string => words[random.below(words.length)] ?? '';
  const folder = store.folders.add('/music/synthetic');
  store.transaction(() => {
    for (let i = 0; i < count; i++) {
      const artist = `${words[i % words.length]} ${words[(i >> 4) % words.length]} ${(i >> 4) % 97}`;
      const place = { artist, album: `${words[(i >> 3) % words.length]} Volume ${(i >> 3) % 13}`, title: `${word()} ${word()} ${i}` };
      store.tracks.upsert(trackFile(i, folder.id, { ...place, genre: genres[random.below(genres.length)] ?? '' }));
    }
  });
}

function trackFile(i: number, folderId: TrackFile['folderId'], named: Pick<TrackFile, 'artist' | 'album' | 'title' | 'genre'>): TrackFile {
  return {
    ...{
      folderId,
      path: `/music/synthetic/${named.artist}/${named.album}/${named.title}.mp3`,
      size: 5_000_000 + i,
      mtimeMs: 1_700_000_000_000,
    },
    ...{ audioHash: i.toString(16).padStart(32, '0'), container: 'mp3', codec: 'mp3', format: 'MP3', sampleRate: 44_100, channels: 2 },
    ...{ bitRate: 192_000, durationMs: segmentsPerTrack * 2678, ...named, albumArtist: '', year: 1960 + (i % 60) },
    ...{ discNumber: null, trackNumber: (i % 12) + 1, labels: [named.genre], tags: {} },
  };
}

function rectifiedRows(): RowMaker {
  const random = seededRandom(2);
  const noise = Float32Array.from({ length: 65_536 }, () => random.normal());
  return (_, count, features) => {
    const bias = Float32Array.from({ length: features }, () => 0.7 * (noise[random.below(65_536)] ?? 0));
    const rows = new Float32Array(count * features);
    let state = random.below(2 ** 32) | 1;
    for (let at = 0, feature = 0; at < rows.length; at++) {
      state = Math.imul(state, 1_664_525) + 1_013_904_223;
      rows[at] = Math.max(0, (bias[feature] as number) + (noise[state >>> 16] as number));
      if (++feature === features) feature = 0;
    }
    return rows;
  };
}

type Writing = { segments: number; features: number; perTrack: number; makeRows: RowMaker };

function writeSegments(store: Store, indexId: IndexId, { segments, features, perTrack, makeRows }: Writing): void {
  const writer = store.index.writer(indexId);
  let left = segments;
  for (const [track, { trackId, audioHash }] of store.index.waiting(indexId).entries()) {
    const count = Math.min(left, perTrack);
    writer.begin(trackId, audioHash);
    writer.append(makeRows(track, count, features));
    writer.finish();
    left -= count;
  }
  writer.close();
}
