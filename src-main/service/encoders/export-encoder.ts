/** @file An encoder as files for others: a model's folder in Hugging Face's layout, a bundle for another library, ONNX, or safetensors. No audio, no names of files. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, extname, isAbsolute, join } from 'node:path';
import { AppError, temporaryPath, toAppError, writeWhole } from '../../base/index.ts';
import {
  bundleText,
  encoderMetadata,
  encodeSafetensors,
  encodeZip,
  exportOnnx,
  modelConfig,
  readEncoderWeights,
} from '../../compute/index.ts';
import type { EncoderId, EncoderLayout } from '../../contract/index.ts';
import { createEncoder } from '../../learn/index.ts';
import type { WeightArrays } from '../../learn/index.ts';
import type { StoredEncoder } from '../../store/index.ts';
import type { Tools } from '../tools.ts';
import { encoderCard } from './encoder-card.ts';
import { encoderSettings } from './encoder-settings.ts';
import { countNotes, notesOf } from './keep-notes.ts';
import { sharedHead } from './shared-head.ts';
import { baseOf } from './spaces.ts';
import type { SharedHead } from './shared-head.ts';

/** What to write, and where. `withHead`: its head, and the names of its tags, go along. */
export type EncoderExport = { encoderId: EncoderId; path: string; layout: EncoderLayout; withHead: boolean };

const endings: Record<Exclude<EncoderLayout, 'folder'>, string> = { bundle: '.zip', onnx: '.onnx', safetensors: '.safetensors' };

/** Writes new files as a whole. @throws AppError BAD_INPUT for a place that is taken, a relative path, or another ending; NOT_FOUND, WEIGHTS_UNREADABLE, DISK_FULL … */
export async function exportEncoder(
  tools: Tools,
  { encoderId, path, layout, withHead }: EncoderExport,
): Promise<{ path: string; bytes: number; files: string[] }> {
  checkPlace(path, layout);
  const { store } = tools;
  const encoder = baseOf(store, store.encoders.get(encoderId));
  const file = store.paths.weights(encoder.id);
  const weights = await readEncoderWeights(encoderSettings(encoder), { path: file, sha256: encoder.weightsSha256 });
  const head = withHead ? await sharedHead(tools, encoder) : null;
  const given = { encoder, weights, head };
  const members = layout === 'folder' || layout === 'bundle' ? membersOf(tools, given, layout) : new Map([['', singleOf(given, layout)]]);
  const bytes = [...members.values()].reduce((sum, one) => sum + one.byteLength, 0);
  const [only] = members.values();
  if (layout === 'folder') await writeFolder(path, members);
  else await writeWhole(path, layout === 'bundle' || only === undefined ? encodeZip(members) : only, `write ${path}`);
  return { path, bytes, files: [...members.keys()].filter((name) => name !== '') };
}

function checkPlace(path: string, layout: EncoderLayout): void {
  const ending = layout === 'folder' ? null : endings[layout];
  const wrong = path.includes('\0')
    ? 'A path has a character that no name can have.'
    : !isAbsolute(path)
      ? `${path} is not a whole path. Name it from its drive or root on.`
      : ending !== null && extname(path).toLowerCase() !== ending
        ? `${path} must end with ${ending} for this format.`
        : existsSync(path)
          ? `${path} is there already. Choose another name.`
          : null;
  if (wrong !== null) throw new AppError('BAD_INPUT', wrong, { details: { path } });
}

type Given = { encoder: StoredEncoder; weights: WeightArrays; head: SharedHead | null };

function singleOf({ encoder, weights, head }: Given, layout: 'onnx' | 'safetensors'): Uint8Array {
  const settings = encoderSettings(encoder);
  if (layout === 'onnx') return exportOnnx(createEncoder(settings), weights, head?.weights);
  return encodeSafetensors(new Map([...weights, ...(head?.weights ?? [])]), encoderMetadata(settings));
}

/** The files by their names. */
function membersOf(tools: Tools, { encoder, weights, head }: Given, layout: 'folder' | 'bundle'): Map<string, Uint8Array> {
  const text = (value: string): Uint8Array => new TextEncoder().encode(value);
  const json = (value: unknown): Uint8Array => text(`${JSON.stringify(value, null, 2)}\n`);
  const settings = encoderSettings(encoder);
  const { config, preprocessor } = modelConfig(settings);
  const told = head === null ? null : { title: head.title, labels: head.labels };
  const noted = notesOf(tools.store, encoder);
  const members = new Map<string, Uint8Array>([
    ['README.md', text(encoderCard(tools.store, encoder, { head, notes: countNotes(noted) }))],
    ['config.json', json(config)],
    ['preprocessor_config.json', json(preprocessor)],
    ['earmark.json', text(bundleText({ name: encoder.name, head: told, ...noted }, { settings, version: tools.codeVersion }))],
    ['model.safetensors', encodeSafetensors(weights, { ...encoderMetadata(settings), format: 'pt' })],
  ]);
  if (head !== null) members.set('head.safetensors', encodeSafetensors(head.weights, { format: 'pt' }));
  if (layout === 'bundle') return members;
  members.set('onnx/model.onnx', exportOnnx(createEncoder(settings), weights));
  if (head !== null && encoder.architecture !== 'onnx')
    members.set('onnx/model_with_head.onnx', exportOnnx(createEncoder(settings), weights, head.weights));
  return members;
}

/** Beside its place first, so that nobody finds half of it. @throws AppError of the file system */
async function writeFolder(path: string, members: ReadonlyMap<string, Uint8Array>): Promise<void> {
  const temporary = temporaryPath(path);
  try {
    await readdir(dirname(path));
    for (const [name, bytes] of members) {
      const file = join(temporary, ...name.split('/'));
      await mkdir(dirname(file), { recursive: true });
      await writeWhole(file, bytes, `write ${file}`);
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    throw toAppError(error, `write ${path}`);
  }
}
