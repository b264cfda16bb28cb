/** @file What held-out tracks say of a run, as lines of text. */
import { countOf } from '../../../base/index.ts';
import { pretraining, spreadText } from '../../../contract/index.ts';

type HeldOut = pretraining.HeldOut;
type Interval = HeldOut['scores']['rocAuc'];

/**
 * The run's figures, below them those of the encoder that it began with, of cepstral coefficients and of guessing.
 * @param encoderStep where the encoder comes from; null where there is none yet. The figures are of that step where it is the best one
 */
export function heldOutLines(measured: HeldOut, encoderStep: number | null): string[] {
  const heldOut = pretraining.heldOutAt(measured, encoderStep);
  const { isExclusive, began, chance, mfcc, groupedBy = 'artist' } = heldOut;
  const interval = (estimate: Interval): string =>
    estimate === null ? 'not known' : `${figure(estimate.value)} (${spreadText(estimate, { digits: 3, groupedBy })})`;
  const words = ({ rocAuc, averagePrecision, accuracy }: HeldOut['scores']): string =>
    [
      ...(isExclusive ? [`accuracy ${interval(accuracy)}`] : []),
      `ROC-AUC ${interval(rocAuc)}`,
      `average precision ${interval(averagePrecision)}`,
    ].join(', ');
  const beside = (what: string, scores: HeldOut['began'] | HeldOut['mfcc']): string => {
    if (scores === undefined) return `${what} with a linear head: not measured.`;
    if (scores === null) return `${what} with a linear head: not measured, no label has examples enough for it.`;
    return `${what} with a linear head (${countOf(scores.labels, 'label')}): ${words(scores)}.`;
  };
  const guess = [...(isExclusive ? [`accuracy ${figure(chance.accuracy)}`] : []), `ROC-AUC ${figure(chance.rocAuc)}`];
  return [
    `Held-out tracks (${countOf(heldOut.tracks, 'track')}, ${stepText(heldOut, encoderStep)}): loss ${heldOut.loss.toPrecision(4)}, ${words(heldOut.scores)}.`,
    beside(began?.isContinued === true ? 'The encoder it began with' : 'An untrained encoder', began),
    beside('20 mel-frequency cepstral coefficients (MFCC, mean and deviation)', mfcc),
    `Guessing: ${guess.join(', ')}, average precision ${figure(chance.averagePrecision)}.`,
  ];
}

function stepText({ step, best }: HeldOut, encoderStep: number | null): string {
  const which = step === best.step ? `step ${step}, the best` : `step ${step}, measured last; best: step ${best.step}`;
  if (encoderStep === null) return which;
  return encoderStep === step ? `${which}, which the encoder comes from` : `${which}; the encoder comes from step ${encoderStep}`;
}

function figure(value: number | null): string {
  return value === null ? 'not known' : value.toFixed(3);
}
