/** @file What held-out tracks said of an encoder that learnt labels, beside what needs no learning, as a part of its card. */
import { formatCount } from '../../base/index.ts';
import { pretraining, spreadText } from '../../contract/index.ts';

type HeldOut = pretraining.HeldOut;

/** @param step the checkpoint that the encoder is */
export function heldOutSection(measured: HeldOut, step: number): string[] {
  const heldOut = pretraining.heldOutAt(measured, step);
  const { isExclusive, scores, began, mfcc, chance, each, groupedBy = 'artist' } = heldOut;
  const measures = [...(isExclusive ? ['accuracy' as const] : []), 'rocAuc' as const, 'averagePrecision' as const];
  const titles = { accuracy: 'accuracy', rocAuc: 'ROC-AUC', averagePrecision: 'average precision' };
  const cell = (estimate: HeldOut['scores']['rocAuc']): string =>
    estimate === null ? 'not known' : `${estimate.value.toFixed(3)} (${spreadText(estimate, { digits: 3, groupedBy })})`;
  const row = (what: string, labels: number | null, cells: readonly string[]): string =>
    `| ${[what, labels ?? '', ...cells].join(' | ')} |`;
  const beside = (what: string, own: HeldOut['began'] | HeldOut['mfcc']): string =>
    row(
      what,
      own?.labels ?? null,
      measures.map((name) => (own === undefined || own === null ? 'not measured' : cell(own[name]))),
    );
  const guess = (name: (typeof measures)[number]): string => chance[name]?.toFixed(3) ?? 'not known';
  return [
    '## Held-out tracks',
    '',
    `Labels told on ${formatCount(heldOut.tracks)} tracks of ${groupedBy}s that it did not learn from, at step ${heldOut.step}${heldOut.step === step ? '' : ` (this encoder is of step ${step})`}; 95 % intervals by resampling ${groupedBy}s.`,
    '',
    `| | labels | ${measures.map((name) => titles[name]).join(' | ')} |`,
    `|---|---|${measures.map(() => '---|').join('')}`,
    row(
      'this encoder and its head',
      each.length,
      measures.map((name) => cell(scores[name])),
    ),
    beside(`${began?.isContinued === true ? 'the encoder that it began with' : 'an untrained encoder'}, linear head`, began),
    beside('20 mel-frequency cepstral coefficients (MFCC; mean, deviation), linear head', mfcc),
    row('guessing', null, measures.map(guess)),
    '',
  ];
}
