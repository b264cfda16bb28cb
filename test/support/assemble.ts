/**
 * @file Assembles the scan's kernel: `node test/support/assemble.ts` writes the bytes of `src-main/store/neighbours/*.wat` beside them, as
 * `scan-bytes.ts`. A test compares that file with the text, so that neither is changed alone.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import wabt from 'wabt';
import { top } from './files.ts';

const folder = join(top, 'src-main/store/neighbours');

/** The file that holds the bytes. */
export const bytesPath = join(folder, 'scan-bytes.ts');

/** The text of that file as it should be. */
export async function assembledBytes(): Promise<string> {
  const plain = await assemble('scan.wat');
  const relaxed = await assemble('scan-relaxed.wat');
  return [
    '/** @file Generated from `scan.wat` and `scan-relaxed.wat` by `node test/support/assemble.ts`. */',
    '',
    '/** The module of `scan.wat`, base64. */',
    `export const plainBytes =\n${lines(plain)};`,
    '',
    '/** The module of `scan-relaxed.wat`, base64. */',
    `export const relaxedBytes =\n${lines(relaxed)};`,
    '',
  ].join('\n');
}

async function assemble(name: string): Promise<string> {
  const assembler = await wabt();
  const features = { simd: true, threads: true, bulk_memory: true, relaxed_simd: true };
  const module = assembler.parseWat(name, readFileSync(join(folder, name), 'utf8'), features);
  return Buffer.from(module.toBinary({}).buffer).toString('base64');
}

function lines(text: string): string {
  return (text.match(/.{1,120}/g) ?? []).map((line) => `  '${line}'`).join(' +\n');
}

if (import.meta.main) writeFileSync(bytesPath, await assembledBytes());
