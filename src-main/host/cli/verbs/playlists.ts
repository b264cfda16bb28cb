/** @file `playlist` with `list`, `show`, `create`, `export`, `import`, `remove` and `restore`. */
import { basename, dirname, extname, resolve } from 'node:path';
import type { Command } from 'commander';
import { AppError, countOf, readRegularFile } from '../../../base/index.ts';
import { playlistFormats } from '../../../contract/index.ts';
import type { Playlist, PlaylistFormat, PlaylistId, Track } from '../../../contract/index.ts';
import { decodeList } from '../../../service/index.ts';
import type { Services } from '../../../service/index.ts';
import { duration, table } from '../output.ts';
import { runVerb, withServices } from '../session.ts';
import type { CommonOptions, Session } from '../session.ts';
import { choice, verb } from '../verb.ts';
import { findTrack } from './track-place.ts';

/** Lists are larger than this only by mistake. */
const mostListBytes = 50_000_000;

type ExportOptions = CommonOptions & { format: PlaylistFormat; out?: string };
type ImportOptions = CommonOptions & { name?: string };
type Work = (services: Services, session: Session) => Promise<void>;

/** Adds `playlist`. */
export function addPlaylistVerbs(program: Command): void {
  const playlist = program.command('playlist').description('Make playlists, and exchange them with other programs.');
  const carryOut = (options: CommonOptions, work: Work): Promise<void> =>
    runVerb(options, (session) => withServices(options, session, (services) => work(services, session)));
  verb(playlist, 'list', 'List the playlists.').action((options: CommonOptions) => carryOut(options, list));
  verb(playlist, 'show <playlist>', 'Show the tracks of a playlist; a smart one is asked now.').action(
    (name: string, options: CommonOptions) => carryOut(options, (...around) => show(name, ...around)),
  );
  verb(playlist, 'create <name> [tracks...]', 'Make a playlist of tracks, by their numbers or paths, in this order.').action(
    (name: string, tracks: string[], options: CommonOptions) => carryOut(options, (...around) => create([name, tracks], ...around)),
  );
  verb(playlist, 'export <playlist>', 'Write a playlist for other programs; without --out, print it.')
    .option('--format <name>', `one of ${playlistFormats.join(', ')}`, choice(playlistFormats), 'm3u8')
    .option('-o, --out <file>', 'the file to write: a new one, or a list of the same format')
    .action((name: string, options: ExportOptions) => carryOut(options, (...around) => exportList([name, options], ...around)));
  verb(playlist, 'import <file>', 'Make a playlist of what an M3U or M3U8 list names and the library has.')
    .option('--name <name>', 'what to call it (default: the file’s name)')
    .action((file: string, options: ImportOptions) => carryOut(options, (...around) => importList([file, options], ...around)));
  verb(playlist, 'remove <playlist>', 'Take a playlist out of the list; its tracks are not touched.').action(
    (name: string, options: CommonOptions) => carryOut(options, (...around) => remove(name, ...around)),
  );
  verb(playlist, 'restore <number>', 'Bring a removed playlist back.').action((number: string, options: CommonOptions) =>
    carryOut(options, (...around) => restore(number, ...around)),
  );
}

/** The playlist of a name, or else of a number. @throws AppError NOT_FOUND, BAD_INPUT when several have the name */
export function findPlaylist({ playlists }: Pick<Services, 'playlists'>, text: string): Playlist {
  const all = playlists.list();
  const named = all.filter(({ name }) => name.toLowerCase() === text.trim().toLowerCase());
  const [first, second] = named;
  if (second !== undefined)
    throw new AppError(
      'BAD_INPUT',
      `${named.length} playlists are called ${text}. Name one by its number: ${named.map(({ id }) => id).join(', ')}.`,
    );
  const found = first ?? all.find(({ id }) => String(id) === text);
  if (found === undefined)
    throw new AppError('NOT_FOUND', `There is no playlist ${text}. \`earmark playlist list\` shows those that there are.`);
  return found;
}

async function list({ playlists }: Services, { output }: Session): Promise<void> {
  const all = playlists.list();
  output.result({ playlists: all }, () => {
    if (all.length === 0) return 'No playlist yet. Make one with `earmark playlist create`.';
    const cells = all.map(({ id, name, tracks, updatedAt }) => [
      id,
      name,
      tracks ?? 'smart',
      new Date(updatedAt).toISOString().slice(0, 10),
    ]);
    return table(['id', 'name', 'tracks', 'changed'], cells);
  });
}

async function show(name: string, services: Services, { output }: Session): Promise<void> {
  const playlist = findPlaylist(services, name);
  const trackIds = await services.playlists.trackIds(playlist.id);
  const rows = services.store.tracks.list(trackIds, services.store.settings.get().encoderId);
  output.result({ playlist, rows }, () => `${playlist.name}\n${tracksTable(rows)}`);
}

function tracksTable(rows: readonly Track[]): string {
  const cells = rows.map((row, i) => [i + 1, row.id, row.title, row.artist, row.album, duration(row.durationMs / 1000), row.state]);
  return table(['', 'id', 'title', 'artist', 'album', 'duration', 'state'], cells);
}

async function create([name, tracks]: [string, string[]], services: Services, { output }: Session): Promise<void> {
  const called = checkedName(name);
  const trackIds = tracks.map((track) => findTrack(services.store, track));
  const playlist = await services.playlists.create({ name: called, trackIds, smart: null });
  output.result({ playlist }, () => `Playlist ${playlist.id}, ${playlist.name}: ${counted(trackIds.length)}.`);
}

function checkedName(name: string): string {
  const called = name.trim();
  if (called === '' || called.length > 200) throw new AppError('BAD_INPUT', 'A playlist’s name has 1 to 200 characters.');
  return called;
}

async function exportList([name, options]: [string, ExportOptions], services: Services, { output }: Session): Promise<void> {
  const { format, out } = options;
  const { id: playlistId } = findPlaylist(services, name);
  const path = out === undefined ? undefined : resolve(out);
  const { text, missing, ...written } = await services.playlists.export({ playlistId, format, path });
  const left = missing === 0 ? '' : ` ${counted(missing)} left out: the files are not there.`;
  if (path === undefined && !output.isJson) return output.file(`${text.trimEnd()}\n`);
  const told = path === undefined ? { fileName: written.fileName, text } : {};
  output.result({ playlist: playlistId, format, path: written.path, missing, ...told }, () => `Written: ${path}.${left}`);
}

async function importList([file, options]: [string, ImportOptions], services: Services, { output }: Session): Promise<void> {
  const path = resolve(file);
  const name = checkedName(options.name ?? basename(path, extname(path)).slice(0, 200));
  const text = decodeList(await readRegularFile(path, { mostBytes: mostListBytes, advice: 'Choose an M3U or M3U8 playlist.' }));
  const { playlist, notFound } = await services.playlists.importM3u({ name, text, folder: dirname(path) });
  output.result({ playlist, notFound }, () => {
    const found = `Playlist ${playlist.id}, ${playlist.name}: ${counted(playlist.tracks ?? 0)}.`;
    return notFound.length === 0 ? found : [found, `Not in the library:`, ...notFound.map((line) => `  ${line}`)].join('\n');
  });
}

async function remove(name: string, services: Services, { output }: Session): Promise<void> {
  const { id, name: called } = findPlaylist(services, name);
  services.playlists.remove(id);
  output.result({ removed: id }, () => `Playlist ${id}, ${called}, is removed. \`earmark playlist restore ${id}\` brings it back.`);
}

async function restore(number: string, services: Services, { output }: Session): Promise<void> {
  const id = Number(/^[1-9]\d{0,8}$/.test(number) ? number : 0) as PlaylistId;
  services.playlists.restore(id);
  const playlist = services.store.playlists.get(id);
  output.result({ playlist }, () => `Playlist ${id} is back: ${playlist.name}`);
}

function counted(tracks: number): string {
  return countOf(tracks, 'track');
}
