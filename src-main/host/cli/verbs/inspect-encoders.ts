/** @file `inspect encoders`: two encoders, layers or checkpoints beside each other. */
import type { Command } from 'commander';
import {
  drawLayers,
  drawMatched,
  drawShared,
  layersHeight,
  layersTable,
  layersWords,
  matchedTable,
  matchedWords,
  sharedBounds,
  sharedSentence,
  sharedTable,
  sharedWords,
} from '../../../contract/index.ts';
import type { EncodersBeside } from '../../../contract/index.ts';
import type { Follow, Services } from '../../../service/index.ts';
import type { SpaceOutput } from '../../../store/index.ts';
import { table } from '../output.ts';
import { choice, count, whole } from '../verb.ts';
import { figureVerb, fileSize, showFigure, spaceName } from './figure-options.ts';
import type { FigureOptions, MadeFigure } from './figure-options.ts';
import { outputMeans, spaceOf, spaceOutput } from './space-option.ts';
import { findTrack } from './track-place.ts';

const figures = ['neurons', 'layers', 'neighbours'] as const;

type EncodersOptions = FigureOptions & {
  other: number;
  otherOutput?: SpaceOutput;
  nearest: number;
  figure: (typeof figures)[number];
  track?: string;
};

/** Pairs of neurons, and neurons that stand alone, that are printed. */
const printed = 10;

/** Adds the verb. */
export function addInspectEncoders(inspect: Command): void {
  figureVerb(
    inspect,
    'encoders',
    'Set two encoders, layers or checkpoints side by side: neighbours that both find, layers that are alike, neurons that do the same.',
  )
    .requiredOption('--other <id>', 'the other encoder', count)
    .option('--other-output <layer>', `${outputMeans} (default: the embedding)`, spaceOutput)
    .option('-k, --nearest <number>', 'how many neighbours', whole(1, sharedBounds.most), sharedBounds.usual)
    .option('--figure <name>', `the file’s figure: ${figures.join(', ')}`, choice(figures), 'neurons')
    .option('--track <track>', 'also lists the nearest of a track, by its number or path, in both')
    .action((options: EncodersOptions) => showFigure(options, encoders));
}

async function encoders(services: Services, options: EncodersOptions, follow: Follow): Promise<MadeFigure> {
  const { other, otherOutput, nearest, figure, track } = options;
  const chosen = spaceOf(services, options);
  const beside = spaceOf(services, { encoder: other, ...(otherOutput === undefined ? {} : { output: otherOutput }) });
  const wish = { encoderId: chosen.id, otherId: beside.id, k: nearest };
  const found = await services.inspecting.encoders.encoders(wish, follow);
  const lists =
    track === undefined
      ? null
      : await services.inspecting.encoders.neighbours({ ...wish, trackId: findTrack(services.store, track) }, follow);
  const { encoderId: _, otherId: __, ...told } = found;
  return {
    document: { space: spaceName(chosen), other: spaceName(beside), ...told, ...(lists === null ? {} : { query: lists }) },
    ...figureOf(found, figure),
    text: [
      pairsText(found),
      sharedSentence(found),
      ...(lists === null
        ? []
        : lists.lists.map((rows, at) => {
            const cells = rows.map(({ title, artist, cosine, place }, rank) => [rank + 1, title, artist, cosine.toFixed(3), place ?? '–']);
            return `Nearest to ${lists.query.title} by ${found.names[at === 0 ? 0 : 1]}\n${table(['', 'title', 'artist', 'cosine', 'there'], cells)}`;
          })),
      layersText(found),
    ].join('\n'),
  };
}

function figureOf(found: EncodersBeside, figure: EncodersOptions['figure']): Pick<MadeFigure, 'words' | 'drawing' | 'table'> {
  switch (figure) {
    case 'neurons':
      return { words: matchedWords(found), drawing: drawMatched(found, fileSize), table: matchedTable(found) };
    case 'layers': {
      const size = { width: fileSize.width, height: layersHeight(found) };
      return { words: layersWords(found), drawing: drawLayers(found, size), table: layersTable(found) };
    }
    case 'neighbours':
      return { words: sharedWords(found), drawing: drawShared(found, fileSize), table: sharedTable(found) };
  }
}

function pairsText({ neurons: { pairs, alone }, names }: EncodersBeside): string {
  const cells = pairs.slice(0, printed).map(({ first, second, correlation }) => [first, second, correlation.toFixed(3)]);
  const most = alone.map((own, at) => {
    const told = own.map(({ number, correlation }) => `${number} (${correlation.toFixed(2)})`);
    return `What ${names[at === 0 ? 0 : 1]} hears and the other does not, by the best correlation there: ${told.join(', ')}`;
  });
  return [table([names[0], names[1], 'correlation'], cells), ...most].join('\n');
}

function layersText({ layers: { rows, columns, values } }: EncodersBeside): string {
  const cells = rows.map(({ name }, row) => [name, ...(values[row] ?? []).map((value) => value?.toFixed(4) ?? '–')]);
  return `Linear centred kernel alignment\n${table(['', ...columns.map(({ name }) => name)], cells)}`;
}
