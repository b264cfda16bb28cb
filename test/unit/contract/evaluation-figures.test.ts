/** @file Figures of evaluations and of experiments: what is drawn of what, with intervals and baselines, and where there is nothing to draw. */
import { describe, expect, it } from 'vitest';
import {
  distributionFigure,
  experimentFigures,
  groupFigure,
  publishedScores,
  reportPage,
  resultsDocument,
  scoreGroups,
} from '../../../src-main/contract/index.ts';
import type { Drawing, Evaluation, EvaluationFigure, GroupFigureKind, Results, ScoreGroup } from '../../../src-main/contract/index.ts';
import { someEvaluation } from '../../support/some-evaluation.ts';

const size = { width: 960, height: 400 };
const lines = ({ marks }: Drawing, colour: string): number => marks.filter((mark) => mark.kind === 'line' && mark.colour === colour).length;
const words = ({ marks }: Drawing): string[] => marks.flatMap((mark) => (mark.kind === 'words' ? [mark.text] : []));

function groupOf(all: readonly Evaluation[]): ScoreGroup {
  const [group] = scoreGroups(all, publishedScores);
  if (group === undefined) throw new Error('There is no group.');
  return group;
}

function figureOf(kind: GroupFigureKind, all: readonly Evaluation[], evaluation: Evaluation | null = null): EvaluationFigure | null {
  return groupFigure(kind, groupOf(all), { all, evaluation });
}

const label = (name: string, figure: number | null, spread = 0.1): Evaluation['labels'][number] => ({
  ...{ name, figure, rocAuc: null, examples: 7 },
  low: figure === null ? null : figure - spread,
  high: figure === null ? null : figure + spread,
});

describe('the figure of labels', () => {
  const mine = someEvaluation({ id: 2, labels: [label('rock', 0.2), label('flute', 0.7), label('harp', null)] });
  const cepstra = someEvaluation({ id: 1, kind: 'cepstra', name: 'Coefficients', labels: [label('rock', 0.3), label('flute', 0.1)] });

  it('has the best first, its interval and the coefficients beside each, and says what is not known', () => {
    const figure = figureOf('labels', [mine, cepstra]);
    expect(figure?.table()).toEqual([
      ['label', 'clips', 'Mine', 'low', 'high', 'Coefficients', 'low', 'high'],
      [
        'flute',
        7,
        ...[70, 60, 80].map((one) => expect.closeTo(one, 9) as number),
        ...[10, 0, 20].map((one) => expect.closeTo(one, 9) as number),
      ],
      [
        'rock',
        7,
        ...[20, 10, 30].map((one) => expect.closeTo(one, 9) as number),
        ...[30, 20, 40].map((one) => expect.closeTo(one, 9) as number),
      ],
    ]);
    expect(figure?.words.settings).toMatch(/Of 1 label nothing can be told/);
    expect(figure?.words.settings).toMatch(
      /MagnaTagATune, Fifty tags, split pons \(10 clips to learn from.*manifest a\)\. CLMR, as run, linear, 1 seed/,
    );
    expect(figure?.reading({ column: 0, row: 1 })).toBe(
      'rock (7 clips to test): Mine 20.0 (10.0 to 30.0); Coefficients 30.0 (20.0 to 40.0)',
    );
    const drawing = figure?.draw(size);
    expect(drawing?.rows).toBe(2);
    // An interval a label of each, besides the legend's samples.
    expect(lines(drawing as Drawing, 'first')).toBe(2 + 1);
    expect(lines(drawing as Drawing, 'second')).toBe(2 + 1);
  });

  it('is of the contestant that was chosen, and alone where that is what others are compared with', () => {
    expect(figureOf('labels', [mine, cepstra], cepstra)?.table()[0]).toEqual(['label', 'clips', 'Coefficients', 'low', 'high']);
    expect(figureOf('labels', [someEvaluation({ id: 3, labels: [label('harp', null)] })])).toBeNull();
  });
});

describe('the figure of shares of labels', () => {
  it('has a curve for each contestant with two shares, of the newest evaluation of each', () => {
    const all = [
      someEvaluation({ id: 5, percent: 10, value: 0.3 }),
      someEvaluation({ id: 4, percent: 100, value: 0.4 }),
      someEvaluation({ id: 3, percent: 10, value: 0.1 }),
      someEvaluation({ id: 2, percent: 10, value: 0.2, kind: 'cepstra', name: 'Coefficients' }),
      someEvaluation({ id: 1, percent: 1, value: 0.9, protocol: 'jukemir' }),
    ];
    const figure = figureOf('shares', all);
    expect(figure?.table().slice(1)).toEqual([
      ['Mine', 10, 30, expect.closeTo(25, 9), expect.closeTo(35, 9)],
      ['Mine', 100, 40, expect.closeTo(35, 9), expect.closeTo(45, 9)],
    ]);
    expect(words(figure?.draw(size) as Drawing)).toEqual(expect.arrayContaining(['Mine', '10', '100', 'Average precision, %']));
    expect(figure?.reading({ column: 0, row: 0 })).toBe('percent of the labels 10: Mine 30.0 (25.0 to 35.0)');
    expect(figure?.reading({ column: 47, row: 0 })).toBe('percent of the labels 100: Mine 40.0 (35.0 to 45.0)');
    expect(figureOf('shares', all.slice(0, 1))).toBeNull();
  });
});

describe('figures of what scores cost', () => {
  const seconds = (hours: number): Evaluation['contestant']['training'] => ({ runId: 1, step: 10, seconds: 3600 * hours });
  const all = [
    someEvaluation({ id: 4, name: 'Small', parameters: 1000, value: 0.3, training: seconds(2) }),
    someEvaluation({ id: 3, name: 'Fetched', parameters: 1e6, value: 0.5 }),
    someEvaluation({ id: 2, name: 'Drawn', kind: 'untrained', parameters: 1000, value: 0.1 }),
    someEvaluation({ id: 1, name: 'Coefficients', kind: 'cepstra', parameters: 0, value: 0.2 }),
  ];

  it('put statistics apart from encoders with weights, and published ones whose sizes are known beside', () => {
    const rows = figureOf('parameters', all)?.table() ?? [];
    expect(rows.map(([name, at]) => [name, at]).slice(1, 5)).toEqual([
      ['Fetched', 1e6],
      ['Small', 1000],
      ['Drawn', 1000],
      ['Coefficients', 0],
    ]);
    expect(rows.find(([name]) => name === 'CLMR, linear, published')).toEqual([
      'CLMR, linear, published',
      2_368_512,
      expect.closeTo(35.37, 9),
      '',
      '',
    ]);
    expect(rows.some(([name]) => String(name).startsWith('CPC'))).toBe(false);
    expect(words(figureOf('parameters', all)?.draw(size) as Drawing)).toContain('no weights');
  });

  it('count the hours of runs, nothing for what learnt nothing, and leave out what was made elsewhere', () => {
    const rows = figureOf('hours', all)?.table() ?? [];
    expect(rows.slice(1).map(([name, at]) => [name, at])).toEqual([
      ['Small', 2],
      ['Drawn', 0],
      ['Coefficients', 0],
    ]);
    expect(figureOf('hours', all.slice(1))).toBeNull();
  });
});

describe('the figure of checkpoints', () => {
  it('has a curve for each run with two of them, and levels of what learnt nothing', () => {
    const at = (step: number, runId = 7): Evaluation['contestant']['training'] => ({ runId, step, seconds: step });
    const all = [
      someEvaluation({ id: 4, name: 'Late', value: 0.4, training: at(200) }),
      someEvaluation({ id: 3, name: 'Early', value: 0.2, training: at(100) }),
      someEvaluation({ id: 2, name: 'Other', value: 0.2, training: at(100, 8) }),
      someEvaluation({ id: 1, name: 'Coefficients', kind: 'cepstra', value: 0.25 }),
    ];
    const figure = figureOf('checkpoints', all);
    expect(figure?.table().slice(1)).toEqual([
      ['Run 7', 100, 20, expect.closeTo(15, 9), expect.closeTo(25, 9)],
      ['Run 7', 200, 40, expect.closeTo(35, 9), expect.closeTo(45, 9)],
      ['Coefficients', '', 25, '', ''],
    ]);
    expect(figureOf('checkpoints', all.slice(1))).toBeNull();
  });
});

describe('the figure of a data set’s labels', () => {
  it('has a bar for each part, the most frequent label first', () => {
    const counts = { train: 5, validation: 1, test: 2 };
    const manifest = {
      ...{
        earmark: '1',
        dataset: 'gtzan',
        task: 'genre',
        kind: 'classes' as const,
        labels: ['rock', 'jazz'],
        split: 'filtered',
        sha256: 'f'.repeat(64),
      },
      ...{ counts, published: null, leftOut: [], notes: [] },
      labelCounts: { train: [2, 3], validation: [0, 1], test: [1, 1] },
      policies: { emptyLabels: '', labelOrder: '', ties: '', aggregation: '', groups: '' },
    };
    const figure = distributionFigure('GTZAN', { manifest, counts });
    expect(figure?.table()).toEqual([
      ['label', 'train', 'validation', 'test'],
      ['jazz', 3, 1, 1],
      ['rock', 2, 0, 1],
    ]);
    expect(figure?.reading({ column: 0, row: 1 })).toBe('rock: 2 to learn from, 0 to validate, 1 to test');
    expect(distributionFigure('GTZAN', { manifest: { ...manifest, labelCounts: null }, counts })).toBeNull();
  });
});

describe('figures of an experiment', () => {
  const column = (percent: number | null, name: string): Results['columns'][number] => ({ name, figure: 'rocAuc', percent, base: 'Tags' });
  const cell = (value: number): Results['rows'][number]['cells'][number] => ({ value, low: value - 0.1, high: value + 0.1, seeds: 2 });
  const results: Results = {
    columns: [column(10, 'Tags, 10 %'), column(100, 'Tags, 100 %')],
    rows: [
      { row: 'CLMR', seeds: 2, cells: [cell(0.5), cell(0.7)] },
      { row: 'Late', seeds: 2, cells: [null, null] },
    ],
    published: [{ row: 'CLMR', note: '', cells: [0.6, 0.88] }],
    ...{ done: 2, all: 4, notes: [] },
  };
  const experiment = { title: 'Shares', about: '', source: 'A thesis', notes: ['To know.'] };

  it('are bars of every column and a curve over shares, with what was published', () => {
    const pictures = experimentFigures(experiment, results);
    expect(pictures.map(({ name }) => name)).toEqual(['Tags, 10 %: ROC-AUC', 'Tags, 100 %: ROC-AUC', 'Tags: ROC-AUC by share of labels']);
    const [bars, , curve] = pictures;
    expect(bars?.figure.table()).toEqual([
      ['row', 'value', 'low', 'high'],
      ['CLMR', 50, 40, 60],
      ['Late', '', '', ''],
      ['CLMR, published', 60, '', ''],
    ]);
    expect(curve?.figure.table().slice(1)).toEqual([
      ['CLMR', 10, 50, 40, 60],
      ['CLMR', 100, 70, expect.closeTo(60, 9), expect.closeTo(80, 9)],
      ['CLMR, published', 10, 60, '', ''],
      ['CLMR, published', 100, 88, '', ''],
    ]);
    expect(bars?.figure.words.settings).toMatch(/^A thesis\. 2 of 4 evaluations done\..*To know\.$/);
    expect(bars?.figure.fileName).toBe('shares-tags-10-roc-auc');
  });

  it('are none where nothing is done', () => {
    const rows = results.rows.map((row) => ({ ...row, cells: [null, null] }));
    expect(experimentFigures(experiment, { ...results, rows })).toEqual([]);
  });
});

describe('the report page', () => {
  const all = [
    someEvaluation({ id: 2, name: 'Mine <b>', labels: [label('rock', 0.2)], notes: ['Mind this.'] }),
    someEvaluation({ id: 1, kind: 'cepstra', name: 'Coefficients', labels: [label('rock', 0.3)] }),
  ];
  const differences = [
    {
      id: all[0]?.id as never,
      against: all[1]?.id as never,
      name: 'averagePrecision' as const,
      difference: { value: -0.1, low: -0.2, high: -0.05 },
      isBeyondChance: true,
    },
  ];
  const page = reportPage({ groups: scoreGroups(all, publishedScores), all, differences, made: '2026-01-02', version: '1.2.3' });

  it('stands by itself: tables, intervals, published rows, protocol, manifest and figures, and nothing from elsewhere', () => {
    expect(page).toContain('Mine &lt;b&gt;');
    expect(page).not.toContain('<b>');
    expect(page).toContain('40.0 (35.0 to 45.0)');
    expect(page).toContain('−10.0 (−20.0 to −5.0): clearly worse');
    expect(page).toMatch(
      /<tr class="published"><th scope="row">CLMR, linear<\/th><td class="number">35\.4<\/td><td class="number">88\.5<\/td>/,
    );
    expect(page).toContain('<dt>Manifest</dt><dd>a</dd>');
    expect(page).toContain('Spijkervet 2021, chapter 5');
    expect(page).toContain('Mind this.');
    expect(page.match(/<svg /g)).toHaveLength(2);
    expect(page).not.toMatch(/(src|href)=/);
    expect(page).not.toContain('/sets/mtat');
  });
});

describe('results.json', () => {
  it('has a model index with every figure, and no paths', () => {
    const all = [someEvaluation({ id: 2 }), someEvaluation({ id: 1, kind: 'cepstra', name: 'Coefficients' })];
    const document = resultsDocument(all, '1.2.3');
    expect(JSON.stringify(document)).not.toContain('/sets/mtat');
    expect(document['model-index'].map(({ name }) => name)).toEqual(['Mine', 'Coefficients']);
    const [result] = document['model-index'][0]?.results ?? [];
    expect(result).toMatchObject({
      task: { type: 'audio-classification' },
      dataset: { type: 'magnatagatune', config: 'top50, split pons', split: 'test', revision: 'a' },
    });
    expect(result?.metrics.map(({ type, value }) => [type, value])).toEqual([
      ['mean_average_precision', 0.4],
      ['roc_auc', 0.8],
    ]);
    const [precision, auc] = result?.metrics.map(({ args }) => args) ?? [];
    expect(precision).toMatchObject({ protocol: 'clmr', head: 'linear', seeds: [1], percentOfLabels: 100, each: [0.4] });
    expect([precision?.['low'], precision?.['high']].map((one) => Number(one).toFixed(9))).toEqual(['0.350000000', '0.450000000']);
    expect(auc).toMatchObject({ low: null, high: null });
    expect(document.evaluations[0]).toMatchObject({ contestant: { name: 'Mine', parameters: 10 }, percent: 100 });
  });
});
