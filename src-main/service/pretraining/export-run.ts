/** @file Writes what a run learnt, or how it went, to a file that other programs read. */
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { AppError, checkTarget, writeWhole } from '../../base/index.ts';
import { encoderMetadata, exportOnnx, writeSafetensorsFile } from '../../compute/index.ts';
import { createEncoder } from '../../learn/index.ts';
import type { StoredRun } from '../../store/index.ts';
import type { Tools } from '../tools.ts';
import { readCheckpoint } from './checkpoint-encoder.ts';
import { runHead } from './run-head.ts';

/** What to write. `clmr`: weights by CLMR's names; `onnx`: the encoder to run elsewhere; `run`: settings and curves. */
export type RunExport = { run: StoredRun; step: number; path: string; layout: 'clmr' | 'onnx' | 'run' };

/** How a file of each layout ends. */
const endings = { clmr: '.safetensors', onnx: '.onnx', run: '.json' } as const;
const allPoints = 100_000;

/** Writes a new file as a whole. @throws AppError BAD_INPUT for one that is there already, a relative path, or another ending; NOT_FOUND, FILE_GONE, NOT_ALLOWED, DISK_FULL */
export async function exportRun(tools: Tools, { run, step, path, layout }: RunExport): Promise<{ path: string; bytes: number }> {
  checkTarget(path, [endings[layout]]);
  if (existsSync(path)) throw new AppError('BAD_INPUT', `${path} is there already. Choose another name.`, { details: { path } });
  if (layout === 'run') await writeWhole(path, runDocument(tools, run), `write ${path}`);
  else await exportWeights(tools, { run, step, path, layout });
  const { size } = await stat(path);
  return { path, bytes: size };
}

async function exportWeights(tools: Tools, { run, step, path, layout }: RunExport): Promise<void> {
  const { settings, weights, projector, head: found } = await readCheckpoint(tools, run, step);
  const head = runHead(run, found)?.head;
  if (layout === 'onnx') return writeWhole(path, exportOnnx(createEncoder(settings), weights, head), `write ${path}`);
  const named = new Map(weights);
  for (const [name, array] of projector) named.set(`projector.${name}`, array);
  for (const [name, array] of head ?? []) named.set(name, array);
  const about = { ...encoderMetadata(settings), run: String(run.id), step: String(step), recipe: run.settings.recipe };
  await writeSafetensorsFile(path, named, about);
}

function runDocument({ store }: Tools, run: StoredRun): string {
  const { removedAt: _, jobId: __, ...told } = run;
  const document = { ...told, curves: store.runPoints.curves(run.id, allPoints) };
  return `${JSON.stringify(document, null, 2)}\n`;
}
