/** @file The files that every figure can be saved as. */
import { csvFile, svgFile } from '../../../src-main/contract/index.ts';
import { pngOf, saveFile } from '../../lib/save-file.ts';
import { attempt } from '../../state/app.svelte.ts';
import type { ShownFigure } from '../inspect/figures/shown-figure.ts';

const [widthPx, pngDensity] = [960, 2];

/** Entries of a menu: SVG, PNG and CSV. */
export function figureFiles({ words, fileName, heightPx, draw, table }: ShownFigure): { label: string; run: () => void }[] {
  const svg = (): string => svgFile(words, draw({ width: widthPx, height: heightPx }));
  const png = async (): Promise<void> => saveFile(`${fileName}.png`, await pngOf(svg(), pngDensity), 'image/png');
  return [
    { label: 'SVG, for papers', run: () => saveFile(`${fileName}.svg`, svg(), 'image/svg+xml') },
    { label: 'PNG, for slides', run: () => attempt(png()) },
    { label: 'CSV, the numbers', run: () => saveFile(`${fileName}.csv`, csvFile(words, table()), 'text/csv') },
  ];
}
