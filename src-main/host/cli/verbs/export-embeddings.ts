/** @file `export embeddings`. */
import { countOf } from '../../../base/index.ts';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { EncoderId, JobProgress } from '../../../contract/index.ts';
import { exportEmbeddings } from '../../../service/index.ts';
import { runVerb, version, withServices } from '../session.ts';
import type { CommonOptions } from '../session.ts';
import { choice, verb } from '../verb.ts';
import { withSpace } from './space-option.ts';
import type { SpaceOptions } from './space-option.ts';

const levels = ['tracks', 'segments'] as const;

type EmbeddingsOptions = CommonOptions & SpaceOptions & { out: string; level: (typeof levels)[number]; raw: boolean };

/** Adds `embeddings` to `export`. */
export function addEmbeddingsExport(exporting: Command): void {
  withSpace(verb(exporting, 'embeddings', 'Write the library’s embeddings: Parquet, or .npy with a .json beside it.'))
    .requiredOption('-o, --out <file>', 'a new file that ends with .parquet or .npy')
    .option('--level <name>', 'segments, or whole tracks (the mean of their segments)', choice(levels), 'segments')
    .option(
      '--raw',
      'the numbers as the encoder gave them; else less the library’s mean and of length 1, as similar music is searched',
      false,
    )
    .action(async (options: EmbeddingsOptions) => embeddings(options));
}

async function embeddings({ out, encoder, output, level, raw, ...options }: EmbeddingsOptions): Promise<void> {
  await runVerb(options, (session) =>
    withServices(options, session, async ({ store, encoders, neighbours }) => {
      const { id: encoderId } = encoders.resolve((encoder ?? null) as EncoderId | null, output);
      const onProgress = (done: number, total: number): void => session.output.progress('Export', progressOf(done, total));
      const parts = { store, version: version(), signal: session.interrupted, onProgress };
      const written = await exportEmbeddings(parts, { encoderId, path: resolve(out), level, space: raw ? null : neighbours });
      const { about, tracks, files, bytes } = written;
      session.output.result(
        { encoder: encoderId, level, raw, tracks, rows: about.rows, dimensions: about.dimensions, files, bytes },
        () => {
          const what = `${about.rows} × ${about.dimensions} embeddings of ${countOf(tracks, 'track')}`;
          return `${what} written to ${files.join(' and ')} (${(bytes / 1e6).toFixed(1)} MB).`;
        },
      );
    }),
  );
}

function progressOf(done: number, total: number): JobProgress {
  return { done, total, unit: 'tracks', audioSeconds: 0, rate: 0, secondsLeft: null, detail: '', failed: 0 };
}
