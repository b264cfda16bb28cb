/** @file `tag train`, `tag suggest`, `tag apply`. */
import type { Command } from 'commander';
import { AppError } from '../../../base/index.ts';
import { asWellText, headArchitectures, spreadOf, spreadText } from '../../../contract/index.ts';
import type { EncoderId, Head, HeadArchitecture, HeadLabel, Interval, Suggestion } from '../../../contract/index.ts';
import type { Services } from '../../../service/index.ts';
import { table } from '../output.ts';
import { follow, runVerb, withServices } from '../session.ts';
import type { CommonOptions } from '../session.ts';
import { choice, count, probability, verb } from '../verb.ts';
import { spaceOf, withSpace } from './space-option.ts';
import type { SpaceOptions } from './space-option.ts';

/** Adds the verbs that learn tags and suggest them. */
export function addTagHeadVerbs(parent: Command): void {
  withSpace(verb(parent, 'train', 'Learn the tags from the tracks that carry them; takes seconds.'))
    .option('--head <kind>', `${headArchitectures.join(' or ')}`, choice(headArchitectures), 'logistic')
    .option('--group-by <what>', 'artist or album: what is never both learnt from and tested on', choice(['artist', 'album']), 'artist')
    .option('-t, --tags <tag...>', 'only these tags (default: all)')
    .action(async (options: TrainOptions) => train(options));
  withSpace(verb(parent, 'suggest', 'List the tracks that tags would fit, with the probability of each.'))
    .option('-t, --tags <tag...>', 'only these tags (default: all that were learnt)')
    .option('-n, --limit <number>', 'how many tracks a tag', count, 10)
    .option('--at-least <probability>', 'only from this probability on', probability, 0)
    .option('--published', 'the tags of the head that came with the encoder', false)
    .action(async (options: SuggestOptions) => suggest(options));
  withSpace(verb(parent, 'apply <tag>', 'Accept a tag for every track at or above a probability; `tag undo` takes it back.'))
    .requiredOption('--at-least <probability>', 'from this probability on', probability)
    .option('--published', 'a tag of the head that came with the encoder', false)
    .action(async (tag: string, options: ApplyOptions) => apply(tag, options));
}

type TrainOptions = CommonOptions & SpaceOptions & { head: HeadArchitecture; groupBy: 'artist' | 'album'; tags?: string[] };
type HeadOptions = CommonOptions & SpaceOptions & { published: boolean };
type SuggestOptions = HeadOptions & { tags?: string[]; limit: number; atLeast: number };
type ApplyOptions = HeadOptions & { atLeast: number };

async function train(options: TrainOptions): Promise<void> {
  await runVerb(options, (session) =>
    withServices(options, session, async (services) => {
      const encoder = spaceOf(services, options);
      const { head: architecture, groupBy } = options;
      const tagIds = options.tags?.map((text) => tagNamed(services, text).id);
      const job = services.heads.train({ encoderId: encoder.id, architecture, groupBy, tagIds });
      const { message } = await follow(services, session, job);
      const head = headOf(services, encoder.id, false);
      session.output.result({ ...head, tags: metricsOf(head) }, () => `${message}\n${metricsTable(head)}`);
    }),
  );
}

async function suggest(options: SuggestOptions): Promise<void> {
  await runVerb(options, (session) =>
    withServices(options, session, async (services) => {
      const encoder = spaceOf(services, options);
      const head = headOf(services, encoder.id, options.published);
      const labels = options.tags?.map((text) => services.heads.labelNamed(head, text)) ?? head.labels;
      const tags: TagSuggestions[] = [];
      const unlearnt = labels.filter(({ label }) => label === null);
      for (const { label, name, kind } of labels) {
        if (label === null) continue;
        const query = { headId: head.id, label, offset: 0, limit: options.limit, atLeast: options.atLeast, includeAnswered: false };
        const { rows } = await services.suggesting.tracks(query);
        tags.push({ name, kind, rows: rows.map((row) => ({ ...row, path: services.store.tracks.path(row.trackId) })) });
      }
      session.output.result({ tags, metrics: metricsOf(head) }, () => suggestionsText(tags, unlearnt));
    }),
  );
}

async function apply(text: string, options: ApplyOptions): Promise<void> {
  await runVerb(options, (session) =>
    withServices(options, session, async (services) => {
      const encoder = spaceOf(services, options);
      const head = headOf(services, encoder.id, options.published);
      const { label, name, message } = services.heads.labelNamed(head, text);
      if (label === null) throw new AppError('BAD_INPUT', unlearntText({ name, message }));
      const { change, tracks } = await services.suggesting.acceptAbove({ headId: head.id, label, atLeast: options.atLeast });
      session.output.result({ tag: name, tracks, change }, () =>
        tracks === 0 ? `No track is left at ${options.atLeast} or more.` : `${change?.title ?? name}. \`tag undo\` takes it back.`,
      );
    }),
  );
}

function tagNamed({ store }: Services, text: string): ReturnType<Services['store']['tags']['get']> {
  const tag = store.tags.findTyped(text);
  if (tag === null) throw new AppError('NOT_FOUND', `There is no tag “${text}”. List them with \`earmark tag list\`.`);
  return tag;
}

function headOf({ heads }: Services, encoderId: EncoderId, isPublished: boolean): Head {
  const head = heads.list(encoderId).find(({ source }) => (source === 'published') === isPublished);
  if (head !== undefined) return head;
  throw new AppError('NOT_FOUND', isPublished ? 'No head with tags came with this encoder.' : heads.unlearnt(encoderId));
}

/** What scripts get of each tag. */
function metricsOf(head: Head): unknown[] {
  return head.labels.map(({ name, kind, yes, no, groups, rocAuc, averagePrecision, chance, state, message, beside }) => ({
    ...{ name, kind, examples: yes, against: no, groups, state, message, chance },
    ...{ rocAuc: rocAuc?.value ?? null, rocAucInterval: endsOf(rocAuc) },
    averagePrecision: averagePrecision?.value ?? null,
    averagePrecisionInterval: endsOf(averagePrecision),
    beside: beside.map((one) => ({ name: one.name, rocAuc: one.rocAuc?.value ?? null, rocAucInterval: endsOf(one.rocAuc) })),
  }));
}

/** Null where it cannot be told. */
function endsOf(interval: Interval | null): [number, number] | null {
  const spread = interval === null ? null : spreadOf(interval);
  return spread === null ? null : [spread.low, spread.high];
}

function metricsTable(head: Head): string {
  const intervalText = (interval: Interval): string =>
    `${interval.value.toFixed(3)} (${spreadText(interval, { digits: 2, groupedBy: head.groupedBy ?? 'artist' })})`;
  const cells = head.labels.map(({ name, yes, no, rocAuc, averagePrecision, message }) => [
    ...[name, yes, no],
    ...(rocAuc === null || averagePrecision === null ? [message, ''] : [intervalText(rocAuc), intervalText(averagePrecision)]),
  ]);
  const notes = head.labels.flatMap((label) => {
    const text = asWellText(label);
    return text === '' ? [] : [`“${label.name}”: ${text}`];
  });
  return [table(['tag', 'for', 'against', 'ROC-AUC', 'average precision'], cells), ...notes].join('\n');
}

function unlearntText({ name, message }: Pick<HeadLabel, 'name' | 'message'>): string {
  return `“${name}” was not learnt. ${message}`;
}

/** The suggestions of each tag that was learnt, and why there are none of the others. */
export function suggestionsText(tags: readonly TagSuggestions[], unlearnt: readonly Pick<HeadLabel, 'name' | 'message'>[]): string {
  return [...tags.map(suggestionText), ...unlearnt.map(unlearntText)].join('\n\n');
}

type TagSuggestions = { name: string; kind: string; rows: (Suggestion & { path: string })[] };

function suggestionText({ name, kind, rows }: TagSuggestions): string {
  const cells = rows.map(({ probability: p, title, artist, segments }) => [
    ...[`${Math.round(100 * p)} %`, title, artist],
    segments.map(({ startMs }) => `${(startMs / 1000).toFixed(0)} s`).join(', '),
  ]);
  return `${kind === '' ? name : `${kind}: ${name}`}\n${table(['probability', 'title', 'artist', 'speaks for it'], cells)}`;
}
