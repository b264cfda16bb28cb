/**
 * @file Imports files that PyTorch, torchvision, transformers and onnx wrote, compares what Earmark embeds with what those computed, exports, and has them
 * read that back; prints a table, and ends with 1 where a figure lies above its limit or a bad file was taken. Needs a Python with the packages that
 * `foreign.py` names (`EARMARK_PYTHON`). Run: node test/parity/foreign.ts [FOLDER]
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

type Case = {
  what: string;
  path: string;
  head?: string;
  options?: string[];
  wave?: string;
  embeddings?: number[][];
  layers?: Record<string, number[][]>;
  logits?: number[][];
  tolerance?: number;
  /** A pattern that the sentence of the refusal has. */
  refused?: string;
};
type Answer = { code: number; document: Record<string, unknown> };

const folder = process.argv[2] ?? mkdtempSync(join(tmpdir(), 'earmark-foreign-'));
const python = process.env['EARMARK_PYTHON'] ?? 'python3';
const script = fileURLToPath(new URL('foreign.py', import.meta.url));
const program = fileURLToPath(new URL('../../src-main/host/cli/main.ts', import.meta.url));
/** A library for each file: weights that are known already would not be imported again. */
let data = '';
let failures = 0;

function run(file: string, args: readonly string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(file, [...args], { maxBuffer: 2 ** 28 }, (error, stdout, stderr) => {
      if (error !== null && file === python) process.stderr.write(stderr);
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: stdout });
    });
  });
}

async function earmark(...args: string[]): Promise<Answer> {
  const { code, output } = await run(process.execPath, [program, ...args, '--data', data, '--json']);
  return { code, document: JSON.parse(output) as Record<string, unknown> };
}

/** The largest difference, as a part of the largest value. */
function difference(found: readonly (readonly number[])[], expected: readonly (readonly number[])[]): number {
  const [a, b] = [found.flat(), expected.flat()];
  if (a.length !== b.length) return Infinity;
  const most = b.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - (b[i] ?? NaN))), 0) / most;
}

function tell(what: string, figure: number, limit: number): void {
  const isGood = figure <= limit;
  if (!isGood) failures++;
  console.log(`| ${what} | ${figure.toExponential(1)} | ${limit} | ${isGood ? 'ok' : 'WRONG'} |`);
}

async function refuse(one: Case, args: string[]): Promise<void> {
  const before = (await earmark('encoders')).document;
  const { code, document } = await earmark(...args);
  const says = (document['error'] as { message?: string } | undefined)?.message ?? 'taken';
  const isGood =
    code === 1 &&
    new RegExp(one.refused ?? '').test(says) &&
    JSON.stringify((await earmark('encoders')).document) === JSON.stringify(before);
  if (!isGood) failures++;
  console.log(`| ${one.what} | ${says} | | ${isGood ? 'ok' : 'WRONG'} |`);
}

type Exported = Case & { exported: string; layout: string };

async function take(one: Case, args: string[]): Promise<Exported[]> {
  const imported = await earmark(...args);
  if (imported.code !== 0) {
    failures++;
    console.log(`| ${one.what} | ${JSON.stringify(imported.document)} | | WRONG |`);
    return [];
  }
  const encoder = String((imported.document['encoder'] as { id: number }).id);
  const embed = async (...more: string[]): Promise<number[][]> =>
    (await earmark('embed', join(folder, one.wave ?? ''), '--encoder', encoder, '--device', 'cpu', ...more)).document[
      'embeddings'
    ] as number[][];
  const limit = one.tolerance ?? 0;
  tell(one.what, difference(await embed(), one.embeddings ?? []), limit);
  for (const [layer, expected] of Object.entries(one.layers ?? {}))
    tell(`${one.what}, ${layer}`, difference(await embed('--output', layer), expected), limit);
  const exported: Exported[] = [];
  for (const layout of one.options === undefined ? ['folder', 'onnx'] : []) {
    const path = join(data, layout === 'onnx' ? 'out.onnx' : 'out');
    const written = await earmark('export', 'encoder', path, '--encoder', encoder, '--layout', layout);
    if (written.code === 0) exported.push({ ...one, layout, exported: path });
    else {
      failures++;
      console.log(`| ${one.what}, export as ${layout} | ${JSON.stringify(written.document)} | | WRONG |`);
    }
  }
  return exported;
}

if ((await run(python, [script, 'make', folder])).code !== 0) throw new Error('The files could not be made.');
const cases = JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8')) as Case[];
console.log('| file | largest relative difference, or what is said | limit | |\n|---|---|---|---|');
const exported: Exported[] = [];
for (const [index, one] of cases.entries()) {
  data = join(folder, 'data', String(index));
  const head = one.head === undefined ? [] : ['--head', join(folder, one.head)];
  const args = ['import', 'weights', join(folder, one.path), ...head, ...(one.options ?? [])];
  if (one.refused === undefined) exported.push(...(await take(one, args)));
  else await refuse(one, args);
}
writeFileSync(join(folder, 'exported.json'), JSON.stringify(exported));
const read = await run(python, [script, 'read', folder]);
if (read.code !== 0) throw new Error('What was exported could not be read.');
const results = JSON.parse(read.output) as { what: string; layout: string; differences: Record<string, number> }[];
for (const { what, layout, differences } of results)
  for (const [name, figure] of Object.entries(differences)) tell(`${what}, exported as ${layout}: ${name}`, figure, 1e-3);
process.exitCode = failures === 0 ? 0 : 1;
