/** @file Figures of what neurons do over music: made when they are asked for, kept until index or tags are others. */
import { featureName, occurrenceTops } from '../../contract/index.ts';
import type {
  Factors,
  FactorsWish,
  HeardSegment,
  Inspection,
  NameKind,
  Occurrence,
  OccurrenceCell,
  OccurrenceWish,
  Profile,
  ProfileWish,
} from '../../contract/index.ts';
import { AppError, breather } from '../../base/index.ts';
import { countOccurrences, leastExamples } from '../../inspect/index.ts';
import type { StoredEncoder } from '../../store/index.ts';
import type { Tools } from '../tools.ts';
import { checkNeuron, inspectedSpace } from './inspected.ts';
import type { Inspected } from './inspected.ts';
import type { FigureOrder, SeenFactors, SeenProfile } from './inspect-messages.ts';
import { KeptAnswers } from './kept-answers.ts';
import type { Follow } from './kept-answers.ts';
import { rowsOfPart } from './music-parts.ts';
import { namesOf } from './neuron-labels.ts';
import type { TriedName } from './neuron-labels.ts';
import { withOpened } from './opened-parts.ts';
import { heardSegments, placesOf, trackTops } from './top-segments.ts';

/** Names that are counted, and segments by which neurons are correlated. */
const [mostNames, mostCorrelated] = [40, 8_192];
/** Segments of each kind of music of which a profile is made, and numbers of all of them. */
const [mostSegments, mostNumbers] = [20_000, 2 ** 24];
/** Makes figures. */
export class Figures {
  readonly #tools: Tools;
  readonly #answers: KeptAnswers;

  constructor(tools: Tools, answers: KeptAnswers) {
    this.#tools = tools;
    this.#answers = answers;
  }

  /** How many neurons respond, and how flatly. @throws AppError NOT_FOUND, BAD_INPUT where nothing was heard of a part; CANCELLED */
  async profile({ encoderId, parts, scale }: ProfileWish, follow: Follow = {}): Promise<Profile> {
    const space = await inspectedSpace(this.#tools.store, encoderId);
    const { encoder, index } = space;
    return withOpened(this.#tools, { encoder, sources: parts }, async (opened) => {
      const most = Math.max(1, Math.min(mostSegments, Math.floor(mostNumbers / index.dimensions / parts.length)));
      const rows = opened.map(({ directory, part, space: { tracks } }) => ({ directory, rows: rowsOfPart(part, tracks, most) }));
      const order = { kind: 'profile', dimensions: index.dimensions, parts: rows, isStandard: scale === 'standard' } as const;
      const seen = await this.#ask<SeenProfile[]>(space, { order, total: parts.length, follow });
      return {
        ...{ encoderId, scale, labels: labelsOf(encoder, index.dimensions) },
        parts: opened.map(({ part: { name, places, segments } }, at) => {
          const { profile, taken } = seen[at] as SeenProfile;
          if (profile === null)
            throw new AppError('BAD_INPUT', `${encoder.name} gave no finite numbers on “${name}”. Repair its index in Settings, Encoders.`);
          return { name, tracks: places.length, segments, taken, ...profile };
        }),
      };
    });
  }

  /** How many of each neuron’s top segments bear a name. @throws AppError NOT_FOUND; BAD_INPUT where there are no names to count; CANCELLED */
  async occurrence({ encoderId, top, kind }: OccurrenceWish, follow: Follow = {}): Promise<Occurrence> {
    const space = await inspectedSpace(this.#tools.store, encoderId);
    const { tracks, encoder, index } = space;
    const { names, members } = await this.#namesOf(space, kind);
    const tops = trackTops(await this.#tops(space, follow), top, tracks);
    return {
      ...{ encoderId, top, tracks: tracks.trackIds.length, segments: tracks.segments, labels: labelsOf(encoder, index.dimensions) },
      names: names.map((name, at) => {
        const own = members[at] as Int32Array;
        return {
          ...name,
          tracks: own.length,
          share: own.reduce((sum, place) => sum + (tracks.counts[place] as number), 0) / tracks.segments,
        };
      }),
      counts: countOccurrences(tops, members, tracks.trackIds.length),
    };
  }

  /** The segments of one cell, the top one first; none where the name is gone. @throws AppError NOT_FOUND, BAD_INPUT for a neuron that there is not */
  async occurrenceSegments({ encoderId, top, number, kind, name }: OccurrenceCell, follow: Follow = {}): Promise<HeardSegment[]> {
    const { store } = this.#tools;
    const space = await inspectedSpace(store, encoderId);
    const { encoder, index, tracks } = space;
    checkNeuron(encoder, index.dimensions, number);
    const { names, members } = await this.#namesOf(space, kind);
    const own = new Set(members[names.findIndex((one) => one.name === name)] ?? []);
    const places = placesOf((await this.#tops(space, follow))[number]?.subarray(0, top) ?? new Int32Array(0), tracks).filter(({ place }) =>
      own.has(place),
    );
    return heardSegments(store, space, places, number);
  }

  /** What neurons have in common. @throws AppError NOT_FOUND, CANCELLED */
  async factors({ encoderId, count }: FactorsWish, follow: Follow = {}): Promise<Factors> {
    const { store } = this.#tools;
    const space = await inspectedSpace(store, encoderId);
    const { encoder, index, tracks } = space;
    const all = { name: '', places: [...tracks.trackIds.keys()], segments: tracks.segments };
    const rows = rowsOfPart(all, tracks, mostCorrelated);
    const order = { kind: 'factors', directory: store.paths.index(index.id), dimensions: index.dimensions, rows, count } as const;
    const found = await this.#ask<SeenFactors>(space, { order, total: 2, follow });
    return { encoderId, segments: tracks.segments, labels: labelsOf(encoder, index.dimensions), ...found };
  }

  #tops(space: Inspected, follow: Follow): Promise<Int32Array[]> {
    const { index, tracks } = space;
    const { firstRows, counts } = tracks;
    const directory = this.#tools.store.paths.index(index.id);
    const features = Int32Array.from({ length: index.dimensions }, (_, feature) => feature);
    const most = Math.max(...occurrenceTops);
    const order = { kind: 'tops', directory, dimensions: index.dimensions, features, firstRows, counts, most } as const;
    return this.#ask<Int32Array[]>(space, { order, total: index.dimensions, follow });
  }

  /** Names of a kind, those of most tracks first, tags before fields. */
  async #namesOf({ encoder, tracks }: Inspected, kind: NameKind | null): Promise<{ names: TriedName[]; members: Int32Array[] }> {
    const { names, members } = await namesOf(this.#tools.store, tracks.trackIds, breather());
    const kept = [...names.keys()].filter((at) => kind === null || names[at]?.kind === kind).slice(0, mostNames);
    if (kept.length === 0)
      throw new AppError(
        'BAD_INPUT',
        `No ${kind ?? 'tag, genre, artist or album'} has ${leastExamples} tracks that ${encoder.name} has heard, and as many others. Mark more tracks, or choose another kind.`,
      );
    return { names: kept.map((at) => names[at] as TriedName), members: kept.map((at) => members[at] as Int32Array) };
  }

  #ask<Result>(
    { encoder, index }: Inspected,
    { order, total, follow }: { order: Extract<FigureOrder, { kind: Inspection['about'] }>; total: number; follow: Follow },
  ): Promise<Result> {
    const about = order.kind;
    return this.#answers.ask<Result>(order, { encoderId: encoder.id, about, rows: [index.committedRows], total, follow });
  }
}

function labelsOf({ architecture }: StoredEncoder, dimensions: number): string[] {
  return Array.from({ length: dimensions }, (_, neuron) => featureName(architecture, neuron));
}
