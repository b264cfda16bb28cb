/** @file The features of one encoder: what listeners wrote on them, and the range of their values. */
import { SvelteMap } from 'svelte/reactivity';
import { floatsFromBase64 } from '../../src-main/contract/index.ts';
import type { EncoderId, FeatureNote, FeatureSummary } from '../../src-main/contract/index.ts';

/** What is used of the core. */
export interface FeaturesApi {
  summary(input: { encoderId: EncoderId }): Promise<FeatureSummary>;
  notes(input: { encoderId: EncoderId }): Promise<FeatureNote[]>;
  setNote(input: { encoderId: EncoderId; feature: number; text: string }): Promise<void>;
}

/** What is used of the stack of steps that can be taken back. */
interface Undo {
  did(label: string, revert: () => void | Promise<void>): void;
}

/** From the least to the largest value. */
export interface ValueRange {
  readonly least: number;
  readonly most: number;
}

/** Ranges over all segments, one number a feature. */
export interface FeatureRanges {
  readonly dimensions: number;
  readonly segments: number;
  readonly minima: Float32Array;
  readonly maxima: Float32Array;
  readonly means: Float32Array;
  /** Of all features together. */
  readonly all: ValueRange;
}

/** Notes and ranges of the encoder that is looked at. */
export class FeaturesState {
  readonly #api: FeaturesApi;
  readonly #undo: Undo;
  readonly #nameOf: (encoderId: EncoderId, feature: number) => string;
  readonly #notes = new SvelteMap<number, string>();
  #encoderId = $state.raw<EncoderId | null>(null);
  #ranges = $state.raw<FeatureRanges | null>(null);

  /** @param nameOf what a feature is called by itself; empty where it has no name. Read again whenever what it reads changes */
  constructor(api: FeaturesApi, undo: Undo, nameOf: (encoderId: EncoderId, feature: number) => string = () => '') {
    this.#api = api;
    this.#undo = undo;
    this.#nameOf = nameOf;
  }

  /** Null until they are loaded. */
  get ranges(): FeatureRanges | null {
    return this.#ranges;
  }

  /** A feature's values over the whole library; null until they are known. */
  range(feature: number): ValueRange | null {
    return this.#ranges === null ? null : rangeOf(this.#ranges, feature);
  }

  /** What was written on a feature; empty when nothing was. */
  note(feature: number): string {
    return this.#notes.get(feature) ?? '';
  }

  /** What a feature is called by itself; empty where nobody knows before somebody has listened. */
  name(feature: number): string {
    return this.#encoderId === null ? '' : this.#nameOf(this.#encoderId, feature);
  }

  /** What is known of a feature in words: what was written on it, else its name. */
  about(feature: number): string {
    return this.note(feature) || this.name(feature);
  }

  /** Features that have a note, smallest first. */
  get noted(): readonly number[] {
    return [...this.#notes.keys()].sort((a, b) => a - b);
  }

  /** Loads an encoder's notes and ranges; what was there before goes when it is another encoder. */
  async load(encoderId: EncoderId): Promise<void> {
    if (this.#encoderId !== encoderId) {
      this.#encoderId = encoderId;
      this.#ranges = null;
      this.#notes.clear();
    }
    const [summary, notes] = await Promise.all([this.#api.summary({ encoderId }), this.#api.notes({ encoderId })]);
    if (this.#encoderId !== encoderId) return;
    this.#ranges = decodeRanges(summary);
    for (const feature of [...this.#notes.keys()]) if (!notes.some((note) => note.feature === feature)) this.#notes.delete(feature);
    for (const { feature, text } of notes) this.#notes.set(feature, text);
  }

  /** Writes a note on a feature; it shows at once and is taken back if the core refuses it. An empty text removes it. */
  async write(feature: number, typed: string): Promise<void> {
    const encoderId = this.#encoderId;
    const text = typed.trim();
    const before = this.note(feature);
    if (encoderId === null || text === before) return;
    await this.#set(encoderId, feature, text);
    this.#undo.did(text === '' ? `Note on neuron ${feature} removed` : `Note on neuron ${feature} saved`, () =>
      this.#set(encoderId, feature, before),
    );
  }

  /** Takes a note that another window wrote. */
  heard(event: { encoderId: EncoderId; feature: number; text: string }): void {
    if (event.encoderId === this.#encoderId) this.#keep(event.feature, event.text);
  }

  async #set(encoderId: EncoderId, feature: number, text: string): Promise<void> {
    const before = this.note(feature);
    this.heard({ encoderId, feature, text });
    try {
      await this.#api.setNote({ encoderId, feature, text });
    } catch (error) {
      this.heard({ encoderId, feature, text: before });
      throw error;
    }
  }

  #keep(feature: number, text: string): void {
    if (text === '') this.#notes.delete(feature);
    else this.#notes.set(feature, text);
  }
}

/** One feature's range; null for a feature that the encoder does not have. */
export function rangeOf(ranges: Pick<FeatureRanges, 'minima' | 'maxima'>, feature: number): ValueRange | null {
  const [least, most] = [ranges.minima[feature], ranges.maxima[feature]];
  return least === undefined || most === undefined ? null : { least, most };
}

function rangeOfAll(minima: Float32Array, maxima: Float32Array): ValueRange {
  const least = minima.reduce((so, value) => Math.min(so, value), Infinity);
  const most = maxima.reduce((so, value) => Math.max(so, value), -Infinity);
  return least <= most ? { least, most } : { least: 0, most: 0 };
}

function decodeRanges(summary: FeatureSummary): FeatureRanges {
  const minima = floatsFromBase64(summary.minima);
  const maxima = floatsFromBase64(summary.maxima);
  return {
    dimensions: summary.dimensions,
    segments: summary.segments,
    minima,
    maxima,
    means: floatsFromBase64(summary.means),
    all: rangeOfAll(minima, maxima),
  };
}
