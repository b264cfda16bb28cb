/**
 * @file The lists of Pons's musicnn: `index_*.tsv` (id, path), `{train,val,test}_gt_*.tsv` (id, answers in brackets) and `output_labels_*.txt` (the order of
 * the labels), https://github.com/jordipons/musicnn-training
 */
import { AppError } from '../base/index.ts';
import type { DatasetFolder, Part } from './dataset.ts';
import { rowsOf } from './delimited.ts';
import { pythonNumbers, pythonStrings } from './python-list.ts';

/** A clip as the lists name it; its path is empty where the index lacks it. */
export type ListedClip = { id: string; path: string; part: Part; answers: readonly number[] };

/** Files of one data set. `suffix`: `mtt` or `msd`. */
export type ListWish = { suffix: 'mtt' | 'msd'; labels: readonly string[] };

const listsOf = { train: 'train', validation: 'val', test: 'test' } as const;
const partsInOrder = ['train', 'validation', 'test'] as const;

/** @returns null where there is no index @throws AppError BAD_INPUT for a list that is not there, and for rows of another form */
export async function readPonsLists(folder: DatasetFolder, { suffix, labels }: ListWish): Promise<ListedClip[] | null> {
  const index = `index_${suffix}.tsv`;
  const indexed = await folder.pieces(index);
  if (indexed === null) return null;
  const paths = new Map<string, string>();
  for await (const { first, second } of pairsIn(indexed, index)) paths.set(first, second);
  const clips: ListedClip[] = [];
  const known = new Map<string, readonly number[]>();
  for (const part of partsInOrder) {
    const path = `${listsOf[part]}_gt_${suffix}.tsv`;
    const pieces = await folder.pieces(path);
    if (pieces === null)
      throw new AppError('BAD_INPUT', `There is ${index} and no ${path}. Bring all of Pons’s lists.`, { details: { path } });
    for await (const { first: id, second, line } of pairsIn(pieces, path)) {
      const answers = known.get(second) ?? answersIn(second, { path, line, count: labels.length });
      known.set(second, answers);
      clips.push({ id, path: paths.get(id) ?? '', part, answers });
    }
  }
  return clips;
}

type Pair = { first: string; second: string; line: number };

async function* pairsIn(pieces: AsyncIterable<string>, path: string): AsyncGenerator<Pair, void> {
  for await (const { line, cells } of rowsOf(pieces, { delimiter: '\t', isQuoted: false })) {
    const [first, second] = cells;
    if (first === undefined || second === undefined || cells.length !== 2)
      throw new AppError('BAD_INPUT', `Line ${line} of ${path} has ${cells.length} cells in place of 2. It may have been cut.`);
    yield { first, second, line };
  }
}

/** NaN stays: a clip whose answers are no numbers is left out later, and named. */
function answersIn(text: string, { path, line, count }: { path: string; line: number; count: number }): readonly number[] {
  const numbers = pythonNumbers(text.replace(/\bnan\b/g, '-1'));
  if (numbers?.length === count) return numbers;
  throw new AppError('BAD_INPUT', `Line ${line} of ${path} has no list of ${count} numbers.`, { details: { path, line } });
}

/**
 * Compares the order of labels that lies beside the tables with the one that figures go by; capitals make no difference.
 * @throws AppError BAD_INPUT where they differ: a head would learn one tag under another one’s name
 */
export async function checkLabelOrder(folder: DatasetFolder, { suffix, labels }: ListWish): Promise<void> {
  const path = `output_labels_${suffix}.txt`;
  const text = await folder.readText(path);
  if (text === null) return;
  const list = /\[[^[\]]*\]/.exec(text);
  const found = list === null ? null : pythonStrings(list[0]);
  if (found === null) throw new AppError('BAD_INPUT', `${path} holds no list of labels in brackets.`, { details: { path } });
  const same = (at: number): boolean => found[at]?.toLowerCase() === labels[at]?.toLowerCase();
  const place = Array.from({ length: Math.max(found.length, labels.length) }, (_, at) => at).find((at) => !same(at));
  if (place === undefined) return;
  const says = `its label ${place + 1} is “${found[place] ?? 'none'}”, and “${labels[place] ?? 'none'}” is published`;
  throw new AppError('BAD_INPUT', `${path} has another order of labels: ${says}. Answers would be taken for other labels’.`);
}
