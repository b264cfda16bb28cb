/** @file Encoders that are dropped on the window: a bundle, a checkpoint, an ONNX file. */
import { countOf, shownName } from '../../lib/format.ts';
import { encoders, undo } from '../../state/app.svelte.ts';
import { queryFiles } from '../../state/retrieval.svelte.ts';

/** Whether a file's name is that of weights. */
export function isWeightsFile({ name }: Pick<File, 'name'>): boolean {
  return /\.(zip|onnx|ckpt|pt|pth|safetensors)$/i.test(name);
}

/** Brings a file to the core, which imports it as it would one that was chosen. */
export async function bringWeights(file: File): Promise<void> {
  undo.say(`“${shownName(file.name)}” is being read.`);
  const encoder = await queryFiles.bringFor(file, (fileId, signal) => encoders.importBrought(fileId, signal));
  if (encoder === null) return;
  const { tagSet, remarks } = encoder;
  const says = tagSet === null ? [] : [`Its head knows ${countOf(tagSet.labels.length, 'tag')} (${tagSet.name}).`];
  undo.say([`“${shownName(encoder.name)}” imported.`, ...says, ...remarks, 'Index the library to listen with it.'].join(' '));
}
