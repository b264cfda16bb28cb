/** @file `top` and `embed`. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { AppError } from '../../../base/index.ts';
import { embeddingOutput, flatSentence, floatsFromBase64, hardlyDiffers, mostClearest, mostPerTrack } from '../../../contract/index.ts';
import type { EncoderId, SegmentRow } from '../../../contract/index.ts';
import { writeSafetensorsFile } from '../../../compute/index.ts';
import { embedFile, featureText } from '../../../service/index.ts';
import type { StoredEncoder } from '../../../store/index.ts';
import { sourceEntries } from '../../core.ts';
import { duration, table } from '../output.ts';
import { orBadUsage, runVerb, withServices } from '../session.ts';
import type { CommonOptions } from '../session.ts';
import { count, hop, verb, whole } from '../verb.ts';
import { printClearest } from './clearest.ts';
import { spaceOf, withSpace } from './space-option.ts';
import type { SpaceOptions } from './space-option.ts';

/** Adds the verbs that look at what encoders hear. */
export function addListenVerbs(program: Command): void {
  withSpace(verb(program, 'top', 'List the segments that a neuron responds to most.'))
    .option('-f, --feature <number>', 'the neuron, from 0', count)
    .option('-t, --tag <name>', 'instead of a neuron, a tag of the head that came with the encoder')
    .option('--clearest [number]', 'instead of one neuron, those that have the clearest sound and differ most (4)', count)
    .option('-n, --limit <number>', 'how many', count, 10)
    .option('--per-track <number>', 'of each track so many at most (default: all)', whole(1, mostPerTrack))
    .option('-s, --search <words>', 'only tracks in which every word occurs', '')
    .option('--ascending', 'smallest first', false)
    .action(async (options: TopOptions) => {
      if (orBadUsage(options, () => checkColumn(options)) === undefined) return;
      await (options.clearest === undefined ? top(options) : clearest(options, options.clearest === true ? fewClearest : options.clearest));
    });
  withSpace(
    verb(program, 'embed <file>', 'Encode one audio file, in the library or not, and print its embeddings, or what another output gives.'),
  )
    .option('--hop <samples>', 'samples from one segment’s start to the next’s (default: the segment’s length)', hop)
    .option('--device <id>', 'where to run', 'auto')
    .option('-o, --out <file>', 'write the embeddings to a safetensors file instead')
    .action(async (file: string, options: EmbedOptions) => embed(file, options));
}

type TopOptions = CommonOptions &
  SpaceOptions & {
    feature?: number;
    tag?: string;
    clearest?: number | true;
    limit: number;
    perTrack?: number;
    search: string;
    ascending: boolean;
  };
const fewClearest = 4;

/** A row of the document that `top` prints. */
type TopRow = Pick<SegmentRow, 'trackId' | 'title' | 'artist' | 'segment' | 'startMs' | 'labels'> & {
  rank: number;
  activation: number;
  path: string;
};
type EmbedOptions = CommonOptions & SpaceOptions & { hop?: number; device: string; out?: string };

async function top(options: TopOptions): Promise<void> {
  await runVerb(options, (session) =>
    withServices(options, session, async (services) => {
      const { listening, store } = services;
      const { search, limit, perTrack } = options;
      const chosen = spaceOf(services, options);
      const { encoder, feature, label } = columnOf(chosen, options, (id) => store.encoders.get(id));
      if (chosen.index === null) throw notIndexed(chosen);
      const sort = [{ feature, descending: !options.ascending }];
      const rows: TopRow[] = [];
      for (let offset = 0; offset < limit; offset += 1000) {
        const part = { offset, limit: Math.min(1000, limit - offset), ...(perTrack === undefined ? {} : { perTrack }) };
        const query = { encoderId: encoder.id, features: [feature], sort, search, ...part };
        const page = await listening.segments(query);
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
      const { minima, maxima, segments } = store.index.summary(encoder.id);
      const isFlat = label === null && segments > 1 && hardlyDiffers(minima[feature] ?? 0, maxima[feature] ?? 0);
      const warning = isFlat ? flatSentence(`Values of feature ${feature}`) : null;
      const { space, baseEncoderId } = encoder;
      const about = space === null ? { encoder: encoder.id, output: embeddingOutput } : { encoder: baseEncoderId, ...space };
      session.output.result({ ...about, feature, rows, warning }, () => {
        const text = featureText(store, encoder, feature);
        const heading = `${label ?? `Neuron ${feature}`} of ${chosen.name}${text === '' ? '' : `: ${text}`}`;
        return `${warning === null ? '' : `${warning}\n`}${heading}\n${topTable(rows)}`;
      });
    }),
  );
}

function topTable(rows: readonly TopRow[]): string {
  const cells = rows.map(({ rank, activation, title, artist, segment, startMs, labels }) => [
    ...[rank, activation.toFixed(3), title, artist, segment, duration(startMs / 1000), labels.join(', ')],
  ]);
  return table(['rank', 'activation', 'title', 'artist', 'segment', 'at', 'labels'], cells);
}

async function clearest(options: TopOptions, count: number): Promise<void> {
  await runVerb(options, (session) =>
    withServices(options, session, async (services) => {
      const chosen = spaceOf(services, options);
      if (chosen.index === null) throw notIndexed(chosen);
      await printClearest(services, { chosen, count, output: session.output });
    }),
  );
}

/** What is sorted by: a feature of the encoder, or a tag of its tag set. @throws AppError BAD_INPUT */
function columnOf(
  chosen: StoredEncoder,
  { feature, tag }: Pick<TopOptions, 'feature' | 'tag'>,
  get: (id: EncoderId) => StoredEncoder,
): { encoder: StoredEncoder; feature: number; label: string | null } {
  if (tag === undefined) return { encoder: chosen, feature: feature ?? 0, label: null };
  const labels = chosen.tagSet?.labels ?? [];
  const column = labels.findIndex((label) => label.toLowerCase() === tag.toLowerCase());
  if (chosen.tagSet === null) throw new AppError('BAD_INPUT', `No head with tags came with ${chosen.name}; sort by a neuron with -f.`);
  if (column < 0) throw new AppError('BAD_INPUT', `${chosen.tagSet.name} has no tag “${tag}”. It has: ${labels.join(', ')}.`);
  return { encoder: get(chosen.tagSet.encoderId), feature: column, label: labels[column] ?? null };
}

function checkColumn({ feature, tag, clearest }: TopOptions): true {
  const isMany = typeof clearest === 'number' && (clearest < 1 || clearest > mostClearest);
  if (isMany) throw new AppError('BAD_INPUT', `Ask for 1 to ${mostClearest} neurons with --clearest.`);
  if ([feature, tag, clearest].filter((given) => given !== undefined).length === 1) return true;
  throw new AppError('BAD_INPUT', 'Name a neuron with -f, or a tag with -t, or ask for the clearest neurons with --clearest.');
}

async function embed(file: string, options: EmbedOptions): Promise<void> {
  await runVerb(options, (session) =>
    withServices(options, session, async ({ encoders, store }) => {
      const encoder = encoders.computing((options.encoder ?? null) as EncoderId | null, options.output);
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
      const space = encoder.space ?? { output: embeddingOutput };
      const about = {
        encoder: encoder.baseEncoderId ?? encoder.id,
        ...space,
        path,
        durationMs,
        segments,
        dimensions,
        hopMs,
        truncated,
        message: reason,
      };
      if (options.out !== undefined) {
        const tensors = new Map([['embeddings', { shape: [segments, dimensions], data: embeddings }]]);
        await writeSafetensorsFile(resolve(options.out), tensors, { path, hopMs: String(hopMs), encoder: encoder.name, ...space });
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
      // The same whatever is asked for; scripts of before feature spaces read rows.
      const before = options.output === undefined ? { rows } : {};
      session.output.result({ ...about, embeddings: rows.map(({ embedding }) => embedding), ...before }, () =>
        rows.map((row) => row.embedding.map((value) => value.toPrecision(6)).join('\t')).join('\n'),
      );
    }),
  );
}

function notIndexed({ id, name }: StoredEncoder): AppError {
  const says = `${name} is not indexed yet, so there are no segments to list.`;
  return new AppError('NOT_FOUND', `${says} Run \`earmark index --encoder ${id}\`.`, { details: { encoderId: id } });
}
