/** @file An evaluation as the store gives one, for tests of what is made of them. */
import type { Evaluation } from '../../src-main/contract/index.ts';

/** What a test cares about; the rest is of a small MagnaTagATune. */
export type SomeEvaluation = Partial<Omit<Evaluation, 'contestant' | 'id' | 'figures' | 'kind'>> & {
  id: number;
  kind?: Evaluation['contestant']['kind'];
  name?: string;
  value?: number;
  parameters?: number;
  output?: string;
  training?: Evaluation['contestant']['training'];
};

/** Average precision is `value`, five points wide on both sides. */
export function someEvaluation({ id, kind = 'encoder', name = 'Mine', value = 0.4, ...more }: SomeEvaluation): Evaluation {
  const { parameters = 10, output = 'embedding', training = null, ...rest } = more;
  return {
    id: id as Evaluation['id'],
    at: id,
    contestant: { kind, name, encoderId: null, architecture: 'sample-cnn', output, pooling: 'mean', dimensions: 512, parameters, training },
    ...{ dataset: 'magnatagatune', datasetTitle: 'MagnaTagATune', folder: '/sets/mtat', task: 'top50', taskTitle: 'Fifty tags' },
    ...{ kind: 'tags', split: 'pons', manifest: 'a', protocol: 'clmr', head: 'linear', seeds: [1], percent: 100, leftOut: 0, notes: [] },
    counts: { train: 10, validation: 5, test: 5 },
    figures: [
      { name: 'averagePrecision', value, low: value - 0.05, high: value + 0.05, each: [value] },
      { name: 'rocAuc', value: 0.8, low: null, high: null, each: [0.8] },
    ],
    ...{ labels: [], layers: null, scratch: null },
    chosen: { learningRate: 1, batch: 1, dropout: 0, isStandardised: false, epochs: 1, steps: 1 },
    ...{ isStandardised: false, seconds: 1 },
    ...rest,
  };
}
