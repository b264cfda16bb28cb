/** @file Tracks that a scan brings while it goes on: what listens to music follows it, and need not wait for its end. */
import type { Job, JobId } from '../../contract/index.ts';

/** Where a scan stands. `held`: a person paused it, and nothing comes until it is resumed. */
type Scanning = 'none' | 'held' | 'coming';

/** Tells of tracks as they are stored: of the first at once, of those after it at the pace of {@link Arrivals.tell}. */
export class Arrivals {
  readonly #onFirst: () => unknown;
  #scanning: Scanning = 'none';
  #scan: JobId | null = null;
  #count = 0;
  #told = 0;
  #isFirst = true;
  #next = Promise.withResolvers<void>();

  /** @param onFirst hears of the first track that comes after a scan began, or was resumed */
  constructor(onFirst: () => unknown) {
    this.#onFirst = onFirst;
  }

  /** Whether more tracks may come without anybody doing anything. */
  get areComing(): boolean {
    return this.#scanning === 'coming';
  }

  /** The scan that is under way, or was the last. */
  get scan(): JobId | null {
    return this.#scan;
  }

  /** Whether a scan is under way, a paused one too. */
  get isScanning(): boolean {
    return this.#scanning !== 'none';
  }

  /** How many tracks have come so far, of all scans. */
  get count(): number {
    return this.#count;
  }

  /** A scan job works, is held up, or is over. */
  hear({ id, state }: Pick<Job, 'id' | 'state'>): void {
    if (state !== 'running' && id !== this.#scan) return;
    this.#scan = id;
    this.#turn(state === 'running' ? 'coming' : state === 'paused' || state === 'queued' ? 'held' : 'none');
  }

  /** A track came that was not there before. */
  note(): void {
    this.#count++;
    if (!this.#isFirst) return;
    this.#isFirst = false;
    this.#told = this.#count;
    this.#onFirst();
    this.wake();
  }

  /** Tells those who wait of what came since it was last told. */
  tell(): void {
    if (this.#count === this.#told) return;
    this.#told = this.#count;
    this.wake();
  }

  /** Resolves when tracks have come, or the scan has turned; at once when the signal has fired. */
  async next(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const { promise, resolve } = this.#next;
    const stop = (): void => resolve();
    signal.addEventListener('abort', stop, { once: true });
    await promise;
    signal.removeEventListener('abort', stop);
  }

  /** Wakes those who wait, for whatever else they look at too. */
  wake(): void {
    this.#next.resolve();
    this.#next = Promise.withResolvers<void>();
  }

  #turn(scanning: Scanning): void {
    if (scanning === this.#scanning) return;
    this.#scanning = scanning;
    if (scanning === 'coming') this.#isFirst = true;
    this.wake();
  }
}
