/** @file Heads in a file of a library: other people's, so that each is looked through before it may say anything here. */
import { readSafetensors } from '../../compute/index.ts';
import { fileLabelsSchema } from '../../contract/index.ts';
import type { LibraryFile } from '../../contract/index.ts';
import type { WeightArray } from '../../learn/index.ts';
import type { StoredLabel } from '../../store/index.ts';

type FileHead = LibraryFile['encoders'][number]['heads'][number];

/** A head that can be kept: its labels, whose tags are not known yet, and its weights as a file. */
export type ImportedHead = { labels: StoredLabel[]; tensors: Map<string, WeightArray>; bytes: Buffer };

/** The head; null where labels are none, or weights are not those of this kind of head over so many features. */
export async function readImportedHead({ architecture, labels, weights }: FileHead, features: number): Promise<ImportedHead | null> {
  const known = fileLabelsSchema.safeParse(labels.map((label) => ({ ...label, tagId: null })));
  const bytes = Buffer.from(weights, 'base64');
  const tensors = await readSafetensors(bytes, 'the head').then(
    (file) => file.tensors,
    () => new Map<string, WeightArray>(),
  );
  const hidden = tensors.get('hidden.weight')?.shape[0] ?? 0;
  const inputs = architecture === 'mlp' ? hidden : features;
  const layers = [
    ...(architecture === 'mlp'
      ? ([
          ['hidden.weight', [hidden, features]],
          ['hidden.bias', [hidden]],
        ] as const)
      : []),
    ['fc.weight', [labels.length, inputs]] as const,
    ['fc.bias', [labels.length]] as const,
  ];
  const fits = tensors.size === layers.length && layers.every(([name, shape]) => isOfShape(tensors.get(name), shape));
  const isPlaced = known.data?.every(({ label }, column) => label === null || label === column) === true;
  return fits && known.success && isPlaced ? { labels: known.data, tensors, bytes } : null;
}

function isOfShape(tensor: WeightArray | undefined, shape: readonly number[]): boolean {
  return tensor !== undefined && tensor.shape.join() === shape.join() && tensor.data.every((value) => Number.isFinite(value));
}
