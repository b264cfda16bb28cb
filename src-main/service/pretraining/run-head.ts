/** @file The head that a run learnt beside its encoder, as other heads are: each of its outputs is a probability after a sigmoid. */
import type { WeightArray, WeightArrays } from '../../learn/index.ts';
import type { StoredRun } from '../../store/index.ts';
import type { NamedHead } from '../encoders/tag-set.ts';

/** A run's head with the names of its labels; null where there is none. */
export function runHead({ settings, name }: Pick<StoredRun, 'settings' | 'name'>, head: WeightArrays): NamedHead | null {
  const { labels, objective } = settings;
  if (labels === null || head.get('fc.weight')?.shape[0] !== labels.names.length) return null;
  return {
    head: objective.kind === 'cross-entropy' ? againstOthers(head) : head,
    title: name,
    labels: labels.names,
    ...(labels.from.kind === 'tags' && labels.from.tagIds.length === labels.names.length ? { tagIds: labels.from.tagIds } : {}),
  };
}

/** Each class against the mean of the others: of two classes the sigmoid is the softmax, and of more an offset of all has no effect either. */
function againstOthers(head: WeightArrays): Map<string, WeightArray> {
  const rows = head.get('fc.weight')?.shape[0] ?? 0;
  const relative = ({ shape, data }: WeightArray): WeightArray => {
    const width = data.length / rows;
    const sums = Float64Array.from({ length: width }, (_, at) => {
      let sum = 0;
      for (let row = 0; row < rows; row++) sum += data[row * width + at] ?? 0;
      return sum;
    });
    return { shape, data: data.map((value, place) => (value * rows - (sums[place % width] ?? 0)) / (rows - 1)) };
  };
  return new Map([...head].map(([name, array]) => [name, name.startsWith('fc.') ? relative(array) : array]));
}
