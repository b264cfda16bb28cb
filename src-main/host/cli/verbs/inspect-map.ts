/** @file `inspect map`. */
import { extname, resolve } from 'node:path';
import type { Command } from 'commander';
import { checkTarget, countOf, writeWhole } from '../../../base/index.ts';
import {
  bytesFromBase64,
  csvFile,
  floatsFromBase64,
  mapLevels,
  mapMeaning,
  mapMethodNames,
  mapMethods,
  mostMapPoints,
} from '../../../contract/index.ts';
import type { MapLevel, MapMethod, MusicMap } from '../../../contract/index.ts';
import type { Services } from '../../../service/index.ts';
import type { StoredEncoder } from '../../../store/index.ts';
import { follow, runVerb, withServices } from '../session.ts';
import type { CommonOptions, Session } from '../session.ts';
import { choice, verb, whole } from '../verb.ts';
import { spaceName } from './figure-options.ts';
import { spaceOf, withSpace } from './space-option.ts';
import type { SpaceOptions } from './space-option.ts';

type MapOptions = CommonOptions &
  SpaceOptions & { method: MapMethod; level: MapLevel; tracks?: number; perTrack?: number; out?: string; again: boolean };

/** A point as documents tell it; `segment` and `startMs` are null for whole tracks. */
type Point = {
  trackId: number;
  path: string;
  title: string;
  artist: string;
  segment: number | null;
  startMs: number | null;
  x: number;
  y: number;
};

const columns = ['trackId', 'path', 'title', 'artist', 'segment', 'startMs', 'x', 'y'] as const satisfies readonly (keyof Point)[];

/** Adds `map` to `inspect`. */
export function addMap(inspect: Command): void {
  withSpace(
    verb(
      inspect,
      'map',
      'Draw tracks or segments in two dimensions, what is alike near each other. Axes and distances between groups mean nothing.',
    ),
  )
    .option('--method <name>', 'umap or tsne', choice(mapMethods), 'umap')
    .option('--level <name>', 'tracks (the mean of their segments), or segments', choice(mapLevels), 'tracks')
    .option('--tracks <number>', 'how many tracks, spread over the library (default: all)', whole(1, mostMapPoints))
    .option('--per-track <number>', 'how many segments of each, spread over it (default: all)', whole(1, mostMapPoints))
    .option('-o, --out <file>', 'a file that ends with .csv or .json for the points')
    .option('--again', 'draw it again, where it was drawn before', false)
    .action((options: MapOptions) => map(options));
}

async function map(options: MapOptions): Promise<void> {
  await runVerb(options, (session) =>
    withServices(options, session, async (services) => {
      const file = options.out === undefined ? null : resolve(options.out);
      if (file !== null) checkTarget(file, ['.csv', '.json']);
      const space = spaceOf(services, options);
      const drawn = await drawnMap(services, session, { space, options });
      const points = pointsOf(services, drawn);
      const { method, level } = options;
      const document = { space: spaceName(space), method, level, drawnAt: drawn.drawnAt, outOf: drawn.outOf, points };
      const words = { title: `Map of ${space.name}`, settings: `${mapMethodNames[method]} of ${level}. ${mapMeaning}` };
      const csv = (): string => csvFile(words, [columns, ...points.map((point) => columns.map((column) => point[column] ?? ''))]);
      if (file !== null) await writeWhole(file, extname(file).toLowerCase() === '.csv' ? csv() : JSON.stringify(document), `write ${file}`);
      session.output.result(document, () => {
        const of = drawn.outOf > points.length ? ` of ${drawn.outOf}` : '';
        const what = `${mapMethodNames[method]} of ${points.length}${of} ${level} of ${countOf(drawn.tracks.length, 'track')}`;
        return file === null ? `${what}. Name a file with --out to have its points.` : `${what}, written to ${file}.`;
      });
    }),
  );
}

/** The map that was drawn before where it is up to date; else a new one. */
async function drawnMap(
  services: Services,
  session: Session,
  { space, options }: { space: StoredEncoder; options: MapOptions },
): Promise<MusicMap> {
  const { maps } = services.inspecting;
  const { method, level, tracks, perTrack, again } = options;
  const wish = { encoderId: space.id, method, level, tracks: tracks ?? null, perTrack: perTrack ?? null };
  const known = again ? null : await maps.get(wish);
  if (known?.isOutdated === false) return known;
  await follow(services, session, await maps.draw(wish));
  return maps.kept(wish);
}

function pointsOf({ store }: Services, { tracks, places, owners, segments, hopMs }: MusicMap): Point[] {
  const paths = new Map(store.tracks.whole(tracks.map(({ trackId }) => trackId)).map(({ id, path }) => [id, path]));
  const [ofTracks, ofSegments] = [new Int32Array(bytesFromBase64(owners).buffer), new Int32Array(bytesFromBase64(segments).buffer)];
  const at = floatsFromBase64(places);
  return Array.from(ofTracks, (owner, point) => {
    const { trackId, title, artist } = tracks[owner] as MusicMap['tracks'][number];
    const number = ofSegments[point] as number;
    const time = number < 0 ? { segment: null, startMs: null } : { segment: number, startMs: number * hopMs };
    return { trackId, path: paths.get(trackId) ?? '', title, artist, ...time, x: at[point * 2] as number, y: at[point * 2 + 1] as number };
  });
}
