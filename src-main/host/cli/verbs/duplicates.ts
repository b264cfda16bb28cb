/** @file `duplicates`. */
import type { Command } from 'commander';
import type { DuplicateGroup } from '../../../contract/index.ts';
import type { DuplicatesResult } from '../../../service/index.ts';
import { duration, table } from '../output.ts';
import { follow, runVerb, withServices } from '../session.ts';
import type { CommonOptions } from '../session.ts';
import { verb } from '../verb.ts';

/** Adds `duplicates`. */
export function addDuplicateVerb(program: Command): void {
  verb(
    program,
    'duplicates',
    'Look for recordings that are in the library more than once, in whatever format; covers and other versions are none.',
  )
    .option('--last', 'show what was found last, without looking again', false)
    .action(async (options: DuplicatesOptions) => duplicates(options));
}

type DuplicatesOptions = CommonOptions & { last: boolean };

async function duplicates(options: DuplicatesOptions): Promise<void> {
  await runVerb(options, (session) =>
    withServices(options, session, async (services) => {
      const done = options.last ? null : await follow(services, session, services.duplicates.search());
      const found = services.duplicates.list();
      const failed = (done?.result as DuplicatesResult | undefined)?.failed ?? [];
      session.output.result({ at: found?.at ?? null, groups: found?.groups ?? [], failed }, () => {
        const lines = found === null ? ['Nobody has looked yet. Leave out --last.'] : found.groups.map(groupText);
        if (found !== null && found.groups.length === 0) lines.push('No recording is there twice.');
        if (failed.length > 0)
          lines.push(`${failed.length} could not be decoded:`, ...failed.map(({ path, message }) => `  ${path}: ${message}`));
        return lines.join('\n');
      });
    }),
  );
}

function groupText({ relation, tracks }: DuplicateGroup): string {
  const heading = relation === 'same' ? 'The same recording' : 'The same performance, mastered otherwise';
  const cells = tracks.map((track) => [
    track.trackId,
    track.title,
    track.artist,
    track.format,
    Math.round(track.bitRate / 1000),
    duration(track.durationMs / 1000),
    (track.offsetMs / 1000).toFixed(2),
    (track.bitErrorRate * 100).toFixed(1),
    track.path,
  ]);
  const headings = ['id', 'title', 'artist', 'format', 'kbit/s', 'duration', 'offset s', 'differs %', 'path'];
  return `${heading}\n${table(headings, cells)}\n`;
}
