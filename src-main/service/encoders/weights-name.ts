/** @file Which files are taken for weights by their names, before anybody looks into them. */
import { extname } from 'node:path';

/** Endings of files of weights. */
export const weightsEndings: ReadonlySet<string> = new Set(['.ckpt', '.pt', '.pth', '.bin', '.safetensors', '.zip', '.onnx']);

/** Whether a file's name ends as those of weights do. */
export function isWeightsName(name: string): boolean {
  return weightsEndings.has(extname(name).toLowerCase());
}
