/** @file `inspect spectra`: what a layer's filters are excited by. */
import type { Command } from 'commander';
import {
  besideSpectraTable,
  besideSpectraWords,
  drawBesideSpectra,
  drawSpectra,
  spectraTable,
  spectraWords,
} from '../../../contract/index.ts';
import type { EncoderId } from '../../../contract/index.ts';
import type { Follow, Services } from '../../../service/index.ts';
import { table } from '../output.ts';
import { count, whole } from '../verb.ts';
import { figureVerb, fileSize, showFigure } from './figure-options.ts';
import type { FigureOptions, MadeFigure } from './figure-options.ts';
import { spaceOf } from './space-option.ts';

type SpectraOptions = FigureOptions & { layer: number; beside: number[] };

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
    .option('--beside <id>', 'another encoder in the same figure; several times for several', several, [])
    .action((options: SpectraOptions) => showFigure(options, spectra));
}

function several(text: string, before: readonly number[]): number[] {
  return [...before, count(text)];
}

async function spectra(services: Services, { layer, beside, ...options }: SpectraOptions, follow: Follow): Promise<MadeFigure> {
  const { spectra: making } = services.inspecting;
  const first = await making.spectra({ encoderId: spaceOf(services, options).id, layer }, follow);
  const all = [first];
  for (const id of beside) all.push(await making.spectra({ encoderId: id as EncoderId, layer }, follow));
  const told = all.map(({ encoderId, ...about }) => ({ encoder: encoderId, ...about }));
  const isAlone = all.length === 1;
  const step = Math.max(1, first.lines.length / printed);
  const isPrinted = (at: number): boolean => Math.floor(at / step) !== Math.floor((at - 1) / step);
  const rows = all.flatMap(({ name, lines }) =>
    lines.filter((_, at) => isPrinted(at)).map(({ filter, peakHz }) => [...(isAlone ? [] : [name]), filter, peakHz.toFixed(0)]),
  );
  return {
    document: isAlone ? { ...told[0] } : { ...told[0], beside: told.slice(1) },
    words: isAlone ? spectraWords(first, first.name) : besideSpectraWords(all),
    drawing: isAlone ? drawSpectra(first, fileSize) : drawBesideSpectra(all, fileSize),
    table: isAlone ? spectraTable(first) : besideSpectraTable(all),
    text: table([...(isAlone ? [] : ['encoder']), 'filter', 'peak in Hz'], rows),
  };
}
