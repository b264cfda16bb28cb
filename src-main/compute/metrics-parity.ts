/** @file Compares figures of labels and scores with reference values made by scikit-learn. */
import { basename } from 'node:path';
import { AppError } from '../base/index.ts';
import { metrics } from '../learn/index.ts';
import { checkParity } from './parity-check.ts';
import type { ParityCheck } from './parity-check.ts';
import { readDoubles } from './tensors/safetensors.ts';

/** Figures are computed in 64 bits from the same scores; what remains is the order of additions. */
const tolerance = 1e-9;

/**
 * Checks a file with `labels` and `scores` `[clips, tags]` and the figures of them: macro by tag and by clip, and of each tag.
 * @throws AppError BAD_INPUT when something is missing from it
 */
export async function checkMetricsFile(path: string): Promise<ParityCheck[]> {
  const file = basename(path);
  const tensors = await readDoubles(path);
  const take = (name: string): { shape: readonly number[]; data: Float64Array } => {
    const found = tensors.get(name);
    if (found === undefined) throw new AppError('BAD_INPUT', `The reference file ${file} has no tensor ${name}.`);
    return found;
  };
  const { shape, data: labels } = take('labels');
  const [examples = 0, tags = 0] = shape;
  const { rocAuc, averagePrecision } = metrics.rankingFigures({ examples, tags, labels, scores: take('scores').data });
  const figures: [string, string, ArrayLike<number>][] = [
    ['ROC-AUC, macro by tag', 'roc_auc_tag', [rocAuc.byTag.mean]],
    ['average precision, macro by tag', 'pr_auc_tag', [averagePrecision.byTag.mean]],
    ['ROC-AUC, macro by clip', 'roc_auc_clip', [rocAuc.byClip.mean]],
    ['average precision, macro by clip', 'pr_auc_clip', [averagePrecision.byClip.mean]],
    ['ROC-AUC of each tag', 'roc_auc_each', rocAuc.byTag.each],
    ['average precision of each tag', 'pr_auc_each', averagePrecision.byTag.each],
  ];
  return figures.map(([name, tensor, ours]) => checkParity(file, { name, ours, reference: take(tensor).data, tolerance }));
}
