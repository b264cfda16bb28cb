/**
 * @file Probes by the papers' protocols. Their scores beside those of twins written in PyTorch (`probe.py`, run by `EARMARK_PYTHON`, else `.venv`), on timbre
 * statistics of a folder laid out as MagnaTagATune (`EARMARK_DATASET`) that a data directory (`EARMARK_DATA`) has evaluated something on: same embeddings,
 * first weights and orders, dropout of each one's own, means over three seeds. And how long CLMR's protocol takes at MagnaTagATune's full size.
 */
import type { BenchResult } from './bench-result.ts';
import { speedRows } from './probe-speed.ts';
import { twinRows } from './probe-twins.ts';

/** Measures; some minutes. */
export async function probeBench(): Promise<BenchResult> {
  return { name: 'probe', rows: [...(await twinRows()), ...(await speedRows())] };
}
