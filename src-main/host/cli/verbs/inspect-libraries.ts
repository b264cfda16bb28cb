/** @file `inspect libraries`: one neuron in two kinds of music. */
import type { Command } from 'commander';
import { drawLikeness, likenessTable, likenessWords, topBounds } from '../../../contract/index.ts';
import type { Libraries, LibrarySide, MusicSource } from '../../../contract/index.ts';
import { AppError } from '../../../base/index.ts';
import type { Follow, Services } from '../../../service/index.ts';
import { duration, table } from '../output.ts';
import { several, whole } from '../verb.ts';
import { figureVerb, fileSize, musicMeans, musicSource, showFigure, spaceName } from './figure-options.ts';
import type { FigureOptions, MadeFigure } from './figure-options.ts';
import { spaceOf } from './space-option.ts';

type LibrariesOptions = FigureOptions & { neuron: number; of: string[]; top: number };

/** Segments of each side that are printed. */
const printed = 10;

/** Adds the verb. */
export function addInspectLibraries(inspect: Command): void {
  figureVerb(inspect, 'libraries', 'Set what one neuron hears most in two kinds of music side by side, and tell how alike that sounds.')
    .requiredOption('--neuron <number>', 'its number', whole(0, 65535))
    .option('--of <music>', `${musicMeans}; twice, or once beside the whole library`, several, [])
    .option('--top <number>', 'top segments of each side', whole(topBounds.least, topBounds.most), topBounds.usual)
    .action((options: LibrariesOptions) => showFigure(options, libraries));
}

async function libraries(services: Services, { neuron, of, top, ...options }: LibrariesOptions, follow: Follow): Promise<MadeFigure> {
  const chosen = spaceOf(services, options);
  const found = await services.inspecting.libraries.libraries(
    { encoderId: chosen.id, number: neuron, sides: sidesOf(services, of), top },
    follow,
  );
  const { encoderId: _, ...told } = found;
  return {
    document: { space: spaceName(chosen), ...told },
    words: likenessWords(found, chosen.name),
    drawing: drawLikeness(found, fileSize),
    table: likenessTable(found),
    text: found.sides.map((side, at) => sideText(side, found, at)).join('\n'),
  };
}

function sidesOf(services: Services, of: readonly string[]): [MusicSource, MusicSource] {
  const [first, second, third] = of;
  if (first === undefined || third !== undefined)
    throw new AppError('BAD_INPUT', 'Name two kinds of music with --of, or one to stand beside the whole library.');
  return second === undefined
    ? [{ kind: 'all' }, musicSource(services, first)]
    : [musicSource(services, first), musicSource(services, second)];
}

function sideText({ name, top, names, topTracks, tracks }: LibrarySide, { likeness }: Libraries, at: number): string {
  const cells = top.slice(0, printed).map((row) => [row.title, row.artist, duration(row.startMs / 1000), row.activation.toPrecision(3)]);
  const grown = names.map((one) => `${one.kind} ${one.name} (${one.count} of ${topTracks} top tracks, ${one.tracks} of ${tracks})`);
  const sounds = (likeness?.telling ?? []).map((statistic) => {
    const found = likeness?.sides[at === 0 ? 0 : 1][statistic];
    return `${likeness?.statistics[statistic] ?? ''} ${found?.value.toFixed(2) ?? ''}`;
  });
  return [
    `\n${name}`,
    table(['title', 'artist', 'at', 'gives'], cells),
    grown.length === 0 ? 'No name grows in the top segments beyond chance.' : `Names that grow: ${grown.join('; ')}.`,
    ...(sounds.length === 0 ? [] : [`Beside all of it, in deviations: ${sounds.join('; ')}.`]),
  ].join('\n');
}
