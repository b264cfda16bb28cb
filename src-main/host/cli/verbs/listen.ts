/** @file `top` and `embed`. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { floatsFromBase64 } from '../../../contract/index.ts';
import type { EncoderId, SegmentRow } from '../../../contract/index.ts';
import { writeSafetensorsFile } from '../../../compute/index.ts';
import { embedFile } from '../../../service/index.ts';
import { sourceEntries } from '../../core.ts';
import { duration, table } from '../output.ts';
import { runVerb, withServices } from '../session.ts';
import type { CommonOptions } from '../session.ts';
import { count, verb } from '../verb.ts';

/** Adds the verbs that look at what encoders hear. */
export function addListenVerbs(program: Command): void {
  verb(program, 'top', 'List the segments that a feature responds to most.')
    .requiredOption('-f, --feature <number>', 'the feature, from 0', count)
    .option('-n, --limit <number>', 'how many', count, 10)
    .option('-e, --encoder <id>', 'the encoder (default: the chosen one)', count)
    .option('-s, --search <words>', 'only tracks in which every word occurs', '')
    .option('--ascending', 'smallest first', false)
    .action(async (options: TopOptions) => top(options));
  verb(program, 'embed <file>', 'Encode one audio file, in the library or not, and print its embeddings.')
    .option('-e, --encoder <id>', 'the encoder (default: the chosen one)', count)
    .option('--hop <samples>', 'samples from one segment’s start to the next’s (default: the segment’s length)', count)
    .option('--device <id>', 'where to run', 'auto')
    .option('-o, --out <file>', 'write the embeddings to a safetensors file instead')
    .action(async (file: string, options: EmbedOptions) => embed(file, options));
}

type TopOptions = CommonOptions & { feature: number; limit: number; encoder?: number; search: string; ascending: boolean };
/** A row of the document that `top` prints. */
type TopRow = Pick<SegmentRow, 'trackId' | 'title' | 'artist' | 'segment' | 'startMs' | 'labels'> & {
  rank: number;
  activation: number;
  path: string;
};
type EmbedOptions = CommonOptions & { encoder?: number; hop?: number; device: string; out?: string };

async function top(options: TopOptions): Promise<void> {
  await runVerb(options, (session) =>
    withServices(options, session, async ({ encoders, listening, store }) => {
      const { feature, search, limit } = options;
      const encoder = encoders.resolve((options.encoder ?? null) as EncoderId | null);
      const sort = [{ feature, descending: !options.ascending }];
      const rows: TopRow[] = [];
      for (let offset = 0; offset < limit; offset += 1000) {
        const query = { encoderId: encoder.id, features: [feature], sort, search, offset, limit: Math.min(1000, limit - offset) };
        const page = listening.segments(query);
        const values = floatsFromBase64(page.values);
        for (const [i, { trackId, title, artist, segment, startMs, labels }] of page.rows.entries())
          rows.push({
            rank: offset + i + 1,
            activation: values[i] ?? 0,
            trackId,
            path: store.tracks.path(trackId),
            title,
            artist,
            segment,
            startMs,
            labels,
          });
        if (page.rows.length === 0) break;
      }
      session.output.result({ encoder: encoder.id, feature, rows }, () => {
        const cells = rows.map((row) => [
          row.rank,
          row.activation.toFixed(3),
          row.title,
          row.artist,
          row.segment,
          duration(row.startMs / 1000),
          row.labels.join(', '),
        ]);
        const note = store.notes.list(encoder.id).find((one) => one.feature === feature)?.text;
        const heading = `Feature ${feature} of ${encoder.name}${note === undefined ? '' : `: ${note}`}`;
        return `${heading}\n${table(['rank', 'activation', 'title', 'artist', 'segment', 'at', 'labels'], cells)}`;
      });
    }),
  );
}

async function embed(file: string, options: EmbedOptions): Promise<void> {
  await runVerb(options, (session) =>
    withServices(options, session, async ({ encoders, store }) => {
      const encoder = encoders.resolve((options.encoder ?? null) as EncoderId | null);
      const path = resolve(file);
      const embedded = await embedFile({
        store,
        entries: sourceEntries,
        encoder,
        path,
        hopSamples: options.hop ?? encoder.cropSamples,
        device: options.device,
        signal: session.interrupted,
      });
      const { embeddings, segments, hopMs, durationMs, truncated, reason } = embedded;
      const { dimensions } = encoder;
      const about = { encoder: encoder.id, path, durationMs, segments, dimensions, hopMs, truncated, message: reason };
      if (options.out !== undefined) {
        const tensors = new Map([['embeddings', { shape: [segments, dimensions], data: embeddings }]]);
        await writeSafetensorsFile(resolve(options.out), tensors, { path, hopMs: String(hopMs), encoder: encoder.name });
        session.output.result(
          { ...about, out: resolve(options.out) },
          () => `${segments} × ${dimensions} embeddings written to ${options.out}.`,
        );
        return;
      }
      const rows = Array.from({ length: segments }, (_, segment) => ({
        segment,
        startMs: segment * hopMs,
        embedding: [...embeddings.subarray(segment * dimensions, (segment + 1) * dimensions)],
      }));
      session.output.result({ ...about, rows }, () =>
        rows.map((row) => row.embedding.map((value) => value.toPrecision(6)).join('\t')).join('\n'),
      );
    }),
  );
}
