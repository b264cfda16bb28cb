/** @file `similar`, `path`, `radio`. */
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { AppError } from '../../../base/index.ts';
import {
  allHardlyDiffer,
  flatSentence,
  mostStrength,
  similarQuerySchema,
  trackFilterSchema,
  usualStrength,
} from '../../../contract/index.ts';
import type { EncoderId, PathStep, QueryItem, SimilarRow } from '../../../contract/index.ts';
import { featureText } from '../../../service/index.ts';
import type { Services } from '../../../service/index.ts';
import type { Output } from '../output.ts';
import { duration, table } from '../output.ts';
import { orBadUsage, runVerb, withServices } from '../session.ts';
import type { CommonOptions, Session } from '../session.ts';
import { count, probability, verb } from '../verb.ts';
import { spaceOf, withSpace } from './space-option.ts';
import type { SpaceOptions } from './space-option.ts';
import { exampleItem, tagNamed } from './example-item.ts';

/** Adds the verbs that find music by example. */
export function addSimilarVerbs(program: Command): void {
  const similar = verb(
    program,
    'similar [examples...]',
    'List what is like some examples: tracks (path or number), other audio files, tag:NAME.',
  )
    .option(
      '--concept <concepts...>',
      'more of a concept that was learnt of the space: N, or N:STRENGTH (0.5 where it is not said)',
      directions,
    )
    .option('--neuron <neurons...>', 'more of what a neuron hears: N, or N:STRENGTH', directions)
    .option('--concepts <id>', 'whose concepts are meant (default: those that were learnt last)', count)
    .option('-n, --limit <number>', 'how many', limit, 10)
    .option('--segments', 'the best matching passage of every track instead of whole tracks', false)
    .option('--less <examples...>', 'and unlike these')
    .option('--mute <neurons>', 'leave neurons out of the comparison, for example 3,17', neurons, []);
  withFilter(similar)
    .option('--per-album <number>', 'at most so many of an album', limit)
    .option('--duplicates', 'also other copies of the same recording', false)
    .option('--exact', 'compare segments one by one, also in a large library', false)
    .action(async (examples: string[], options: SimilarOptions) => findSimilar(examples, options));
  withFilter(verb(program, 'path <from> <to>', 'Go from one track to another in small steps.'))
    .option('--steps <number>', 'tracks, both ends included', count, 8)
    .action(async (from: string, to: string, options: PathOptions) => path(from, to, options));
  withFilter(verb(program, 'radio <seeds...>', 'List what could be played after some tracks.'))
    .option('-n, --limit <number>', 'how many', limit, 20)
    .option('--diversity <share>', 'from 0, as near as possible, to 1, as varied as possible', probability, 0.3)
    .option('--seed <number>', 'another number gives another list', count, 1)
    .action(async (seeds: string[], options: RadioOptions) => radio(seeds, options));
}

type Direction = { number: number; strength: number };
type Years = { least?: number; most?: number };
type FilterOptions = CommonOptions &
  SpaceOptions & {
    tag?: string[];
    withoutTag?: string[];
    genre?: string[];
    years?: Years;
    search: string;
    perArtist?: number;
  };
type SimilarOptions = FilterOptions & {
  limit: number;
  concept?: Direction[];
  neuron?: Direction[];
  concepts?: number;
  segments: boolean;
  less?: string[];
  mute: number[];
  perAlbum?: number;
  duplicates: boolean;
  exact: boolean;
};
type PathOptions = FilterOptions & { steps: number };
type RadioOptions = FilterOptions & { limit: number; diversity: number; seed: number };

function withFilter(command: Command): Command {
  return withSpace(command)
    .option('--tag <names...>', 'only tracks that carry all of these tags')
    .option('--without-tag <names...>', 'only tracks that carry none of these tags')
    .option('--genre <genres...>', 'only tracks of one of these genres')
    .option('--years <range>', 'only tracks of these years: 1970-1979, 1970-, -1979 or 1975', years)
    .option('-s, --search <words>', 'only tracks in which every word occurs', '')
    .option('--per-artist <number>', 'at most so many of an artist', limit);
}

function limit(text: string): number {
  const number = count(text);
  if (number < 1 || number > 1000) throw new InvalidArgumentError('It must be a whole number from 1 to 1000.');
  return number;
}

/** `12`, `12:0.5`; the option may be given again. */
function directions(text: string, before: readonly Direction[] = []): Direction[] {
  const [, number, strength] = /^(\d{1,5})(?::(\d{1,2}(?:\.\d+)?))?$/.exec(text.trim()) ?? [];
  const own = strength === undefined ? usualStrength : Number(strength);
  if (number === undefined || !(own > 0 && own <= mostStrength))
    throw new InvalidArgumentError(`It must be a number, or a number and a strength up to ${mostStrength}: 12, 12:0.5.`);
  return [...before, { number: Number(number), strength: own }];
}

function neurons(text: string): number[] {
  return text.split(',').map((one) => count(one.trim()));
}

function years(text: string): Years {
  const found = /^(\d{1,4})?\s*(-)?\s*(\d{1,4})?$/.exec(text.trim());
  const [, least, dash, most] = found ?? [];
  if ((least ?? most) === undefined || (dash === undefined && most !== undefined))
    throw new InvalidArgumentError('It must be like 1970-1979, 1970-, -1979 or 1975.');
  const last = dash === undefined ? least : most;
  return { ...(least === undefined ? {} : { least: Number(least) }), ...(last === undefined ? {} : { most: Number(last) }) };
}

/** What a verb of this file works with. */
type Asking = { services: Services; session: Session; encoderId: EncoderId; items(texts: readonly string[]): Promise<QueryItem[]> };

async function asking(options: FilterOptions, work: (asking: Asking) => Promise<void>): Promise<void> {
  await runVerb(options, (session) =>
    withServices(options, session, async (services) => {
      const encoderId = spaceOf(services, options).id;
      const items = async (texts: readonly string[]): Promise<QueryItem[]> => {
        const found: QueryItem[] = [];
        for (const text of texts) found.push(await exampleItem(services, text, { encoderId, signal: session.interrupted }));
        return found;
      };
      await work({ services, session, encoderId, items });
    }),
  );
}

function filterOf({ store }: Services, { tag = [], withoutTag = [], genre, years: year, search }: FilterOptions) {
  const tagIds = (names: readonly string[]) => names.map((name) => tagNamed(store, name));
  return trackFilterSchema.parse({ search, tagIds: tagIds(tag), withoutTagIds: tagIds(withoutTag), genres: genre, year });
}

/** Concepts and neurons as examples. @throws AppError NOT_FOUND where no concepts were learnt of the space */
function directionItems({ inspecting, store }: Services, encoderId: EncoderId, options: SimilarOptions): QueryItem[] {
  const { concept = [], neuron = [], concepts } = options;
  const learnt = concepts ?? inspecting.concepts.list().find(({ baseId }) => baseId === encoderId)?.encoderId;
  if (concept.length > 0 && learnt === undefined)
    throw new AppError(
      'NOT_FOUND',
      `No concepts were learnt of ${store.encoders.get(encoderId).name}. Learn some with \`earmark inspect concepts\`.`,
    );
  return [
    ...concept.map(({ number, strength }): QueryItem => ({ kind: 'concept', encoderId: learnt as EncoderId, concept: number, strength })),
    ...neuron.map(({ number, strength }): QueryItem => ({ kind: 'neuron', encoderId, feature: number, strength })),
  ];
}

/** How many examples a call names. @throws AppError BAD_INPUT where it names none */
function namedExamples(examples: readonly string[], { concept = [], neuron = [] }: SimilarOptions): number {
  const count = examples.length + concept.length + neuron.length;
  if (count > 0) return count;
  throw new AppError('BAD_INPUT', 'There is nothing to be like: name a track, a file, tag:NAME, --concept N or --neuron N.');
}

async function findSimilar(examples: string[], options: SimilarOptions): Promise<void> {
  if (orBadUsage(options, () => namedExamples(examples, options)) === undefined) return;
  await asking(options, async ({ services, session, encoderId, items }) => {
    const { perArtist, perAlbum, exact } = options;
    const query = similarQuerySchema.parse({
      ...{ encoderId, exact, limit: options.limit, perArtist, perAlbum, filter: filterOf(services, options) },
      level: options.segments ? 'passages' : 'tracks',
      like: [...(await items(examples)), ...directionItems(services, encoderId, options)],
      unlike: await items(options.less ?? []),
      weights: options.mute.map((feature) => ({ feature, weight: 0 })),
      leaveOutDuplicates: !options.duplicates,
    });
    const { rows, ...answer } = await services.similar.find(query);
    const placed = rows.map(({ passage, ...row }) => ({ ...row, path: services.store.tracks.path(row.trackId), ...passage }));
    const warning = flatWarning(services, encoderId);
    session.output.result({ encoder: encoderId, ...answer, rows: placed, warning }, () => {
      const encoder = services.store.encoders.get(encoderId);
      const of = (feature: number): string => featureText(services.store, encoder, feature);
      const cells = rows.map((row) => [row.rank, row.score.toFixed(3), row.trackId, row.title, row.artist, atText(row), whyText(row, of)]);
      return `${warning === null ? '' : `${warning}\n`}${table(['rank', 'score', 'id', 'title', 'artist', 'at', 'why'], cells)}\n${rows.length} of ${answer.considered}`;
    });
  });
}

async function path(from: string, to: string, options: PathOptions): Promise<void> {
  await asking(options, async ({ services, session, encoderId, items }) => {
    const [first, last] = await items([from, to]);
    if (first === undefined || last === undefined) return;
    const { steps, perArtist = null } = options;
    const ends = { from: first, to: last, steps, perArtist };
    const filter = filterOf(services, options);
    printSteps({ output: session.output, services, encoderId }, await services.similar.path({ encoderId, filter, ...ends }));
  });
}

async function radio(seeds: string[], options: RadioOptions): Promise<void> {
  await asking(options, async ({ services, session, encoderId, items }) => {
    const { diversity, seed, perArtist = null } = options;
    const wish = { diversity, seed, perArtist, count: Math.min(100, options.limit), played: [], skipped: [] };
    const filter = filterOf(services, options);
    const steps = await services.similar.radio({ encoderId, filter, seeds: await items(seeds), ...wish });
    printSteps({ output: session.output, services, encoderId }, steps);
  });
}

/** Where steps are printed, and of what. */
type Printing = { output: Output; services: Services; encoderId: EncoderId };

/** A sentence where the encoder's neurons hardly differ, so that nothing is truly like anything; null where they do. */
function flatWarning({ store }: Services, encoderId: EncoderId): string | null {
  const { segments, ...ranges } = store.index.summary(encoderId);
  const all = Array.from(ranges.minima, (_, feature) => feature);
  if (segments < 2 || !allHardlyDiffer(ranges, all)) return null;
  return flatSentence(`The neurons of ${store.encoders.get(encoderId).name}`);
}

function printSteps({ output, services, encoderId }: Printing, steps: readonly PathStep[]): void {
  const { store } = services;
  const warning = flatWarning(services, encoderId);
  const rows = steps.map((step, i) => ({ rank: i + 1, ...step, path: store.tracks.path(step.trackId) }));
  output.result({ rows, warning }, () => {
    const cells = rows.map((row) => [row.rank, row.fromBefore?.toFixed(3) ?? '', row.trackId, row.title, row.artist, row.album]);
    return `${warning === null ? '' : `${warning}\n`}${table(['step', 'cosine to the one before', 'id', 'title', 'artist', 'album'], cells)}`;
  });
}

function atText({ passage }: SimilarRow): string {
  return passage === null ? '' : duration(passage.startMs / 1000);
}

function whyText({ why }: SimilarRow, textOf: (feature: number) => string): string {
  const named = (feature: number): string => [String(feature), textOf(feature)].filter((text) => text !== '').join(' ');
  return why.map(({ feature, contribution }) => `${named(feature)} (${contribution.toFixed(2)})`).join(', ');
}
