/** @file `inspect factors`: principal components of neurons, turned by varimax. */
import type { Command } from 'commander';
import { drawFactors, factorsHeight, factorsTable, factorsWords, mostFactors } from '../../../contract/index.ts';
import type { Follow, Services } from '../../../service/index.ts';
import { table } from '../output.ts';
import { whole } from '../verb.ts';
import { figureVerb, fileSize, showFigure, spaceName } from './figure-options.ts';
import type { FigureOptions, MadeFigure } from './figure-options.ts';
import { spaceOf } from './space-option.ts';

type FactorsOptions = FigureOptions & { components: number };

/** Neurons of each factor that are printed. */
const printed = 8;

/** Adds the verb. */
export function addInspectFactors(inspect: Command): void {
  figureVerb(
    inspect,
    'factors',
    'Find what neurons have in common: principal components, turned by varimax, and the strongest neurons of each.',
  )
    .option('--components <number>', 'how many factors', whole(1, mostFactors), 3)
    .action((options: FactorsOptions) => showFigure(options, factors));
}

async function factors(services: Services, { components, ...options }: FactorsOptions, follow: Follow): Promise<MadeFigure> {
  const chosen = spaceOf(services, options);
  const found = await services.inspecting.figures.factors({ encoderId: chosen.id, count: components }, follow);
  const rows = found.factors.map(({ explained, strongest, loadings }, at) => {
    const neurons = strongest.slice(0, printed).map((neuron) => `${neuron} (${(loadings[neuron] ?? 0).toFixed(2)})`);
    return [at + 1, `${(explained * 100).toFixed(1)} %`, neurons.join(', ')];
  });
  const { encoderId: _, ...told } = found;
  return {
    document: { space: spaceName(chosen), ...told },
    words: factorsWords(found, chosen.name),
    drawing: drawFactors(found, { width: fileSize.width, height: factorsHeight(found.factors.length) }),
    table: factorsTable(found),
    text: table(['factor', 'explains', 'strongest neurons'], rows),
  };
}
