/** @file The map that is looked at: opened where it was drawn, drawn as a job, coloured, and with points that a person chose. */
import { bytesFromBase64, floatsFromBase64, tenTracks } from '../../src-main/contract/index.ts';
import type {
  AppEvent,
  EncoderId,
  MapGrouping,
  MapGroups,
  MapMethod,
  MapValues,
  MapWish,
  MusicMap,
  TrackId,
} from '../../src-main/contract/index.ts';
import type { Api } from '../client/index.ts';

/** What is used of the core. */
type MapApi = { inspect: Pick<Api['inspect'], 'map' | 'drawMap' | 'mapGroups' | 'mapValues'> };

/** What a person wants to see: whole tracks, all segments, or some segments of ten tracks. */
export const mapShows = ['tracks', 'segments', 'ten'] as const;
export type MapShow = (typeof mapShows)[number];

/** What points are coloured by. */
export type MapColouring = MapGrouping | 'neuron';

/** A map with its arrays. */
export type OpenedMap = Omit<MusicMap, 'places' | 'owners' | 'segments'> & {
  places: Float32Array;
  owners: Int32Array;
  segments: Int32Array;
};

/** What colours say: groups of tracks, or a neuron's values on points. */
export type MapColours =
  | (Omit<MapGroups, 'groupOf'> & { kind: 'groups'; groupOf: Int32Array })
  | (Omit<MapValues, 'values'> & { kind: 'values'; values: Float32Array });

/** A point as people read it; `segment` null for a whole track. */
export type MapPoint = { trackId: TrackId; title: string; artist: string; segment: number | null; startMs: number; durationMs: number };

const integers = (text: string): Int32Array => new Int32Array(bytesFromBase64(text).buffer);

/** The map of one space. */
export class InspectMapState {
  readonly #api: MapApi;
  #encoderId = $state.raw<EncoderId | null>(null);
  #method = $state<MapMethod>('umap');
  #show = $state<MapShow>('tracks');
  #map = $state.raw<OpenedMap | null>(null);
  #isLoading = $state(false);
  #error = $state.raw<unknown>(null);
  #isOutdated = $state(false);
  #by = $state<MapColouring>('genre');
  #neuron = $state<number | null>(null);
  #colours = $state.raw<MapColours | null>(null);
  #chosen = $state.raw<readonly number[]>([]);
  #request = 0;

  constructor(api: MapApi) {
    this.#api = api;
  }

  get method(): MapMethod {
    return this.#method;
  }

  get show(): MapShow {
    return this.#show;
  }

  /** Null until it is loaded, or while none was drawn. */
  get map(): OpenedMap | null {
    return this.#map;
  }

  /** Whether the core is asked for it. */
  get isLoading(): boolean {
    return this.#isLoading;
  }

  /** Why it could not be opened or drawn; null when it could. */
  get error(): unknown {
    return this.#error;
  }

  /** What a job that draws it works on; empty before a space is opened. */
  readonly subject: string = $derived.by(() => JSON.stringify(this.#wish() ?? ''));

  /** Whether music came or went since it was drawn. */
  get isOutdated(): boolean {
    return this.#isOutdated;
  }

  get by(): MapColouring {
    return this.#by;
  }

  /** The neuron that colours points; null until one is named. */
  get neuron(): number | null {
    return this.#neuron;
  }

  /** Null until they are known. */
  get colours(): MapColours | null {
    return this.#colours;
  }

  /** Points within the line that a person drew. */
  get chosen(): readonly number[] {
    return this.#chosen;
  }

  /** Opens the map of a space where it was drawn. */
  async open(encoderId: EncoderId): Promise<void> {
    if (encoderId === this.#encoderId && (this.#map !== null || this.#isLoading)) return;
    this.#encoderId = encoderId;
    this.#clear();
    await this.#load();
  }

  async use(choice: { method?: MapMethod; show?: MapShow }): Promise<void> {
    this.#method = choice.method ?? this.#method;
    this.#show = choice.show ?? this.#show;
    if (choice.show === 'ten') this.#by = 'track';
    this.#clear();
    await this.#load();
  }

  /** Begins to draw it. */
  async draw(): Promise<void> {
    const wish = this.#wish();
    if (wish === null) return;
    this.#error = null;
    await this.#api.inspect.drawMap(wish);
  }

  async colourBy(by: MapColouring, neuron: number | null = this.#neuron): Promise<void> {
    this.#by = by;
    this.#neuron = neuron;
    await this.#paint(this.#request);
  }

  choose(points: readonly number[]): void {
    this.#chosen = points;
  }

  /** What a point is; null where there is none. */
  point(at: number | null): MapPoint | null {
    const map = this.#map;
    const track = map === null || at === null ? undefined : map.tracks[map.owners[at] ?? -1];
    if (map === null || at === null || track === undefined) return null;
    const number = map.segments[at] as number;
    return { ...track, segment: number < 0 ? null : number, startMs: Math.max(0, number) * map.hopMs, durationMs: map.segmentMs };
  }

  /** An event of the core. */
  hear(event: AppEvent): void {
    if (event.type === 'index.changed' && event.encoderId === this.#encoderId) this.#isOutdated = true;
    if (event.type === 'library.changed') this.#isOutdated = true;
    if (event.type !== 'job.updated' || event.job.kind !== 'map' || event.job.subject !== this.subject) return;
    if (event.job.state === 'done') void this.#load();
    if (event.job.state === 'failed') this.#error = new Error(event.job.message);
  }

  #clear(): void {
    this.#map = null;
    this.#colours = null;
  }

  #wish(): MapWish | null {
    const encoderId = this.#encoderId;
    if (encoderId === null) return null;
    if (this.#show === 'ten') return { encoderId, ...tenTracks, method: this.#method };
    return { encoderId, method: this.#method, level: this.#show, tracks: null, perTrack: null };
  }

  async #load(): Promise<void> {
    const wish = this.#wish();
    if (wish === null) return;
    const request = ++this.#request;
    this.#isLoading = true;
    this.#error = null;
    this.#chosen = [];
    try {
      const map = await this.#api.inspect.map(wish);
      if (request !== this.#request) return;
      this.#isOutdated = map?.isOutdated ?? false;
      this.#map =
        map === null
          ? null
          : { ...map, places: floatsFromBase64(map.places), owners: integers(map.owners), segments: integers(map.segments) };
      await this.#paint(request);
    } catch (error) {
      if (request === this.#request) this.#error = error;
    } finally {
      if (request === this.#request) this.#isLoading = false;
    }
  }

  async #paint(request: number): Promise<void> {
    const [map, by, neuron] = [this.#map?.wish, this.#by, this.#neuron];
    this.#colours = null;
    if (map === undefined || (by === 'neuron' && neuron === null)) return;
    const colours = by === 'neuron' ? await this.#valuesOf(map, neuron ?? 0) : await this.#groupsOf(map, by);
    if (request === this.#request && by === this.#by && neuron === this.#neuron) this.#colours = colours;
  }

  async #groupsOf(map: MapWish, by: MapGrouping): Promise<MapColours> {
    const groups = await this.#api.inspect.mapGroups({ map, by });
    return { kind: 'groups', ...groups, groupOf: integers(groups.groupOf) };
  }

  async #valuesOf(map: MapWish, neuron: number): Promise<MapColours> {
    const found = await this.#api.inspect.mapValues({ map, neuron });
    return { kind: 'values', ...found, values: floatsFromBase64(found.values) };
  }
}
