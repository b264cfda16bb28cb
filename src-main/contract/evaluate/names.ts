/** @file What contestants and figures are called. Pure. */
import { embeddingOutput } from '../encoders.ts';
import type { Evaluation, FigureName } from './evaluations.ts';

/** What a contestant is called: with its layers, or its output where that is not the embedding. */
export function contestantName({ contestant, layers }: Pick<Evaluation, 'contestant' | 'layers'>): string {
  const { name, output, pooling } = contestant;
  if (layers?.use === 'sum') return `${name}, weighted sum of ${layers.each.length} layers`;
  if (layers?.use === 'every') return `${name}, best of ${layers.each.length} layers: ${output}`;
  return output === embeddingOutput && pooling === 'mean' ? name : `${name}, ${output}:${pooling}`;
}

/** What figures are called where there is little room. */
export const figureShortTitles: Readonly<Record<FigureName, string>> = {
  ...{ averagePrecision: 'AP', rocAuc: 'ROC-AUC', averagePrecisionByClip: 'AP by clip', rocAucByClip: 'ROC-AUC by clip' },
  ...{ accuracy: 'accuracy', keyScore: 'key score', r2: 'R²' },
};

/** What figures are called where there is room. */
export const figureTitles: Readonly<Record<FigureName, string>> = {
  averagePrecision: 'Average precision',
  rocAuc: 'ROC-AUC',
  averagePrecisionByClip: 'Average precision by clip',
  rocAucByClip: 'ROC-AUC by clip',
  accuracy: 'Accuracy',
  keyScore: 'Weighted key score',
  r2: 'R²',
};
