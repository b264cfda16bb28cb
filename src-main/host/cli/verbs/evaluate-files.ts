/** @file Files that `evaluate` writes: a report page, `results.json`, and every figure. */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { writeWhole } from '../../../base/index.ts';
import {
  csvFile,
  groupFigure,
  groupFigureKinds,
  publishedScores,
  reportPage,
  resultsDocument,
  scoreGroups,
  svgFile,
} from '../../../contract/index.ts';
import type { Evaluation, ScoreGroup } from '../../../contract/index.ts';
import type { Services } from '../../../service/index.ts';
import { version } from '../session.ts';
import type { Session } from '../session.ts';

/** Where files are wanted. */
export type EvaluateFiles = { report?: string; results?: string; figures?: string };

const widthPx = 960;

/** Writes what is wanted of evaluations. @param all every evaluation: shares of labels are compared among them @returns a sentence for each file */
export async function writeEvaluateFiles(
  { evaluating }: Services,
  { interrupted }: Session,
  { found, all, files }: { found: readonly Evaluation[]; all: readonly Evaluation[]; files: EvaluateFiles },
): Promise<string[]> {
  const groups = scoreGroups(found, publishedScores);
  const said: string[] = [];
  if (files.report !== undefined) {
    const each = await Promise.all(
      groups.flatMap(({ rows, reference }) =>
        reference === null ? [] : [evaluating.compare({ ids: rows.map(({ id }) => id), against: reference.id }, interrupted)],
      ),
    );
    const made = new Date().toISOString().slice(0, 'yyyy-mm-dd'.length);
    const text = reportPage({ groups, all, differences: each.flat(), made, version: version() });
    await writeWhole(resolve(files.report), text, `write the report to ${files.report}`);
    said.push(`The report is in ${files.report}.`);
  }
  if (files.results !== undefined) {
    const text = `${JSON.stringify(resultsDocument(found, version()), null, 2)}\n`;
    await writeWhole(resolve(files.results), text, `write the results to ${files.results}`);
    said.push(`The results are in ${files.results}.`);
  }
  if (files.figures !== undefined) {
    await mkdir(resolve(files.figures), { recursive: true });
    const names = (await Promise.all(groups.map((group) => writeFigures(files.figures ?? '', group, all)))).flat();
    said.push(names.length === 0 ? 'There was nothing to draw.' : `Figures are in ${files.figures}: ${names.join(', ')}.`);
  }
  return said;
}

async function writeFigures(directory: string, group: ScoreGroup, all: readonly Evaluation[]): Promise<string[]> {
  const figures = groupFigureKinds.flatMap((kind) => groupFigure(kind, group, { all, evaluation: null }) ?? []);
  for (const { words, draw, table, fileName, heightPx } of figures) {
    const path = join(resolve(directory), fileName);
    await writeWhole(`${path}.svg`, svgFile(words, draw({ width: widthPx, height: heightPx })), `write ${path}.svg`);
    await writeWhole(`${path}.csv`, csvFile(words, table()), `write ${path}.csv`);
  }
  return figures.map(({ fileName }) => `${fileName}.svg`);
}
