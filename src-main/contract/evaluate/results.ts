/** @file Evaluations as `results.json`: a model index as Hugging Face's model cards have it, and beside it everything that was measured. Pure. */
import type { Evaluation, FigureName } from './evaluations.ts';
import { contestantName, figureTitles } from './names.ts';

/** Names of metrics as other model cards use them. */
const metricTypes: Readonly<Record<FigureName, string>> = {
  ...{
    averagePrecision: 'mean_average_precision',
    rocAuc: 'roc_auc',
    accuracy: 'accuracy',
    keyScore: 'mir_eval_weighted_key_score',
    r2: 'r2',
  },
  ...{ averagePrecisionByClip: 'mean_average_precision_by_clip', rocAucByClip: 'roc_auc_by_clip' },
};

type Metric = { type: string; name: string; value: number; args: Record<string, unknown> };
type Result = {
  task: { type: string; name: string };
  dataset: { type: string; name: string; config: string; split: 'test'; revision: string };
  metrics: Metric[];
};

/** The document; `docs/results-json.md` tells what is in it. */
export type ResultsDocument = {
  format: 'earmark-results';
  version: 1;
  earmark: string;
  'model-index': { name: string; results: Result[] }[];
  evaluations: Omit<Evaluation, 'id' | 'folder'>[];
};

const taskTypes: Readonly<Record<Evaluation['kind'], string>> = {
  ...{ tags: 'audio-classification', classes: 'audio-classification', numbers: 'audio-regression' },
};

/** Paths of the person's folders are left out. @param earmark version of the program */
export function resultsDocument(all: readonly Evaluation[], earmark: string): ResultsDocument {
  const names = [...new Set(all.map(contestantName))];
  return {
    ...{ format: 'earmark-results', version: 1, earmark },
    'model-index': names.map((name) => ({ name, results: all.filter((one) => contestantName(one) === name).map(resultOf) })),
    evaluations: all.map(({ id, folder, ...rest }) => rest),
  };
}

function resultOf({ kind, task, taskTitle, dataset, datasetTitle, split, manifest, figures, ...one }: Evaluation): Result {
  const { protocol, head, seeds, percent } = one;
  return {
    task: { type: taskTypes[kind], name: taskTitle },
    dataset: { type: dataset, name: `${datasetTitle}, ${taskTitle}`, config: `${task}, split ${split}`, split: 'test', revision: manifest },
    metrics: figures.map(({ name, value, low, high, each }) => ({
      type: metricTypes[name],
      name: figureTitles[name],
      value,
      args: { protocol, head, seeds, percentOfLabels: percent, low, high, each },
    })),
  };
}
