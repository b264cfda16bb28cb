/** @file `inspect taggram`: what a head says of each segment of one track. */
import type { Command } from 'commander';
import { drawTaggram, floatsFromBase64, strongestTags, taggramHeight, taggramTable, taggramWords } from '../../../contract/index.ts';
import type { HeadId } from '../../../contract/index.ts';
import type { Services } from '../../../service/index.ts';
import { table } from '../output.ts';
import { count } from '../verb.ts';
import { figureVerb, fileSize, showFigure, spaceName } from './figure-options.ts';
import type { FigureOptions, MadeFigure } from './figure-options.ts';
import { spaceOf } from './space-option.ts';
import { findTrack } from './track-place.ts';

type TaggramOptions = FigureOptions & { track: string; head?: number; limit: number };

/** Adds the verb. */
export function addInspectTaggram(inspect: Command): void {
  figureVerb(inspect, 'taggram', 'Show what a head says of each segment of a track: your own tags, or those that came with the encoder.')
    .requiredOption('--track <track>', 'a track’s number or path')
    .option('--head <id>', 'the head (default: your own tags, else the first)', count)
    .option('-n, --limit <number>', 'tags that are printed and drawn, the strongest; the document has all', count, 20)
    .action((options: TaggramOptions) => showFigure(options, taggram));
}

async function taggram(services: Services, { track, head, limit, ...options }: TaggramOptions): Promise<MadeFigure> {
  const chosen = spaceOf(services, options);
  const trackId = findTrack(services.store, track);
  const found = await services.taggrams.of({ encoderId: chosen.id, trackId, headId: (head ?? null) as HeadId | null });
  const { probabilities, encoderId: _, ...about } = found;
  const values = floatsFromBase64(probabilities);
  const shown = { ...about, values };
  const tags = strongestTags(shown, limit);
  const segments = values.length / found.labels.length;
  const own = (tag: number): number[] => Array.from({ length: segments }, (_one, at) => values[at * found.labels.length + tag] ?? 0);
  return {
    document: { space: spaceName(chosen), ...about, probabilities: found.labels.map((name, tag) => ({ name, values: own(tag) })) },
    words: taggramWords(shown, chosen.name),
    drawing: drawTaggram(shown, { tags, width: fileSize.width, height: taggramHeight(tags.length) }),
    table: taggramTable(shown),
    text: table(
      ['tag', 'mean', 'most', 'at s'],
      tags.map((tag) => {
        const all = own(tag);
        const most = Math.max(...all);
        const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
        return [found.labels[tag] ?? '', mean.toFixed(2), most.toFixed(2), ((all.indexOf(most) * found.hopMs) / 1000).toFixed(1)];
      }),
    ),
  };
}
