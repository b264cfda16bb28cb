/** @file What verbs of figures have in common: which music, which file is written, how far it is. */
import { extname, resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { AppError, writeWhole } from '../../../base/index.ts';
import { csvFile, embeddingOutput, svgFile } from '../../../contract/index.ts';
import type { Drawing, FigureTable, FigureWords, MusicSource } from '../../../contract/index.ts';
import type { Follow, Services } from '../../../service/index.ts';
import type { StoredEncoder } from '../../../store/index.ts';
import { runVerb, withServices } from '../session.ts';
import type { CommonOptions, Session } from '../session.ts';
import { verb } from '../verb.ts';
import { findPlaylist } from './playlists.ts';
import { withSpace } from './space-option.ts';
import type { SpaceOptions } from './space-option.ts';
import { findTag } from './tag-place.ts';

/** What every verb of a figure takes. */
export type FigureOptions = CommonOptions & SpaceOptions & { out?: string };

/** A figure: the document, what is drawn, and the table. */
export type MadeFigure = { document: object; words: FigureWords; drawing: Drawing; table: FigureTable; text: string };

/** The size of a figure in a file, in px. */
export const fileSize = { width: 960, height: 420 } as const;

/** Declares the verb of a figure. */
export function figureVerb(inspect: Command, name: string, description: string): Command {
  return withSpace(verb(inspect, name, description)).option(
    '-o, --out <file>',
    'also writes the figure: a file that ends with .svg or .csv',
    figureFile,
  );
}

/** The path of a figure, by its ending. */
export function figureFile(path: string): string {
  if (['.svg', '.csv'].includes(extname(path).toLowerCase())) return path;
  throw new InvalidArgumentError('It must end with .svg or .csv.');
}

/** Makes a figure, writes it where that is wanted, prints it. */
export async function showFigure<Options extends FigureOptions>(
  options: Options,
  make: (services: Services, options: Options, follow: Follow) => Promise<MadeFigure>,
): Promise<void> {
  await runVerb(options, (session) =>
    withServices(options, session, async (services) => {
      const figure = await make(services, options, { signal: session.interrupted, onProgress: progressOf(session) });
      const { document, words, drawing, table, text } = figure;
      if (options.out !== undefined) {
        const isCsv = extname(options.out).toLowerCase() === '.csv';
        await writeWhole(
          resolve(options.out),
          isCsv ? csvFile(words, table) : svgFile(words, drawing),
          `write the figure to ${options.out}`,
        );
      }
      session.output.result(document, () =>
        [words.title, words.settings, text, options.out === undefined ? '' : `Written to ${options.out}.`]
          .filter((line) => line !== '')
          .join('\n'),
      );
    }),
  );
}

function progressOf({ output }: Session): (done: number, total: number) => void {
  return (done, total) =>
    output.progress('Figure', { done, total, unit: 'parts', audioSeconds: 0, rate: 0, secondsLeft: null, detail: '', failed: 0 });
}

/** How documents name a space. */
export function spaceName({ space, baseEncoderId, id }: StoredEncoder): { encoder: number; output: string; pooling?: string } {
  return space === null ? { encoder: baseEncoderId ?? id, output: embeddingOutput } : { encoder: baseEncoderId ?? id, ...space };
}

export const musicMeans =
  '`all`, `folder:` with a folder’s path or number, `tag:` with a tag, `playlist:` with a playlist, `data-set:` with the folder or library of a data set that an evaluation has heard, or words that titles, artists, albums, genres or paths hold';

/** Music as people write it. @throws AppError NOT_FOUND, BAD_INPUT */
export function musicSource(services: Services, text: string): MusicSource {
  const { store } = services;
  const [kind, rest] = [/^(folder|tag|playlist|data-set):/.exec(text)?.[1], text.replace(/^(folder|tag|playlist|data-set):\s*/, '')];
  if (text === 'all') return { kind: 'all' };
  if (kind === 'tag') return { kind: 'tag', tagId: findTag(store, rest).id };
  if (kind === 'playlist') return { kind: 'playlist', playlistId: findPlaylist(services, rest).id };
  if (kind === 'data-set') return { kind: 'data-set', name: dataSetNamed(services, rest) };
  if (kind !== 'folder') return { kind: 'search', search: text };
  const folder = store.folders.list().find(({ id, path }) => String(id) === rest || path === resolve(rest));
  if (folder === undefined)
    throw new AppError('NOT_FOUND', `There is no folder ${rest} in the library. List them with \`earmark folders\`.`);
  return { kind: 'folder', folderId: folder.id };
}

/** The library of a data set by its name, or by the data set's folder. @throws AppError NOT_FOUND */
function dataSetNamed({ inspecting }: Services, text: string): string {
  const known = inspecting.libraries.dataSets();
  const found = known.find(({ name, folder }) => name === text || folder === resolve(text));
  if (found !== undefined) return found.name;
  const names = known.map(({ name, folder }) => `${name} (${folder})`);
  throw new AppError(
    'NOT_FOUND',
    names.length === 0
      ? 'No evaluation has heard a data set yet. `earmark evaluate` indexes one with what it evaluates.'
      : `No evaluation has heard a data set ${text}. These were heard: ${names.join(', ')}.`,
  );
}
