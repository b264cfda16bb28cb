/** @file `inspect spectra`: what a layer's filters are excited by. */
import type { Command } from 'commander';
import { drawSpectra, spectraTable, spectraWords } from '../../../contract/index.ts';
import type { Follow, Services } from '../../../service/index.ts';
import { table } from '../output.ts';
import { whole } from '../verb.ts';
import { figureVerb, fileSize, showFigure } from './figure-options.ts';
import type { FigureOptions, MadeFigure } from './figure-options.ts';
import { spaceOf } from './space-option.ts';

type SpectraOptions = FigureOptions & { layer: number };

/** Lines that are printed: so many, spread evenly. */
const printed = 16;

/** Adds the verb. */
export function addInspectSpectra(inspect: Command): void {
  figureVerb(
    inspect,
    'spectra',
    'Find the wave that excites each filter of a layer of a SampleCNN, and show their spectra, sorted by their peaks.',
  )
    .option('--layer <number>', 'from 1; the thesis shows 1 to 6', whole(1, 64), 1)
    .action((options: SpectraOptions) => showFigure(options, spectra));
}

async function spectra(services: Services, { layer, ...options }: SpectraOptions, follow: Follow): Promise<MadeFigure> {
  const { encoderId, lines, ...about } = await services.inspecting.spectra.spectra(
    { encoderId: spaceOf(services, options).id, layer },
    follow,
  );
  const shown = { ...about, lines };
  const step = Math.max(1, lines.length / printed);
  const some = lines.filter((_, at) => Math.floor(at / step) !== Math.floor((at - 1) / step));
  return {
    document: { encoder: encoderId, ...about, lines },
    words: spectraWords(shown, about.name),
    drawing: drawSpectra(shown, fileSize),
    table: spectraTable(shown),
    text: table(
      ['filter', 'peak in Hz'],
      some.map(({ filter, peakHz }) => [filter, peakHz.toFixed(0)]),
    ),
  };
}
