/** @file `inspect profile`: how many neurons respond, and how flatly. */
import type { Command } from 'commander';
import { drawProfile, profileTable, profileWords } from '../../../contract/index.ts';
import type { ProfileOrder } from '../../../contract/index.ts';
import type { Follow, Services } from '../../../service/index.ts';
import { table } from '../output.ts';
import { choice, several } from '../verb.ts';
import { figureVerb, fileSize, musicMeans, musicSource, showFigure, spaceName } from './figure-options.ts';
import type { FigureOptions, MadeFigure } from './figure-options.ts';
import { spaceOf } from './space-option.ts';

type ProfileOptions = FigureOptions & { of: string[]; order: ProfileOrder; standard: boolean };

/** Adds the verb. */
export function addInspectProfile(inspect: Command): void {
  figureVerb(inspect, 'profile', 'Show how many neurons respond to a segment, and how flatly, in one or two kinds of music.')
    .option('--of <music>', `${musicMeans}; twice for two side by side (default: the whole library)`, several, [])
    .option(
      '--order <order>',
      'the file’s figure: sorted within each segment, or by neuron',
      choice(['segment', 'neuron'] as const),
      'segment',
    )
    .option('--standard', 'each neuron less its mean, by its deviation', false)
    .action((options: ProfileOptions) => showFigure(options, profile));
}

async function profile(services: Services, { of, order, standard, ...options }: ProfileOptions, follow: Follow): Promise<MadeFigure> {
  const chosen = spaceOf(services, options);
  const parts = of.length === 0 ? [{ kind: 'all' as const }] : of.slice(0, 2).map((text) => musicSource(services, text));
  const found = await services.inspecting.figures.profile({ encoderId: chosen.id, parts, scale: standard ? 'standard' : 'own' }, follow);
  const rows = found.parts.map(({ name, tracks, segments, responding }) => [name, tracks, segments, responding.toFixed(1)]);
  const { encoderId: _, ...told } = found;
  return {
    document: { space: spaceName(chosen), ...told },
    words: profileWords(found, chosen.name),
    drawing: drawProfile(found, { order, ...fileSize }),
    table: profileTable(found),
    text: table(['music', 'tracks', 'segments', 'respond'], rows),
  };
}
