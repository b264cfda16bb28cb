/** @file Reads what `make-values.py` and `make-sox-values.ts` wrote, and compares with it. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { checkParity } from '../../src-main/compute/parity-check.ts';

/** Path of a file of values. */
export function valuesPath(file: string): string {
  return fileURLToPath(new URL(`values/${file}`, import.meta.url));
}

/** A file of values; its shape is what the script that wrote it says. */
export function readValues<T>(name: string): T {
  return JSON.parse(readFileSync(valuesPath(`${name}.json`), 'utf8')) as T;
}

/** Expects max|a − b| / max|b| of at most the tolerance; where all that is expected is zero, zeros. */
export function expectNear(name: string, { ours, reference, tolerance }: Omit<Parameters<typeof checkParity>[1], 'name'>): void {
  if (Array.from(reference).every((value) => value === 0)) expect(Array.from(ours, Math.abs), name).toEqual(Array.from(reference));
  else expect(checkParity('values', { name, ours, reference, tolerance })).toMatchObject({ ok: true });
}
