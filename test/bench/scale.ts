/**
 * @file Whether a library of a hundred thousand tracks is as quick as a small one: the start, every page, sort and search, lists and tags of all tracks,
 * and what others wait for meanwhile. Through the contract, from a core in a process of its own, over a WebSocket as the page asks.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EncoderId, MarkTarget, PlaylistId, TrackId, TrackQuery } from '../../src-main/contract/index.ts';
import { serveReal } from '../support/serve-real.ts';
import type { ServeProcess } from '../support/serve-real.ts';
import type { BenchResult, BenchRow } from './bench-result.ts';
import { quantile } from './peers.ts';
import { makeScaleLibrary, scaleSize } from './scale-library.ts';

/** Most that each figure may be; printed beside it. */
const bars = { start: 2000, page: 100, open: 300, export: 2000, ping: 50, mark: 1500, memory: 500 };

const pageRows = 200;
const pingEveryMs = 5;

/** Takes some minutes, most of them to make the library. */
export async function scaleBench(): Promise<BenchResult> {
  const root = mkdtempSync(join(tmpdir(), 'earmark-scale-'));
  try {
    return { name: 'scale', rows: await measureScale(makeScaleLibrary(root)) };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Measures a data directory that {@link makeScaleLibrary} made. */
export async function measureScale(data: string): Promise<BenchRow[]> {
  const begun = performance.now();
  const server = await serveReal(data);
  try {
    await server.client.library.tracks(query({}));
    const rows = [row('start to first page', performance.now() - begun, bars.start)];
    rows.push(...(await settledRows(server)));
    rows.push(...(await pageRowsOf(server)));
    rows.push(...(await playlistRows(server)));
    rows.push(...(await tagRows(server)));
    rows.push(...(await otherRows(server)));
    rows.push(memoryRow('memory of the core', server.memory()), memoryRow('memory of the core, most at any time', server.peakMemory()));
    return rows;
  } finally {
    await server.close();
  }
}

function query(changes: Partial<TrackQuery>): TrackQuery {
  return { search: '', sort: [], offset: 0, limit: pageRows, ...changes };
}

/** The scan at the start: how long it takes and what others wait for meanwhile. */
async function settledRows({ client }: ServeProcess): Promise<BenchRow[]> {
  const isBusy = async (): Promise<boolean> => (await client.jobs.list(undefined)).some(({ state }) => state === 'running');
  const meanwhile = await pinging({ client }, async () => {
    while (await isBusy()) await new Promise((resolve) => setTimeout(resolve, 50));
  });
  return meanwhile.rows('scan of all folders at the start', null);
}

async function pageRowsOf({ client }: ServeProcess): Promise<BenchRow[]> {
  const keys = ['title', 'artist', 'album', 'genre', 'path', 'year', 'durationMs', 'format', 'addedAt', 'state'] as const;
  const sorts = keys.flatMap((key) => [false, true].map((descending): TrackQuery['sort'] => [{ key, descending }]));
  const pages = Array.from({ length: 40 }, (_, i) => query({ offset: i * 2400 }));
  const words = ['a', 'am', 'amb', 'amber', 'river 9', 'uber cafe', 'jazz', 'records', '9', 'no such thing', 'volume 12 moon', 'mp3'];
  const [{ folders }, tags] = [{ folders: await client.library.folders(undefined) }, await client.tags.list(undefined)];
  const narrowed = [
    ...folders.map(({ id }) => query({ folderId: id, offset: 5000 })),
    ...tags.slice(0, 8).map(({ id }) => query({ tagId: id })),
  ];
  const timed = async (what: string, queries: readonly TrackQuery[]): Promise<BenchRow> =>
    row(what, quantile(await each(queries, (one) => client.library.tracks(one)), 0.95), bars.page);
  return [
    await timed('page, p95', pages),
    await timed(
      'sort by any column for the first time, p95',
      sorts.map((sort) => query({ sort, offset: 50_000 })),
    ),
    await timed(
      'sort by two columns, p95',
      sorts.map((sort) => query({ sort: [...sort, { key: 'year', descending: true }] })),
    ),
    await timed(
      'search, p95',
      words.map((search) => query({ search })),
    ),
    await timed(
      'search within a sort, p95',
      words.map((search) => query({ search: `${search} 1`, sort: [{ key: 'title', descending: true }] })),
    ),
    await timed('folder or tag, p95', narrowed),
  ];
}

async function playlistRows(server: ServeProcess): Promise<BenchRow[]> {
  const { client } = server;
  const trackIds = allTracks().map(({ trackId }) => trackId);
  let playlistId = 0 as PlaylistId;
  const made = await pinging(server, async () => {
    playlistId = (await client.playlists.create({ name: 'All', trackIds })).id;
  });
  const opened = await each([0, 50_000, 99_900], (offset) => client.playlists.tracks({ playlistId, offset, limit: pageRows }));
  const rows = [...made.rows('playlist of all: make', null), row('playlist of all: open, slowest', Math.max(...opened), bars.open)];
  for (const format of ['m3u8', 'jspf', 'csv', 'rekordbox'] as const) {
    const exported = await pinging(server, () => client.playlists.export({ playlistId, format }));
    rows.push(...exported.rows(`playlist of all: export as ${format}`, bars.export));
  }
  const added = await pinging(server, () => client.playlists.setTracks({ playlistId, trackIds: trackIds.toReversed() }));
  return [...rows, ...added.rows('playlist of all: reorder', null)];
}

async function tagRows(server: ServeProcess): Promise<BenchRow[]> {
  const { client } = server;
  const [first, second] = await client.tags.list(undefined);
  if (first === undefined || second === undefined) throw new Error('The library has no tags.');
  const rows: BenchRow[] = [];
  const measure = async (what: string, bar: number | null, work: () => Promise<unknown>): Promise<void> =>
    void rows.push(...(await pinging(server, work)).rows(what, bar));
  const mark = (answer: 'yes' | 'none') => client.tags.mark({ tagIds: [first.id], targets: allTracks(), answer });
  await measure('mark all', bars.mark, () => mark('yes'));
  const [last] = await client.tags.changes(undefined);
  if (last === undefined) throw new Error('Nothing was changed.');
  await measure('mark all: list of tags after it', bars.page, () => client.tags.list(undefined));
  await measure('mark all: take it back', bars.mark, () => client.tags.undo({ changeId: last.id }));
  await measure('mark all again', bars.mark, () => mark('yes'));
  await measure('mark all: take answers off', bars.mark, () => mark('none'));
  await measure('merge of two tags', bars.mark, () => client.tags.merge({ tagIds: [second.id], into: first.id }));
  await measure('marks of 1000 tracks', bars.page, () =>
    client.tags.marks({
      trackIds: allTracks()
        .slice(0, 1000)
        .map(({ trackId }) => trackId),
    }),
  );
  for (const field of ['genre', 'artist', 'folder'] as const)
    await measure(`values of ${field}`, null, () => client.tags.fieldValues({ field }));
  return rows;
}

async function otherRows(server: ServeProcess): Promise<BenchRow[]> {
  const { client } = server;
  const rows: BenchRow[] = [];
  const measure = async (what: string, bar: number | null, work: () => Promise<unknown>): Promise<void> =>
    void rows.push(...(await pinging(server, work)).rows(what, bar));
  const encoderId = (await client.settings.get(undefined)).encoderId as EncoderId;
  const like = [{ kind: 'track' as const, trackId: 1 as TrackId }];
  const segments = { encoderId, features: [1, 2, 3], sort: [{ feature: 1, descending: true }], search: '', offset: 0, limit: pageRows };
  await measure('segments, first page', null, () => client.listen.segments(segments));
  await measure('segments, searched', null, () => client.listen.segments({ ...segments, search: 'amber 1' }));
  await measure('segments, at most one a track', null, () => client.listen.segments({ ...segments, perTrack: 1 }));
  await measure('segments, by track', null, () => client.listen.segments({ ...segments, sort: [{ column: 'track', descending: false }] }));
  const weights = Array.from({ length: 16 }, (_, feature) => ({ feature, weight: feature - 7.5 }));
  const extras = [{ kind: 'weighted' as const, weights, offset: 1 }];
  await measure('segments, by 16 neurons together', null, () =>
    client.listen.segments({ ...segments, extras, sort: [{ extra: 0, descending: true }] }),
  );
  await measure('similar tracks, first question', null, () => client.similar.find({ encoderId, like, level: 'tracks', limit: 50 }));
  await measure('similar tracks, second question', null, () => client.similar.find({ encoderId, like, level: 'tracks', limit: 50 }));
  const [folder] = await client.library.folders(undefined);
  if (folder === undefined) throw new Error('The library has no folder.');
  await measure('remove a folder, next page', bars.page, async () => {
    await client.library.removeFolder({ folderId: folder.id });
    await client.library.tracks(query({}));
  });
  return rows;
}

function allTracks(): (MarkTarget & { trackId: TrackId })[] {
  return Array.from({ length: scaleSize.tracks }, (_, i) => ({ trackId: (i + 1) as TrackId }));
}

async function each<T>(inputs: readonly T[], ask: (input: T) => Promise<unknown>): Promise<number[]> {
  const taken: number[] = [];
  for (const input of inputs) {
    const begun = performance.now();
    await ask(input);
    taken.push(performance.now() - begun);
  }
  return taken;
}

type Meanwhile = { rows(what: string, bar: number | null): BenchRow[] };

/** Does work, and asks for something small over and over until it is done. */
async function pinging({ client }: Pick<ServeProcess, 'client'>, work: () => Promise<unknown>): Promise<Meanwhile> {
  const pings: number[] = [];
  let isOver = false;
  const asking = (async () => {
    while (!isOver) {
      const begun = performance.now();
      await client.host.capabilities(undefined);
      pings.push(performance.now() - begun);
      await new Promise((resolve) => setTimeout(resolve, pingEveryMs));
    }
  })();
  const begun = performance.now();
  await work();
  const taken = performance.now() - begun;
  isOver = true;
  await asking;
  return { rows: (what, bar) => [row(what, taken, bar), row(`${what}, p95 of a ping meanwhile`, quantile(pings, 0.95), bars.ping)] };
}

/**
 * The core's resident set after all of this: its own memory, the code and files that it shares with other processes, and the heaps of its threads.
 * A person's machine has less free memory by so much at most.
 */
function memoryRow(what: string, bytes: number): BenchRow {
  return { what, value: Math.round(bytes / 1e5) / 10, unit: 'MB', against: `at most ${bars.memory}` };
}

function row(what: string, value: number, bar: number | null): BenchRow {
  const measured = { what, value: Math.round(value * 10) / 10, unit: 'ms' };
  return bar === null ? measured : { ...measured, against: `at most ${bar}` };
}
