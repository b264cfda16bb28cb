/** @file Figures of evaluations. Pure. */
import type { Evaluation } from '../evaluations.ts';
import type { ScoreGroup } from '../scores.ts';
import { hoursFigure, parameterFigure } from './against.ts';
import { checkpointFigure, labelShareFigure } from './curves.ts';
import { labelFigure } from './labels.ts';
import type { EvaluationFigure } from './shown.ts';

export { distributionFigure } from './distribution.ts';
export type { EvaluationFigure } from './shown.ts';

/** Kinds of figures of a group, by which they are chosen. */
export const groupFigureKinds = ['labels', 'shares', 'parameters', 'hours', 'checkpoints'] as const;
export type GroupFigureKind = (typeof groupFigureKinds)[number];

/** What each kind is called. */
export const groupFigureTitles: Readonly<Record<GroupFigureKind, string>> = {
  ...{ labels: 'Labels', shares: 'Shares of labels', parameters: 'Parameters', hours: 'Hours of computing', checkpoints: 'Checkpoints' },
};

/** Of which contestant labels are shown: `evaluation`, else the best; `all`: every evaluation, of which others differ in their share of labels. */
export type FigureSources = { all: readonly Evaluation[]; evaluation: Evaluation | null };

/** A figure of a group; null where there is nothing to draw. */
export function groupFigure(kind: GroupFigureKind, group: ScoreGroup, { all, evaluation }: FigureSources): EvaluationFigure | null {
  switch (kind) {
    case 'labels': {
      const shown = evaluation ?? group.rows[0];
      return shown === undefined ? null : labelFigure(shown, group.reference);
    }
    case 'shares':
      return labelShareFigure(group, all);
    case 'parameters':
      return parameterFigure(group);
    case 'hours':
      return hoursFigure(group);
    case 'checkpoints':
      return checkpointFigure(group);
  }
}
