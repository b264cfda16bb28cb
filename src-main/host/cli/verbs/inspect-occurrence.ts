/** @file `inspect occurrence`: how many of each neuron's top segments bear a tag, or a name of a field. */
import type { Command } from 'commander';
import {
  drawOccurrence,
  heatHeight,
  nameKinds,
  occurrenceTable,
  occurrenceTops,
  occurrenceWords,
  tellingNeurons,
} from '../../../contract/index.ts';
import type { NameKind } from '../../../contract/index.ts';
import type { Follow, Services } from '../../../service/index.ts';
import { table } from '../output.ts';
import { choice, count } from '../verb.ts';
import { figureVerb, fileSize, showFigure, spaceName } from './figure-options.ts';
import type { FigureOptions, MadeFigure } from './figure-options.ts';
import { spaceOf } from './space-option.ts';

type OccurrenceOptions = FigureOptions & { top: `${(typeof occurrenceTops)[number]}`; kind?: NameKind; limit: number };

/** Adds the verb. */
export function addInspectOccurrence(inspect: Command): void {
  const tops = occurrenceTops.map((top) => `${top}` as const);
  figureVerb(inspect, 'occurrence', 'Count how many of each neuron’s top segments bear a tag, or a name of the files’ fields.')
    .option('--top <number>', `top segments of each neuron: ${tops.join(' or ')}`, choice(tops), '10')
    .option('--kind <kind>', `names of one kind alone: ${nameKinds.join(', ')}`, choice(nameKinds))
    .option('-n, --limit <number>', 'neurons that are printed and drawn, those that tell names best; the document has all', count, 60)
    .action((options: OccurrenceOptions) => showFigure(options, occurrence));
}

async function occurrence(services: Services, { top, kind, limit, ...options }: OccurrenceOptions, follow: Follow): Promise<MadeFigure> {
  const chosen = spaceOf(services, options);
  const wish = { encoderId: chosen.id, top: top === '10' ? 10 : 100, kind: kind ?? null } as const;
  const found = await services.inspecting.figures.occurrence(wish, follow);
  const neurons = tellingNeurons(found, limit);
  const rows = neurons.map((neuron) => {
    const own = found.counts[neuron] ?? [];
    const most = found.names[own.indexOf(Math.max(...own))];
    return [neuron, Math.max(...own), most?.kind ?? '', most?.name ?? '', ((most?.share ?? 0) * found.top).toFixed(1)];
  });
  const { encoderId: _, ...told } = found;
  return {
    document: { space: spaceName(chosen), ...told },
    words: occurrenceWords(found, chosen.name),
    drawing: drawOccurrence(found, { neurons, width: fileSize.width, height: heatHeight(found.names.length) }),
    table: occurrenceTable(found),
    text: table(['neuron', 'most', 'kind', 'name', 'chance'], rows),
  };
}
