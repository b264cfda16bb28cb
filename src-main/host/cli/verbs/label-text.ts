/** @file What a run learns and what of its table was not found, as lines of text. */
import { join } from 'node:path';
import { countOf, visibleLine } from '../../../base/index.ts';
import type { pretraining } from '../../../contract/index.ts';
import type { DataPaths } from '../../../store/index.ts';

const [namesShown, rowsShown] = [10, 3];

/** @param overview of a run that began just now; null for one that goes on. No lines without labels */
export function labelLines(
  paths: Pick<DataPaths, 'run'>,
  { id, settings: { labels } }: Pick<pretraining.Run, 'id' | 'settings'>,
  overview: pretraining.LabelOverview | null,
): string[] {
  if (labels === null) return [];
  const { names, from } = labels;
  const shown = names.slice(0, namesShown).map((name) => visibleLine(name));
  const more = names.length > namesShown ? ` and ${names.length - namesShown} more` : '';
  const lines = [`It learns ${countOf(names.length, 'label')}: ${shown.join(', ')}${more}.`];
  if (overview === null) return lines;
  const { taught, heldOut, leftOut, notFound, notFoundRows } = overview;
  lines.push(`${countOf(taught, 'track')} to learn from, ${heldOut} held out.`);
  if (leftOut > 0)
    lines.push(
      `${countOf(leftOut, 'labelled track or row', 'labelled tracks or rows')} without ${overview.isExclusive ? 'one class' : 'a label'} left out.`,
    );
  if (notFound > 0 && from.kind === 'table') {
    const first = notFoundRows.slice(0, rowsShown).map(({ line, text }) => `line ${line} (${visibleLine(text)})`);
    const file = join(paths.run(id), 'labels.json');
    lines.push(
      `${countOf(notFound, 'row', 'rows')} of ${from.path} ${notFound === 1 ? 'names' : 'name'} no track of the library that was chosen: ${first.join(', ')}${notFound > rowsShown ? ' …' : ''}. All of them stand under “notFound” in ${file}.`,
    );
  }
  return lines;
}
