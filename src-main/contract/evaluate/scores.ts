/** @file Evaluations as tables: what belongs together, what papers report beside it, and the same as CSV and LaTeX. Pure. */
import type { Difference, Evaluation, FigureName } from './evaluations.ts';
import { contestantName as nameOf, figureTitles } from './names.ts';
import type { PublishedScore } from './published-scores.ts';

/** Evaluations on one task by one protocol; the newest of each contestant first. */
export type ScoreGroup = {
  key: string;
  first: Evaluation;
  rows: readonly Evaluation[];
  /** What encoders are compared by, and with. */
  figures: readonly FigureName[];
  /** The cepstral coefficients, where they were evaluated; null without. */
  reference: Evaluation | null;
  published: readonly PublishedScore[];
};

const order = ['encoder', 'supervised', 'untrained', 'statistics', 'cepstra', 'chroma'] as const;

/** Groups, that with the newest evaluation first; in each the best encoder first, and what learnt nothing behind. */
export function scoreGroups(all: readonly Evaluation[], published: readonly PublishedScore[]): ScoreGroup[] {
  const groups = new Map<string, Evaluation[]>();
  for (const one of all) {
    const key = JSON.stringify([one.dataset, one.task, one.split, one.folder, one.protocol, one.head, one.percent, one.seeds]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups].flatMap(([key, rows]) => {
    const [first] = rows;
    if (first === undefined) return [];
    const kept = rows.filter(
      (row, at) => rows.findIndex((other) => nameOf(other) === nameOf(row) && row.manifest === other.manifest) === at,
    );
    const sorted = kept.toSorted(
      (a, b) => order.indexOf(a.contestant.kind) - order.indexOf(b.contestant.kind) || valueOf(b) - valueOf(a) || a.id - b.id,
    );
    return [
      {
        ...{ key, first, rows: sorted, figures: first.figures.map(({ name }) => name) },
        reference: sorted.find(({ contestant }) => contestant.kind === 'cepstra') ?? null,
        published: published.filter(({ dataset, task }) => dataset === first.dataset && task === first.task),
      },
    ];
  });
}

function valueOf({ figures: [first] }: Evaluation): number {
  return first?.value ?? Number.NEGATIVE_INFINITY;
}

/** A share in percent as papers write it: `35.4`; R² as well, which may be below 0. */
export function scoreText(value: number): string {
  return `${value < 0 ? '−' : ''}${(Math.abs(value) * 100).toFixed(1)}`;
}

/** Both ends of an interval: `33.1 to 37.0`; why there is none else. */
export function scoreSpread({ low, high }: { low: number | null; high: number | null }): string {
  return low === null || high === null ? 'too few to tell' : `${scoreText(low)} to ${scoreText(high)}`;
}

/** What a difference says in words. */
export function scoreVerdict({ difference, isBeyondChance }: Difference): string {
  if (isBeyondChance !== true) return 'no clear difference';
  return difference.value > 0 ? 'clearly better' : 'clearly worse';
}

/** The ends of an axis that holds all first figures with their intervals, in steps of a tenth. */
export function scoreAxis({ rows }: Pick<ScoreGroup, 'rows'>): { least: number; most: number } {
  const all = rows.flatMap(({ figures: [first] }) => (first === undefined ? [] : [first.low ?? first.value, first.high ?? first.value]));
  const least = Math.floor(Math.min(...all) * 10) / 10;
  const most = Math.ceil(Math.max(...all) * 10) / 10;
  return most > least ? { least, most } : { least: least - 0.1, most: most + 0.1 };
}

/** A cell of CSV. */
function cell(value: string | number | null): string {
  const text = String(value ?? '');
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A group as CSV, a row a contestant and a row a published score; numbers in full. */
export function scoresCsv({ first, rows, figures, published }: ScoreGroup): string {
  const heading = [
    ...['contestant', 'kind', 'architecture', 'output', 'dimensions', 'parameters'],
    ...figures.flatMap((name) => [name, `${name} low`, `${name} high`]),
    ...['dataset', 'task', 'split', 'clips', 'protocol', 'head', 'seeds', 'percent', 'source'],
  ];
  const own = rows.map((row) => {
    const { name, kind, architecture, output, pooling, dimensions, parameters } = row.contestant;
    const values = figures.flatMap((figure) => {
      const found = row.figures.find((one) => one.name === figure);
      return [found?.value ?? null, found?.low ?? null, found?.high ?? null];
    });
    const about = [row.dataset, row.task, row.split, row.counts.test, row.protocol, row.head, row.seeds.join(' '), row.percent, ''];
    return [name, kind, architecture, `${output}:${pooling}`, dimensions, parameters, ...values, ...about];
  });
  const others = published.map((score) => [
    ...[score.name, 'published', '', '', null, null],
    ...figures.flatMap((figure) => [score.figures[figure] ?? null, null, null]),
    ...[first.dataset, first.task, '', null, '', '', '', null, `${score.source}; ${score.differs}`],
  ]);
  return [heading, ...own, ...others].map((row) => `${row.map(cell).join(',')}\n`).join('');
}

/** A group as a table for LaTeX (booktabs), in percent with intervals. */
export function scoresLatex({ first, rows, figures, published }: ScoreGroup): string {
  const escaped = (text: string): string => text.replaceAll(/[&%$#_{}]/g, (sign) => `\\${sign}`);
  const titles = figures.map((name) => escaped(figureTitles[name]).replace('²', '$^2$'));
  const own = rows.map((row) => [
    escaped(nameOf(row)),
    ...figures.map((name) => {
      const found = row.figures.find((one) => one.name === name);
      if (found === undefined) return '';
      const { value, low, high } = found;
      return low === null || high === null ? latexNumber(value) : `${latexNumber(value)} [${latexNumber(low)}, ${latexNumber(high)}]`;
    }),
  ]);
  const others = published.map((score) => [
    `\\textcolor{gray}{${escaped(score.name)}}`,
    ...figures.map((name) => (score.figures[name] === undefined ? '' : `\\textcolor{gray}{${latexNumber(score.figures[name])}}`)),
  ]);
  const line = (cells: readonly string[]): string => `${cells.join(' & ')} \\\\`;
  return [
    `% ${first.datasetTitle}, ${first.taskTitle}, split ${first.split}; protocol ${first.protocol}, ${first.head} head, ${first.percent} % of the labels, seeds ${first.seeds.join(', ')}; 95 % intervals`,
    `\\begin{tabular}{l${'r'.repeat(figures.length)}}`,
    '\\toprule',
    line(['', ...titles]),
    '\\midrule',
    ...own.map(line),
    ...(others.length === 0 ? [] : ['\\midrule', ...others.map(line)]),
    '\\bottomrule',
    '\\end{tabular}',
    '',
  ].join('\n');
}

function latexNumber(value: number): string {
  return (value * 100).toFixed(1).replace('-', '$-$');
}
