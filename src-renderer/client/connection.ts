/** @file The connection to the core: calls, events, and reaching the core again when it went away. Knows neither WebSockets nor Electron. */
import { createORPCClient } from '@orpc/client';
import type { ClientLink, ClientOptions } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import type { AppEvent, Contract } from '../../src-main/contract/index.ts';
import { coreStopped, isAbort, toClientError } from './errors.ts';
import { RefusedError } from './wire.ts';
import type { Opener, Wire } from './wire.ts';

/** Every procedure of the contract as an async function. */
export type Api = ContractRouterClient<Contract>;

/** `lost`: it was open and is being reached again; `refused`: trying again cannot help. */
export type ConnectionState = 'connecting' | 'open' | 'lost' | 'refused';

type Link = ClientLink<Record<never, never>>;
type EventOf<Type extends AppEvent['type']> = Extract<AppEvent, { type: Type }>;

/** Waits between attempts to reach the core, in ms; the last one repeats. */
const waitsMs = [200, 500, 1000, 2000, 4000];

/** One connection for the life of the page. */
export class Connection {
  /** Calls; they wait for the first connection and fail with `CORE_STOPPED` while it is lost. */
  readonly api: Api;
  readonly #opener: Opener;
  readonly #wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly #stateListeners = new Set<(state: ConnectionState) => void>();
  readonly #eventListeners = new Set<(event: AppEvent) => void>();
  readonly #stopped = new AbortController();
  #state: ConnectionState = 'connecting';
  #link: Link | undefined;
  /** Calls under way; they are given up when the wire goes, whatever the link makes of it. */
  readonly #underWay = new Set<() => void>();
  #settled = Promise.withResolvers<void>();

  /**
   * @param opener opens a wire
   * @param wait waits between attempts; replaced in tests
   */
  constructor(opener: Opener, wait: (ms: number, signal: AbortSignal) => Promise<void> = pause) {
    this.#opener = opener;
    this.#wait = wait;
    const link: Link = { call: (path, input, options) => this.#call(path, input, options) };
    this.api = createORPCClient<Api>(link);
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Hears of every change of state; returns the way to stop. */
  onState(listener: (state: ConnectionState) => void): () => void {
    this.#stateListeners.add(listener);
    return () => this.#stateListeners.delete(listener);
  }

  /** Hears one type of event, across reconnections; returns the way to stop. */
  on<Type extends AppEvent['type']>(type: Type, listener: (event: EventOf<Type>) => void): () => void {
    const heard = (event: AppEvent): void => {
      if (event.type === type) listener(event as EventOf<Type>);
    };
    this.#eventListeners.add(heard);
    return () => this.#eventListeners.delete(heard);
  }

  /** Connects and stays connected until `stop`. */
  async start(): Promise<void> {
    const { signal } = this.#stopped;
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        const wire = await this.#opener(signal);
        const gone = new Promise<void>((resolve) => wire.onClose(resolve));
        await this.#open(wire);
        attempt = -1;
        await Promise.race([gone, aborted(signal)]);
        this.#link = undefined;
        wire.close();
        for (const giveUp of this.#underWay) giveUp();
        this.#become('lost');
      } catch (error) {
        if (error instanceof RefusedError) return this.#become('refused');
        if (this.#state === 'connecting' && attempt >= 1) this.#become('lost');
      }
      await this.#wait(waitsMs[Math.min(Math.max(attempt, 0), waitsMs.length - 1)] ?? 0, signal);
    }
  }

  /** Closes the connection for good. */
  stop(): void {
    this.#stopped.abort();
  }

  /** Subscribes to events first, so that nothing that happens while state is loaded is missed. */
  async #open(wire: Wire): Promise<void> {
    this.#link = new RPCLink({ port: wire.port });
    void this.#listen(wire);
    await Promise.resolve();
    this.#become('open');
  }

  async #listen(wire: Wire): Promise<void> {
    const link = this.#link;
    try {
      const events = (await link?.call(['events', 'subscribe'], undefined, { context: {} })) as AsyncIterable<AppEvent>;
      for await (const event of events) for (const listener of this.#eventListeners) listener(event);
    } catch {
      // The wire is gone; `start` opens another.
    }
    if (this.#link === link) wire.close();
  }

  #become(state: ConnectionState): void {
    this.#state = state;
    if (state === 'open' || state === 'refused' || state === 'lost') this.#settled.resolve();
    for (const listener of this.#stateListeners) listener(state);
  }

  async #call(path: readonly string[], input: unknown, options: ClientOptions<Record<never, never>>): Promise<unknown> {
    await this.#settled.promise;
    const link = this.#link;
    if (link === undefined) throw coreStopped();
    const { promise: gone, reject } = Promise.withResolvers<never>();
    const giveUp = (): void => reject(coreStopped());
    this.#underWay.add(giveUp);
    try {
      return await Promise.race([link.call(path, input, options), gone]);
    } catch (error) {
      if (this.#link !== link) throw coreStopped(error);
      throw isAbort(error) && options.signal?.aborted !== true ? coreStopped(error) : toClientError(error);
    } finally {
      this.#underWay.delete(giveUp);
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
