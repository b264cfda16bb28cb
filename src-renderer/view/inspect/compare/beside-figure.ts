/** @file What two encoders beside each other are shown as: pairs of neurons, layers, or neighbours. */
import {
  drawLayers,
  drawMatched,
  drawShared,
  layersHeight,
  layersTable,
  layersWords,
  matchedTable,
  matchedWords,
  sharedTable,
  sharedWords,
} from '../../../../src-main/contract/index.ts';
import type { EncodersBeside } from '../../../../src-main/contract/index.ts';
import { withMinus } from '../../../lib/figures.ts';
import { countOf } from '../../../lib/format.ts';
import type { FigureCell, ShownFigure } from '../figures/shown-figure.ts';

/** What is shown. */
export type BesideShows = 'neurons' | 'layers' | 'neighbours';

/** The figure. */
export function besideFigure(found: EncodersBeside, shows: BesideShows): ShownFigure {
  switch (shows) {
    case 'neurons':
      return {
        words: matchedWords(found),
        draw: (size) => drawMatched(found, size),
        table: () => matchedTable(found),
        ...{ reading: (cell) => pairText(found, cell), fileName: 'encoders-neurons', heightPx: 280 },
      };
    case 'layers':
      return {
        words: layersWords(found),
        draw: (size) => drawLayers(found, size),
        table: () => layersTable(found),
        ...{ reading: (cell) => layerText(found, cell), fileName: 'encoders-layers', heightPx: layersHeight(found) },
      };
    case 'neighbours':
      return {
        words: sharedWords(found),
        draw: (size) => drawShared(found, size),
        table: () => sharedTable(found),
        ...{ reading: (cell) => sharedText(found, cell), fileName: 'encoders-neighbours', heightPx: 260 },
      };
  }
}

const figureText = (value: number): string => withMinus(value.toFixed(3));

function pairText({ neurons: { pairs }, names }: EncodersBeside, { column }: FigureCell): string {
  const pair = pairs[column];
  if (pair === undefined) return '';
  return `Pair ${column + 1}: neuron ${pair.first} of ${names[0]}, neuron ${pair.second} of ${names[1]}, correlation ${figureText(pair.correlation)}`;
}

function layerText({ layers: { rows, columns, values } }: EncodersBeside, { column, row }: FigureCell): string {
  const value = values[row]?.[column] ?? null;
  const text = value === null ? 'cannot be told, since one does not differ between segments' : figureText(value);
  return `${rows[row]?.name ?? ''} beside ${columns[column]?.name ?? ''}: ${text}`;
}

function sharedText({ neighbours }: EncodersBeside, { column }: FigureCell): string {
  if (neighbours === null) return '';
  const tracks = neighbours.queries.filter(({ shared }) => shared === column).length;
  return `${column} of ${neighbours.k} nearest shared: ${countOf(tracks, 'track')}`;
}
