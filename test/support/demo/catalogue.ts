/** @file Every album of the demo library, and every track's seed and place. */
import type { DemoAlbum, DemoTrack } from './album.ts';
import { brass, rock } from './albums/bands.ts';
import { piano, strings, windings } from './albums/chamber.ts';
import { funk, jazz } from './albums/grooves.ts';
import { chips, floor, pads } from './albums/machines.ts';
import { mill, reeds } from './albums/outdoors.ts';
import { percussion } from './albums/percussion.ts';
import { shore, stone } from './albums/places.ts';

/** The albums. New ones go to the end: what is drawn for a track hangs on its place. */
export const albums: readonly DemoAlbum[] = [
  piano,
  strings,
  brass,
  stone,
  windings,
  rock,
  funk,
  percussion,
  floor,
  jazz,
  shore,
  pads,
  chips,
  mill,
  reeds,
];

/** A track with its album, and where its file belongs below the demo library's folder. */
export type PlacedTrack = DemoTrack & { album: DemoAlbum; number: number; seed: number; path: string };

/** Every track in order. */
export function allTracks(): PlacedTrack[] {
  return albums.flatMap((album, i) =>
    album.tracks.map((track, j) => {
      const number = j + 1;
      const path = `${inPaths(`${album.artist} ${album.title}`)}/${String(number).padStart(2, '0')}-${inPaths(track.title)}.opus`;
      return { ...track, album, number, seed: 1000 * (i + 1) + number, path };
    }),
  );
}

/** A name as it is in paths, which every system and script takes. */
function inPaths(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}
