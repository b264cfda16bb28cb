/** @file One neuron in two kinds of music: its top segments in each, the names that they have in common, and how alike they sound. */
import { breather, evenly } from '../../base/index.ts';
import { featureName, firstFeatures, SegmentTimes, toBase64 } from '../../contract/index.ts';
import type {
  DataSetSoundWish,
  HeardDataSet,
  Libraries,
  LibrariesWish,
  LibrarySide,
  Likeness,
  SpectrumWave,
} from '../../contract/index.ts';
import { grownNames } from '../../inspect/index.ts';
import type { StoredEncoder } from '../../store/index.ts';
import { timingOf } from '../listening/listening.ts';
import type { Tools } from '../tools.ts';
import { checkNeuron, inspectedSpace } from './inspected.ts';
import type { Inspected } from './inspected.ts';
import type { GroupedMeans, SeenLikeness } from './inspect-messages.ts';
import type { KeptAnswers, Follow } from './kept-answers.ts';
import type { HeardPart } from './music-parts.ts';
import { namesOf } from './neuron-labels.ts';
import { fileInDataSet, heardDataSets, withOpened } from './opened-parts.ts';
import type { OpenedPart } from './opened-parts.ts';
import { heardSegments, placesOf } from './top-segments.ts';
import type { TopPlace } from './top-segments.ts';

/** Tracks of a side whose sound stands for all of its music, and segments of each. */
const [mostTracks, perTrack] = [400, 16];
/** Segments of data sets are played at this rate, in hertz. */
const soundRate = 44_100;
/** Steps of the work: each side's top segments, and reading and comparing their sound. */
const steps = 4;

/** Compares a neuron in two kinds of music. */
export class NeuronLibraries {
  readonly #tools: Tools;
  readonly #answers: KeptAnswers;

  constructor(tools: Tools, answers: KeptAnswers) {
    this.#tools = tools;
    this.#answers = answers;
  }

  /** Data sets that may stand in the place of some music. */
  dataSets(): HeardDataSet[] {
    return heardDataSets(this.#tools.store);
  }

  /** A segment of a data set that an evaluation has heard. @throws AppError NOT_FOUND, DATA_DIRECTORY_IN_USE, or why its file cannot be read */
  async sound({ name, trackId, startMs, durationMs }: DataSetSoundWish): Promise<SpectrumWave> {
    const { store, media } = this.#tools;
    const path = fileInDataSet(store, name, trackId);
    const samples = await media.run({ type: 'passage', path, startMs, endMs: startMs + durationMs, sampleRate: soundRate });
    return { sampleRate: soundRate, wave: toBase64(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength)) };
  }

  /**
   * Both sides of a neuron.
   * @throws AppError NOT_FOUND; BAD_INPUT for a neuron that there is not, or music of which nothing was heard; DATA_DIRECTORY_IN_USE; CANCELLED
   */
  async libraries({ encoderId, number, sides, top }: LibrariesWish, follow: Follow = {}): Promise<Libraries> {
    const { encoder, index } = await inspectedSpace(this.#tools.store, encoderId);
    checkNeuron(encoder, index.dimensions, number);
    return withOpened(this.#tools, { encoder, sources: sides }, async ([first, second]) => {
      if (first === undefined || second === undefined) throw new TypeError('Two sides were opened.');
      const tops = [await this.#tops(first, { encoder, number, top, done: 0, follow })];
      tops.push(await this.#tops(second, { encoder, number, top, done: 1, follow }));
      const [own, its] = tops as [TopPlace[], TopPlace[]];
      const { likeness, missing } = await this.#likeness(
        [
          { opened: first, tops: own },
          { opened: second, tops: its },
        ],
        { encoder, follow },
      );
      return {
        ...{ encoderId, number, label: featureName(encoder.architecture, number), likeness, missing },
        sides: [await sideOf(first, own, number), await sideOf(second, its, number)],
        shared: first.store === second.store ? sharedTracks(first, second) : 0,
      };
    });
  }

  async #tops({ space, directory, part }: OpenedPart, { encoder, number, top, done, follow }: TopsWish): Promise<TopPlace[]> {
    const tracks = partOf(space, part);
    const { firstRows, counts } = tracks;
    const features = Int32Array.of(number);
    const order = { kind: 'tops', directory, dimensions: space.index.dimensions, features, firstRows, counts, most: top } as const;
    const asking = { encoderId: encoder.id, about: 'libraries', rows: [space.index.committedRows], done, total: steps, follow } as const;
    const [found = new Int32Array(0)] = await this.#answers.ask<Int32Array[]>(order, asking);
    return placesOf(found, tracks);
  }

  /** How alike the top segments of both sides sound, where timbre statistics of both are there. */
  async #likeness(
    sides: readonly TopSide[],
    { encoder, follow }: { encoder: StoredEncoder; follow: Follow },
  ): Promise<{ likeness: Likeness | null; missing: string }> {
    const heard = await Promise.all(sides.map(({ opened }) => timbreOf(opened)));
    const [first, second] = heard;
    const silent = sides.find((_, at) => heard[at] === null)?.opened.part.name;
    if (first === undefined || second === undefined || first === null || second === null || silent !== undefined)
      return {
        likeness: null,
        missing: `How alike they sound is told by timbre statistics, which have not heard “${silent ?? ''}”. Index it with them (Settings, Encoders), or evaluate them on the data set.`,
      };
    const items = sides.map((side, at) => itemsOf(side, heard[at] as Inspected));
    if (items.some(({ top }) => top.counts.length === 0))
      return {
        likeness: null,
        missing: 'Timbre statistics have not heard the top segments yet. Index the library with them (Settings, Encoders).',
      };
    const { dimensions } = first.index;
    const rows = [first.index.committedRows, second.index.committedRows];
    const asking = { encoderId: encoder.id, about: 'libraries', rows, done: 2, total: steps, follow } as const;
    const found = await this.#answers.ask<SeenLikeness>({ kind: 'likeness', sides: items, dimensions }, asking);
    const { architecture } = first.encoder;
    const statistics = Array.from({ length: dimensions }, (_, statistic) => featureName(architecture, statistic));
    return { likeness: { ...found, statistics, telling: [...firstFeatures(architecture)] }, missing: '' };
  }
}

type TopsWish = { encoder: StoredEncoder; number: number; top: number; done: number; follow: Follow };

type TopSide = { opened: OpenedPart; tops: readonly TopPlace[] };

/** The tracks of a part alone, as an index holds them. */
function partOf({ tracks }: Inspected, { places, segments }: HeardPart): Inspected['tracks'] {
  return {
    trackIds: places.map((place) => tracks.trackIds[place] as Inspected['tracks']['trackIds'][number]),
    firstRows: Int32Array.from(places, (place) => tracks.firstRows[place] as number),
    counts: Int32Array.from(places, (place) => tracks.counts[place] as number),
    segments,
  };
}

function sharedTracks(first: OpenedPart, second: OpenedPart): number {
  const own = new Set(first.part.places);
  return second.part.places.filter((place) => own.has(place)).length;
}

async function sideOf({ store, space, part, dataSet }: OpenedPart, tops: readonly TopPlace[], number: number): Promise<LibrarySide> {
  const tracks = partOf(space, part);
  const { names, members } = await namesOf(store, tracks.trackIds, breather());
  const topTracks = new Set(tops.map(({ place }) => place));
  return {
    ...{ name: part.name, tracks: part.places.length, segments: part.segments, dataSet, topTracks: topTracks.size },
    top: heardSegments(store, space, tops, number),
    names: grownNames(topTracks, members, tracks.trackIds.length).flatMap(({ name, count, probability }) => {
      const tried = names[name];
      return tried === undefined ? [] : [{ ...tried, count, tracks: members[name]?.length ?? 0, probability }];
    }),
  };
}

/** Timbre statistics as they have heard the library that a part belongs to; null where they have not. */
async function timbreOf({ store }: OpenedPart): Promise<Inspected | null> {
  const encoder = store.encoders.list().find(({ source }) => source === 'built-in');
  if (encoder === undefined || store.index.current(encoder.id) === null) return null;
  const space = await inspectedSpace(store, encoder.id).catch(() => null);
  return space;
}

/** The top segments, and some of all music of the side, as means over the statistics' segments that cover them. */
function itemsOf({ opened, tops }: TopSide, timbre: Inspected): { top: GroupedMeans; music: GroupedMeans } {
  const { space, part, store } = opened;
  const covered = covering(opened, timbre, store.paths.index(timbre.index.id));
  const sorted = [...tops].sort((a, b) => a.trackId - b.trackId || a.segment - b.segment);
  const music = evenly(part.places.length, mostTracks).flatMap((at) => {
    const place = part.places[at] as number;
    const trackId = space.tracks.trackIds[place] as TopPlace['trackId'];
    return evenly(space.tracks.counts[place] as number, perTrack).map((segment) => ({ trackId, segment }));
  });
  return { top: covered(sorted), music: covered(music) };
}

/** Which rows of the statistics cover a segment; segments that they have not heard are left out. */
function covering(
  { space }: OpenedPart,
  { encoder, index, tracks }: Inspected,
  directory: string,
): (places: readonly Pick<TopPlace, 'trackId' | 'segment'>[]) => GroupedMeans {
  const placeOf = new Map(tracks.trackIds.map((trackId, place) => [trackId, place]));
  const own = new SegmentTimes(timingOf(space.encoder, space.index.hopSamples), Infinity);
  const timing = timingOf(encoder, index.hopSamples);
  return (places) => {
    const [rows, counts, groups] = [[] as number[], [] as number[], [] as number[]];
    for (const { trackId, segment } of places) {
      const place = placeOf.get(trackId);
      if (place === undefined) continue;
      const times = new SegmentTimes(timing, tracks.counts[place] as number);
      const found = times.of({ startMs: own.startOf(segment), endMs: own.endOf(segment) });
      if (found.length === 0) continue;
      rows.push(...found.map((one) => (tracks.firstRows[place] as number) + one));
      counts.push(found.length);
      groups.push(trackId);
    }
    return {
      ...{ directory, dimensions: index.dimensions },
      ...{ rows: Int32Array.from(rows), counts: Int32Array.from(counts), groups: Int32Array.from(groups) },
    };
  };
}
