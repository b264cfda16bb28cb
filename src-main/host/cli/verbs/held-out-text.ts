/** @file What held-out tracks say of a run, as lines of text. */
import { countOf } from '../../../base/index.ts';
import { spreadText } from '../../../contract/index.ts';
import type { pretraining } from '../../../contract/index.ts';

type HeldOut = pretraining.HeldOut;
type Interval = HeldOut['scores']['rocAuc'];

/** The run's figures, below them those of the encoder that it began with and of guessing. */
export function heldOutLines({ step, tracks, loss, isExclusive, scores, began, chance, best, groupedBy = 'artist' }: HeldOut): string[] {
  const interval = (estimate: Interval): string =>
    estimate === null ? 'not known' : `${estimate.value.toFixed(3)} (${spreadText(estimate, { digits: 3, groupedBy })})`;
  const words = ({ rocAuc, averagePrecision, accuracy }: HeldOut['scores']): string =>
    [
      ...(isExclusive ? [`accuracy ${interval(accuracy)}`] : []),
      `ROC-AUC ${interval(rocAuc)}`,
      `average precision ${interval(averagePrecision)}`,
    ].join(', ');
  const guess = [...(isExclusive ? [`accuracy ${figure(chance.accuracy)}`] : []), `ROC-AUC ${figure(chance.rocAuc)}`];
  const encoder = began?.isContinued === true ? 'The encoder it began with' : 'An untrained encoder';
  return [
    `Held-out tracks (${countOf(tracks, 'track')}, step ${step}; best: step ${best.step}): loss ${loss.toPrecision(4)}, ${words(scores)}.`,
    began === null
      ? `${encoder} with a linear head: not measured, no label has examples enough for it.`
      : `${encoder} with a linear head (${countOf(began.labels, 'label')}): ${words(began)}.`,
    `Guessing: ${guess.join(', ')}, average precision ${figure(chance.averagePrecision)}.`,
  ];
}

function figure(value: number | null): string {
  return value === null ? 'not known' : value.toFixed(3);
}
