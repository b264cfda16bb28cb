/** @file Labelled embeddings for tests of heads. */
import { seededRandom } from '../../src-main/base/index.ts';
import type { heads } from '../../src-main/learn/index.ts';

type Size = { count: number; labels: number; groups: number };

/** Answers of which about half are yes, whatever the group, all of weight one. */
export function balancedAnswers({ count, labels, groups }: Size): Omit<heads.HeadExamples, 'embeddings' | 'dimensions'> {
  const random = seededRandom(count + labels);
  return {
    labels,
    answers: Uint8Array.from({ length: count * labels }, () => (random.uniform() < 0.5 ? 1 : 0)),
    weights: new Float32Array(count * labels).fill(1),
    groups: Int32Array.from({ length: count }, (_, row) => row % groups),
  };
}

/** Embeddings that lie to one side or the other for each label, with some noise. */
export function clusters({ dimensions, ...size }: Size & { dimensions: number }): heads.HeadExamples {
  const answers = balancedAnswers(size);
  const random = seededRandom(99);
  const directions = Float32Array.from({ length: size.labels * dimensions }, () => random.normal());
  const embeddings = new Float32Array(size.count * dimensions);
  for (let row = 0; row < size.count; row++)
    for (let dimension = 0; dimension < dimensions; dimension++) {
      let value = 0.5 * random.normal();
      for (let label = 0; label < size.labels; label++)
        value += (answers.answers[row * size.labels + label] === 1 ? 1 : -1) * (directions[label * dimensions + dimension] ?? 0);
      embeddings[row * dimensions + dimension] = value;
    }
  return { ...answers, dimensions, embeddings };
}

/** Examples whose group alone decides the label and the embedding: who knows the group knows all, and of a new group nothing. */
export function groupsThatDecide({ count, groups, dimensions }: { count: number; groups: number; dimensions: number }): heads.HeadExamples {
  const random = seededRandom(12);
  const centres = Float32Array.from({ length: groups * dimensions }, () => 3 * random.normal());
  const decides = Uint8Array.from({ length: groups }, (_, group) => group % 2);
  const groupOf = Int32Array.from({ length: count }, (_, row) => row % groups);
  return {
    dimensions,
    labels: 1,
    embeddings: Float32Array.from(
      { length: count * dimensions },
      (_, place) =>
        (centres[(groupOf[Math.floor(place / dimensions)] ?? 0) * dimensions + (place % dimensions)] ?? 0) + 0.3 * random.normal(),
    ),
    answers: Uint8Array.from(groupOf, (group) => decides[group] ?? 0),
    weights: new Float32Array(count).fill(1),
    groups: groupOf,
  };
}
