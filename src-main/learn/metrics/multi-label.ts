/** @file Figures over several labels at once: by tag, by clip, or over all pairs. */
import { averagePrecision, rocAuc } from './ranking.ts';

/** Labels and scores of examples, both `[examples, tags]` row after row; labels are 1 or 0. */
export type LabelledScores = { examples: number; tags: number; labels: ArrayLike<number>; scores: ArrayLike<number> };

/** A figure of a list of labels and their scores. */
export type RankingFigure = (labels: ArrayLike<number>, scores: ArrayLike<number>) => number;

/** A mean with what it was taken over; entries that are not defined are NaN and are left out of the mean, which is NaN without any. */
export type MacroFigure = { mean: number; each: Float64Array };

/** The figure of every tag over all examples, and its mean: `macro` averaging. */
export function byTag({ examples, tags, labels, scores }: LabelledScores, figure: RankingFigure): MacroFigure {
  const take = (from: ArrayLike<number>, tag: number): Float64Array =>
    Float64Array.from({ length: examples }, (_, example) => from[example * tags + tag] as number);
  return macro(Float64Array.from({ length: tags }, (_, tag) => figure(take(labels, tag), take(scores, tag))));
}

/**
 * Average precision of every tag, and its mean, as {@link byTag} has it, without an order of examples: of each score that an example with the tag has, it is
 * enough to know how many score as high, which sorted numbers tell. Many times faster.
 */
export function precisionByTag({ examples, tags, labels, scores }: LabelledScores): MacroFigure {
  const all = new Float64Array(examples);
  const found = new Float64Array(examples);
  const each = new Float64Array(tags);
  for (let tag = 0; tag < tags; tag++) {
    let count = 0;
    for (let example = 0; example < examples; example++) {
      const score = scores[example * tags + tag] as number;
      all[example] = Number.isNaN(score) ? -Infinity : score;
      if (labels[example * tags + tag] === 1) found[count++] = all[example] as number;
    }
    each[tag] = precisionOf(all.sort(), found.subarray(0, count).sort());
  }
  return macro(each);
}

/** Average precision from rising scores of all examples, and of those with the tag. */
function precisionOf(all: Float64Array, found: Float64Array): number {
  let [sum, beyond] = [0, all.length];
  for (let last = found.length; last > 0;) {
    const score = found[last - 1] as number;
    let first = last;
    while (first > 0 && found[first - 1] === score) first--;
    while (beyond > 0 && (all[beyond - 1] as number) >= score) beyond--;
    sum += ((last - first) * (found.length - first)) / (all.length - beyond);
    last = first;
  }
  return found.length === 0 ? NaN : sum / found.length;
}

/** The figure of every example over all tags, and its mean. Examples without a tag, or with all, are left out. */
export function byClip({ examples, tags, labels, scores }: LabelledScores, figure: RankingFigure): MacroFigure {
  const take = (from: ArrayLike<number>, example: number): Float64Array =>
    Float64Array.from({ length: tags }, (_, tag) => from[example * tags + tag] as number);
  return macro(Float64Array.from({ length: examples }, (_, example) => figure(take(labels, example), take(scores, example))));
}

/** A figure in every way of averaging: `overAll` is over all pairs of an example and a tag (`micro`). */
export type AveragedFigure = { byTag: MacroFigure; byClip: MacroFigure; overAll: number };

/** ROC-AUC and average precision in every way of averaging. */
export function rankingFigures(all: LabelledScores): { rocAuc: AveragedFigure; averagePrecision: AveragedFigure } {
  const figures = (figure: RankingFigure): AveragedFigure => ({
    byTag: byTag(all, figure),
    byClip: byClip(all, figure),
    overAll: figure(all.labels, all.scores),
  });
  return { rocAuc: figures(rocAuc), averagePrecision: figures(averagePrecision) };
}

/** The mean of the entries that are numbers; NaN without any. */
export function macro(each: Float64Array): MacroFigure {
  const known = each.filter((value) => !Number.isNaN(value));
  return { mean: known.length === 0 ? NaN : known.reduce((sum, value) => sum + value, 0) / known.length, each };
}
