/** @file Evaluations as tables: what is grouped, in which order, and the same as CSV and LaTeX. */
import { describe, expect, it } from 'vitest';
import {
  contestantName as nameOf,
  publishedScores,
  scoreAxis as axisOf,
  scoreGroups,
  scoresCsv,
  scoresLatex,
  scoreSpread,
  scoreText,
  scoreVerdict as verdictOf,
} from '../../../src-main/contract/index.ts';
import type { Evaluation } from '../../../src-main/contract/index.ts';

type Some = {
  id: number;
  kind?: Evaluation['contestant']['kind'];
  name?: string;
  value?: number;
  protocol?: Evaluation['protocol'];
  output?: string;
};

function evaluation({ id, kind = 'encoder', name = 'Mine', value = 0.4, protocol = 'clmr', output = 'embedding' }: Some): Evaluation {
  return {
    id: id as Evaluation['id'],
    at: id,
    contestant: {
      kind,
      name,
      encoderId: null,
      architecture: 'sample-cnn',
      output,
      pooling: 'mean',
      dimensions: 512,
      parameters: 10,
      training: null,
    },
    ...{ dataset: 'magnatagatune', datasetTitle: 'MagnaTagATune', folder: '/sets/mtat', task: 'top50', taskTitle: 'Fifty tags' },
    ...{ kind: 'tags', split: 'pons', manifest: 'a', protocol, head: 'linear', seeds: [1], percent: 100, leftOut: 0, notes: [] },
    counts: { train: 10, validation: 5, test: 5 },
    figures: [
      { name: 'averagePrecision', value, low: value - 0.05, high: value + 0.05, each: [value] },
      { name: 'rocAuc', value: 0.8, low: null, high: null, each: [0.8] },
    ],
    ...{ labels: [], layers: null, scratch: null },
    chosen: { learningRate: 1, batch: 1, dropout: 0, isStandardised: false, epochs: 1, steps: 1 },
    ...{ isStandardised: false, seconds: 1 },
  };
}

describe('groups of evaluations', () => {
  it('hold what is of one task by one protocol, the best encoder first and what learnt nothing behind', () => {
    const all = [
      evaluation({ id: 6, protocol: 'jukemir' }),
      evaluation({ id: 5, kind: 'cepstra', name: 'Coefficients', value: 0.9 }),
      evaluation({ id: 4, kind: 'statistics', name: 'Statistics' }),
      evaluation({ id: 3, name: 'Worse', value: 0.2 }),
      evaluation({ id: 2, name: 'Better', value: 0.6 }),
      evaluation({ id: 1, kind: 'untrained', name: 'Untrained', value: 0.7 }),
    ];
    const groups = scoreGroups(all, publishedScores);
    expect(groups.map(({ rows }) => rows.map(({ id }) => id))).toEqual([[6], [2, 3, 1, 4, 5]]);
    expect(groups.map(({ reference }) => reference?.id)).toEqual([undefined, 5]);
    expect(groups[1]?.published.map(({ name }) => name)).toContain('CLMR, linear');
    expect(groups[1]?.published.every(({ dataset }) => dataset === 'magnatagatune')).toBe(true);
  });

  it('keep the newest of what was evaluated twice', () => {
    const [group] = scoreGroups(
      [evaluation({ id: 9, value: 0.5 }), evaluation({ id: 8, value: 0.4 }), evaluation({ id: 7, output: 'block-5' })],
      [],
    );
    expect(group?.rows.map((row) => [row.id, nameOf(row)])).toEqual([
      [9, 'Mine'],
      [7, 'Mine, block-5:mean'],
    ]);
  });
});

describe('a group of evaluations', () => {
  const [group] = scoreGroups(
    [evaluation({ id: 2, name: 'Mine, "loud" & 50%_a', value: -0.25 }), evaluation({ id: 1, kind: 'cepstra', name: 'Coefficients' })],
    publishedScores.slice(0, 1),
  );

  it('is CSV with numbers in full, cells quoted where they need it, and published rows', () => {
    const lines = scoresCsv(group as never)
      .trimEnd()
      .split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/^contestant,kind,.*averagePrecision,averagePrecision low,averagePrecision high,rocAuc/);
    expect(lines[1]).toMatch(
      /^"Mine, ""loud"" & 50%_a",encoder,sample-cnn,embedding:mean,512,10,-0\.25,-0\.3,-0\.2,0\.8,,,magnatagatune,top50,pons,5,clmr,linear,1,100,$/,
    );
    expect(lines[3]).toMatch(/^"CLMR, linear",published,,,,,0\.3537,,,0\.8849,,,/);
  });

  it('is LaTeX that compiles whatever names hold', () => {
    const text = scoresLatex(group as never);
    expect(text).toContain('Mine, "loud" \\& 50\\%\\_a & $-$25.0 [$-$30.0, $-$20.0] & 80.0 \\\\');
    expect(text).toContain('\\textcolor{gray}{CLMR, linear} & \\textcolor{gray}{35.4} & \\textcolor{gray}{88.5} \\\\');
    expect(text).toMatch(/\\begin\{tabular\}\{lrr\}/);
  });

  it('has an axis that holds every interval', () => {
    expect(axisOf(group as never)).toEqual({ least: -0.3, most: 0.5 });
    expect(axisOf({ rows: [] }).least).not.toBeNaN();
  });
});

it('writes shares in percent, a minus as one, and says where nothing can be told', () => {
  expect([scoreText(0.3537), scoreText(-0.012), scoreText(1)]).toEqual(['35.4', '−1.2', '100.0']);
  expect([scoreSpread({ low: 0.331, high: 0.37 }), scoreSpread({ low: null, high: null })]).toEqual(['33.1 to 37.0', 'too few to tell']);
  const told = (value: number, isBeyondChance: boolean | null): string =>
    verdictOf({ id: 1 as never, against: 2 as never, name: 'accuracy', difference: { value, low: 0, high: 0 }, isBeyondChance });
  expect([told(0.1, true), told(-0.1, true), told(0.1, false), told(0.1, null)]).toEqual([
    'clearly better',
    'clearly worse',
    'no clear difference',
    'no clear difference',
  ]);
});
