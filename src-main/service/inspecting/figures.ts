/** @file Figures of what neurons do over music: made when they are asked for, kept until index or tags are others. */
import { createHash } from 'node:crypto';
import { featureName } from '../../contract/index.ts';
import type { Inspection, Profile, ProfileWish } from '../../contract/index.ts';
import { AppError } from '../../base/index.ts';
import type { Tools } from '../tools.ts';
import { askThread } from './ask-thread.ts';
import { inspectedSpace } from './inspected.ts';
import type { Inspected } from './inspected.ts';
import type { FigureOrder, SeenProfile } from './inspect-messages.ts';
import { heardPart, rowsOfPart } from './music-parts.ts';

/** Segments of each kind of music of which a profile is made, and numbers of all of them. */
const [mostSegments, mostNumbers] = [20_000, 2 ** 24];
/** Figures that are kept. */
const mostKept = 8;

/** Who waits for a figure, and hears how far it is. */
export type Follow = { signal?: AbortSignal; onProgress?: (done: number, total: number) => void };

/** Makes figures. */
export class Figures {
  readonly #tools: Tools;
  readonly #closed: AbortSignal;
  readonly #kept = new Map<string, unknown>();

  /** @param closed fires when nobody waits any more */
  constructor(tools: Tools, closed: AbortSignal) {
    this.#tools = tools;
    this.#closed = closed;
  }

  /** How many neurons respond, and how flatly. @throws AppError NOT_FOUND, BAD_INPUT where nothing was heard of a part; CANCELLED */
  async profile({ encoderId, parts, scale }: ProfileWish, follow: Follow = {}): Promise<Profile> {
    const { store } = this.#tools;
    const space = await inspectedSpace(store, encoderId);
    const { encoder, index, tracks } = space;
    const heard = parts.map((part) => heardPart(store, part, tracks));
    const most = Math.max(1, Math.min(mostSegments, Math.floor(mostNumbers / index.dimensions / parts.length)));
    const rows = heard.map((part) => rowsOfPart(part, tracks, most));
    const order = {
      kind: 'profile',
      directory: store.paths.index(index.id),
      dimensions: index.dimensions,
      parts: rows,
      isStandard: scale === 'standard',
    } as const;
    const seen = await this.#ask<SeenProfile[]>(space, { order, total: parts.length, follow });
    return {
      ...{ encoderId, scale, labels: Array.from({ length: index.dimensions }, (_, neuron) => featureName(encoder.architecture, neuron)) },
      parts: heard.map(({ name, places, segments }, at) => {
        const { profile, taken } = seen[at] as SeenProfile;
        if (profile === null)
          throw new AppError('BAD_INPUT', `${encoder.name} gave no finite numbers on “${name}”. Repair its index in Settings, Encoders.`);
        return { name, tracks: places.length, segments, taken, ...profile };
      }),
    };
  }

  /** Asks a thread, unless the very same was asked before. */
  async #ask<Result>(
    { encoder, index }: Inspected,
    { order, total, follow }: { order: FigureOrder; total: number; follow: Follow },
  ): Promise<Result> {
    const key = keyOf(order, index.committedRows);
    const known = this.#kept.get(key);
    if (known !== undefined) return known as Result;
    const { entries, events } = this.#tools;
    const about = order.kind satisfies Inspection['about'];
    const signal = AbortSignal.any([follow.signal ?? this.#closed, this.#closed]);
    const onProgress = (done: number): void => {
      events.emit({ type: 'inspect.looking', looking: { encoderId: encoder.id, about, done, total } });
      follow.onProgress?.(done, total);
    };
    try {
      const found = await askThread<Result>(order, { entry: entries.inspectThread, signal, onProgress });
      this.#kept.set(key, found);
      const [oldest] = this.#kept.keys();
      if (this.#kept.size > mostKept && oldest !== undefined) this.#kept.delete(oldest);
      return found;
    } finally {
      events.emit({ type: 'inspect.looking', looking: null });
    }
  }
}

/** Differs where the order, or what lies in the index, does. */
function keyOf(order: FigureOrder, committedRows: number): string {
  const hash = createHash('sha256').update(String(committedRows));
  for (const [name, value] of Object.entries(order)) {
    hash.update(`\n${name} `);
    for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) hash.update(one instanceof Int32Array ? one : String(one));
  }
  return hash.digest('hex');
}
