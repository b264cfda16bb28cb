/** @file Evaluations as one page that stands by itself: tables with intervals and published rows, protocols, data, and figures. Pure. */
import { countOf, formatCount } from '../../base/counts.ts';
import { svgFile } from '../../inspect/drawing/index.ts';
import { protocols } from '../../learn/about.ts';
import type { Difference, Evaluation } from './evaluations.ts';
import { groupFigure, groupFigureKinds } from './figures/index.ts';
import { contestantName, figureTitles } from './names.ts';
import { scoreSpread, scoreText, scoreVerdict } from './scores.ts';
import type { ScoreGroup } from './scores.ts';

/** What a report is made of. `made`: when, as a person reads it; `version`: of Earmark; `differences`: from the coefficients, as far as they are known. */
export type ReportParts = {
  groups: readonly ScoreGroup[];
  all: readonly Evaluation[];
  differences: readonly Difference[];
  made: string;
  version: string;
};

const figureWidth = 900;

const style = `:root{color-scheme:light}body{font:15px/1.5 system-ui,sans-serif;color:#1f1e1b;max-width:1000px;margin:32px auto;padding:0 16px}
h1{font-size:24px}h2{font-size:19px;margin-top:40px}h3{font-size:15px}table{border-collapse:collapse;font-size:14px;font-variant-numeric:tabular-nums;width:100%}
th,td{border-bottom:1px solid #dedddb;padding:4px 12px 4px 0;text-align:left;vertical-align:top}td.number{text-align:right;white-space:nowrap}th.number{text-align:right}
.published,.note,dt{color:#54524f}dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 16px;font-size:14px}dd{margin:0;overflow-wrap:anywhere}
figure{margin:16px 0;overflow-x:auto}.note{font-size:14px}.scroll{overflow-x:auto}`;

/** The page, as one HTML file without anything beside it. */
export function reportPage({ groups, all, differences, made, version }: ReportParts): string {
  const title = 'Evaluations of encoders';
  const sections = groups.map((group) => groupSection(group, all, differences));
  return [
    '<!doctype html>',
    `<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${style}</style></head><body>`,
    `<h1>${title}</h1>`,
    `<p class="note">Made by Earmark ${escaped(version)} on ${escaped(made)}. Figures are percent with 95 % intervals by bootstrap over what a data set keeps together; faint rows are what papers report.</p>`,
    ...sections,
    '</body></html>\n',
  ].join('\n');
}

function groupSection(group: ScoreGroup, all: readonly Evaluation[], differences: readonly Difference[]): string {
  const { first, rows, figures, published } = group;
  const heading = ['', ...figures.map((name) => `${figureTitles[name]}, %`), 'Beside the coefficients'];
  const own = rows.map((row) => ownRow(group, row, differences));
  const theirs = published.map(
    ({ name, figures: known, source, differs }) =>
      `<tr class="published"><th scope="row">${escaped(name)}</th>${figures.map((one) => numberCell(known[one] === undefined ? '' : scoreText(known[one]))).join('')}<td>${escaped([source, differs].filter((one) => one !== '').join('; '))}</td></tr>`,
  );
  const notes = [...new Set(rows.flatMap((row) => row.notes))];
  const pictures = groupFigureKinds.flatMap((kind) => groupFigure(kind, group, { all, evaluation: null }) ?? []);
  return [
    `<section><h2>${escaped(`${first.datasetTitle}: ${first.taskTitle}`)}</h2>`,
    factList(first),
    `<div class="scroll"><table><thead><tr>${heading.map((one, at) => `<th scope="col"${at > 0 && at <= figures.length ? ' class="number"' : ''}>${escaped(one)}</th>`).join('')}</tr></thead><tbody>`,
    ...own,
    ...theirs,
    '</tbody></table></div>',
    ...(notes.length === 0
      ? []
      : [`<h3>To know of these figures</h3><ul class="note">${notes.map((note) => `<li>${escaped(note)}</li>`).join('')}</ul>`]),
    ...pictures.map(({ words, draw, heightPx }) => `<figure>${svgFile(words, draw({ width: figureWidth, height: heightPx }))}</figure>`),
    '</section>',
  ].join('\n');
}

function ownRow({ figures, reference }: ScoreGroup, row: Evaluation, differences: readonly Difference[]): string {
  const cells = figures.map((name) => {
    const found = row.figures.find((one) => one.name === name);
    return numberCell(found === undefined ? '–' : `${scoreText(found.value)} (${scoreSpread(found)})`);
  });
  const found = differences.find(({ id, against }) => id === row.id && against === reference?.id);
  const beside =
    found === undefined
      ? ''
      : `${found.difference.value < 0 ? '' : '+'}${scoreText(found.difference.value)} (${scoreSpread(found.difference)}): ${scoreVerdict(found)}`;
  return `<tr><th scope="row">${escaped(contestantName(row))}</th>${cells.join('')}<td>${escaped(beside)}</td></tr>`;
}

function numberCell(text: string): string {
  return `<td class="number">${escaped(text)}</td>`;
}

/** Which clips, by which protocol. */
function factList(first: Evaluation): string {
  const { title, source, about } = protocols[first.protocol];
  const { train, validation, test } = first.counts;
  const facts: [string, string][] = [
    ['Data', `${first.datasetTitle}, task ${first.task}, split ${first.split}`],
    [
      'Clips',
      `${formatCount(train)} to learn from (${first.percent} % of the labels), ${formatCount(validation)} to validate, ${formatCount(test)} to test; ${formatCount(first.leftOut)} could not be used`,
    ],
    ['Manifest', first.manifest],
    ['Protocol', `${title} (${source}). ${about}`],
    ['Head', `${first.head === 'mlp' ? 'hidden layer' : 'linear'}; ${countOf(first.seeds.length, 'seed')}: ${first.seeds.join(', ')}`],
  ];
  return `<dl>${facts.map(([name, value]) => `<dt>${name}</dt><dd>${escaped(value)}</dd>`).join('')}</dl>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
