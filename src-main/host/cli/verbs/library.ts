/** @file `scan` and `tracks`. */
import type { Command } from 'commander';
import { trackSortKeys } from '../../../contract/index.ts';
import type { Track, TrackSortKey } from '../../../contract/index.ts';
import { addPassedOver, passedOverSays } from '../../../service/index.ts';
import type { ScanResult } from '../../../service/index.ts';
import { duration, table } from '../output.ts';
import { follow, runVerb, withServices } from '../session.ts';
import type { CommonOptions } from '../session.ts';
import { choice, count, verb } from '../verb.ts';

/** Adds the verbs that deal with folders and tracks. */
export function addLibraryVerbs(program: Command): void {
  verb(program, 'scan [folders...]', 'Add folders to the library and read their tracks; without folders, scan all that were added.').action(
    async (folders: string[], options: CommonOptions) => scan(folders, options),
  );
  verb(program, 'tracks', 'List the tracks of the library.')
    .option('-s, --search <words>', 'only tracks in which every word occurs', '')
    .option('--sort <key>', `one of ${trackSortKeys.join(', ')}`, choice(trackSortKeys), 'artist')
    .option('--descending', 'largest first', false)
    .option('-n, --limit <number>', 'how many at most', count, 1000)
    .option('--missing', 'also tracks whose file is gone', false)
    .action(async (options: TracksOptions) => tracks(options));
}

type TracksOptions = CommonOptions & { search: string; sort: TrackSortKey; descending: boolean; limit: number; missing: boolean };

async function scan(folders: string[], options: CommonOptions): Promise<void> {
  await runVerb(options, (session) =>
    withServices(options, session, async (services) => {
      const total: ScanResult = { added: 0, updated: 0, moved: 0, removed: 0, unchanged: 0, failed: [], passedOver: [] };
      const add = (result: ScanResult): void => {
        for (const key of ['added', 'updated', 'moved', 'removed', 'unchanged'] as const) total[key] += result[key];
        total.failed.push(...result.failed);
        for (const { count: number, ...item } of result.passedOver) addPassedOver(total.passedOver, item, number);
      };
      if (folders.length === 0) add((await follow(services, session, services.library.scan(null))).result as ScanResult);
      for (const folder of folders) add((await follow(services, session, await services.library.addFolder(folder))).result as ScanResult);
      session.output.result(total, () => scanText(total));
    }),
  );
}

/** What a scan did, in lines. */
export function scanText(result: ScanResult): string {
  const lines = [
    `${result.added} added, ${result.updated} updated, ${result.moved} moved, ${result.removed} missing, ${result.unchanged} unchanged.`,
  ];
  const passed = passedOverSays(result.passedOver);
  if (passed !== '') lines.push(passed);
  if (result.failed.length > 0) lines.push(`${result.failed.length} could not be read:`);
  for (const { path, message } of result.failed) lines.push(message.includes(path) ? `  ${message}` : `  ${path}: ${message}`);
  return lines.join('\n');
}

async function tracks(options: TracksOptions): Promise<void> {
  await runVerb(options, (session) =>
    withServices(options, session, async ({ handlers }) => {
      const { search, sort, descending, limit, missing } = options;
      const query = { search, sort: [{ key: sort, descending }], includeMissing: missing };
      const rows: Track[] = [];
      let total = 0;
      for (let offset = 0; offset < limit; offset += 1000) {
        const page = await handlers.library.tracks({ ...query, offset, limit: Math.min(1000, limit - offset) }, session.interrupted);
        total = page.total;
        rows.push(...page.rows);
        if (page.rows.length === 0) break;
      }
      session.output.result({ total, rows }, () => {
        const cells = rows.map((row) => [row.id, row.title, row.artist, row.album, duration(row.durationMs / 1000), row.format, row.state]);
        return `${table(['id', 'title', 'artist', 'album', 'duration', 'format', 'state'], cells)}\n${rows.length} of ${total}`;
      });
    }),
  );
}
