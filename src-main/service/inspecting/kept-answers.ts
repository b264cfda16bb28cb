/** @file Answers of inspecting threads: the very same question is asked once, and whoever waits hears how far it is. */
import { createHash } from 'node:crypto';
import type { EncoderId, Inspection } from '../../contract/index.ts';
import type { Tools } from '../tools.ts';
import { askThread } from './ask-thread.ts';
import type { FigureOrder } from './inspect-messages.ts';

/** Who waits for a figure, and hears how far it is. */
export type Follow = { signal?: AbortSignal; onProgress?: (done: number, total: number) => void };

/**
 * What a question is about. `rows`: of the indexes that it reads, which tell that they are others. A figure of several questions counts what was `done` before this
 * one, and `total` of all; this one's own parts are told by the thread.
 */
export type Asking = {
  encoderId: EncoderId;
  about: Inspection['about'];
  rows: readonly number[];
  done?: number;
  total: number;
  follow: Follow;
};

/** Answers that are kept. */
const mostKept = 12;

/** Asks threads, and keeps what they said last. */
export class KeptAnswers {
  readonly #tools: Pick<Tools, 'entries' | 'events'>;
  readonly #closed: AbortSignal;
  readonly #kept = new Map<string, unknown>();

  /** @param closed fires when nobody waits any more */
  constructor(tools: Pick<Tools, 'entries' | 'events'>, closed: AbortSignal) {
    this.#tools = tools;
    this.#closed = closed;
  }

  /** Asks a thread, unless the very same was asked before. @throws AppError of the file system; CANCELLED */
  async ask<Result>(order: FigureOrder, { encoderId, about, rows, done: before = 0, total, follow }: Asking): Promise<Result> {
    const key = keyOf(order, rows);
    const known = this.#kept.get(key);
    if (known !== undefined) return known as Result;
    const { entries, events } = this.#tools;
    const signal = AbortSignal.any([follow.signal ?? this.#closed, this.#closed]);
    const onProgress = (own: number): void => {
      const done = Math.min(total, before + own);
      events.emit({ type: 'inspect.looking', looking: { encoderId, about, done, total } });
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

/** Differs where the order, or what lies in the indexes, does. */
function keyOf(order: FigureOrder, rows: readonly number[]): string {
  const hash = createHash('sha256').update(rows.join());
  const add = (value: unknown): void => {
    if (value instanceof Int32Array) hash.update(`[${value.length}]`).update(value);
    else if (typeof value === 'object' && value !== null)
      for (const [name, inner] of Object.entries(value)) {
        hash.update(`\n${name} `);
        add(inner);
      }
    else hash.update(String(value));
  };
  add(order);
  return hash.digest('hex');
}
