/** @file A whole file as one array, and folders for tests' own files. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeMono } from '../../src-main/audio/index.ts';
import type { DecodeOptions, DecodeSummary } from '../../src-main/audio/index.ts';
import { AppError } from '../../src-main/base/index.ts';

/** Everything that decoding gives, put together. */
export type Decoded = { samples: Float32Array; blockLengths: number[]; summary: DecodeSummary };

/** Decodes a file from one end to the other. */
export function decodeAll(path: string, options: DecodeOptions): Decoded {
  const blocks: Float32Array[] = [];
  const decoding = decodeMono(path, options);
  for (let step = decoding.next(); ; step = decoding.next()) {
    if (step.done === true) return { samples: joinBlocks(blocks), blockLengths: blocks.map((block) => block.length), summary: step.value };
    blocks.push(step.value);
  }
}

/** Blocks end to end. */
export function joinBlocks(blocks: readonly Float32Array[]): Float32Array {
  const samples = new Float32Array(blocks.reduce((sum, block) => sum + block.length, 0));
  let at = 0;
  for (const block of blocks) {
    samples.set(block, at);
    at += block.length;
  }
  return samples;
}

/** The largest distance between two arrays, and their lengths' difference counted as infinite. */
export function largestDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs((a[i] ?? 0) - (b[i] ?? 0)));
  return largest;
}

/** The error that something throws; fails the test when it throws none, or one without a code. */
export function errorOf(run: () => unknown): AppError {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('Nothing was thrown.');
}

/** A new folder for a test file. */
export function makeFolder(): { path: (name: string) => string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'earmark-test-'));
  return { path: (name) => join(folder, name), remove: () => rmSync(folder, { recursive: true, force: true }) };
}
