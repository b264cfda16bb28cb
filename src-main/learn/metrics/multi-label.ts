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
