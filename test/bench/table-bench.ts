/** @file The table's bench on the real core: a million rows, 512 columns, and what the core takes while the page moves about. */
import type { BenchResult } from './bench-result.ts';
import { millionSegments } from './million.ts';
import { serveReal } from '../support/serve-real.ts';
import { tableBench } from './table.ts';

/** Runs the table's bench against `serve` on a million synthetic segments. */
export async function realTableBench(): Promise<BenchResult> {
  const { directory } = millionSegments();
  const server = await serveReal(directory);
  let coreBytes = Number.NaN;
  const close = async (): Promise<void> => {
    coreBytes = server.memory();
    await server.close();
  };
  const { name, rows } = await tableBench({ serve: async () => ({ url: server.link, close }) });
  return { name, rows: [...rows, { what: 'memory of the core with this library', value: coreBytes / 1e6, unit: 'MB' }] };
}
