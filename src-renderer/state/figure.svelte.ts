/** @file A figure of Inspect: made when it is shown, followed while it is made, and outdated when what it was made of has changed. */
import type { AppEvent, EncoderId, Inspection } from '../../src-main/contract/index.ts';

/** How a figure is asked for. */
type Ask<Wish, Answer> = (wish: Wish, options: { signal: AbortSignal }) => Promise<Answer>;

/** One kind of figure. */
export class FigureState<Wish extends { encoderId: EncoderId; otherId?: EncoderId }, Answer> {
  readonly #about: Inspection['about'];
  readonly #ask: Ask<Wish, Answer>;
  readonly #encodersOf: (wish: Wish) => readonly EncoderId[];
  #wish = $state.raw<Wish | null>(null);
  #answer = $state.raw<Answer | null>(null);
  #error = $state.raw<unknown>(null);
  #progress = $state.raw<Inspection | null>(null);
  #isLooking = $state(false);
  #isOutdated = $state(false);
  #abort = new AbortController();

  /** @param encodersOf whose progress and changes are its own; the one that is asked about, and the other one beside it, when left out */
  constructor(
    about: Inspection['about'],
    ask: Ask<Wish, Answer>,
    encodersOf: (wish: Wish) => readonly EncoderId[] = ({ encoderId, otherId }) => [encoderId, ...(otherId === undefined ? [] : [otherId])],
  ) {
    this.#about = about;
    this.#ask = ask;
    this.#encodersOf = encodersOf;
  }

  /** What was asked for last; null before anything was. */
  get wish(): Wish | null {
    return this.#wish;
  }

  /** What is shown; null until something was made. While another is made it stays, unless that is of another encoder. */
  get answer(): Answer | null {
    return this.#answer;
  }

  /** Why it could not be made; null when it could. */
  get error(): unknown {
    return this.#error;
  }

  get isLooking(): boolean {
    return this.#isLooking;
  }

  /** How far it is; null while nobody knows. */
  get progress(): Inspection | null {
    return this.#progress;
  }

  /** Whether segments, tracks or tags are not what they were. */
  get isOutdated(): boolean {
    return this.#isOutdated;
  }

  /** Shows what is wished; what was made for the same wish stays. */
  async show(wish: Wish): Promise<void> {
    const isSame = JSON.stringify(wish) === JSON.stringify(this.#wish);
    if (isSame && this.#error === null && (this.#answer !== null || this.#isLooking)) return;
    await this.make(wish);
  }

  /** Makes it, again where it was made. */
  async make(wish: Wish): Promise<void> {
    this.stop();
    if (wish.encoderId !== this.#wish?.encoderId || wish.otherId !== this.#wish.otherId) this.#answer = null;
    this.#wish = wish;
    const abort = new AbortController();
    this.#abort = abort;
    this.#isLooking = true;
    this.#isOutdated = false;
    this.#error = null;
    try {
      const answer = await this.#ask(wish, { signal: abort.signal });
      if (!abort.signal.aborted) this.#answer = answer;
    } catch (error) {
      if (!abort.signal.aborted) this.#error = error;
    } finally {
      if (abort === this.#abort) this.#isLooking = false;
    }
  }

  /** Makes what was wished last once more. */
  async again(): Promise<void> {
    if (this.#wish !== null) await this.make(this.#wish);
  }

  /** Ends the making; what was shown before stays. */
  stop(): void {
    this.#abort.abort();
    this.#isLooking = false;
    this.#progress = null;
  }

  /** An event of the core. */
  hear(event: AppEvent): void {
    const own = this.#wish === null ? [] : this.#encodersOf(this.#wish);
    if (event.type === 'inspect.looking') {
      const { looking } = event;
      if (looking === null || (looking.about === this.#about && own.includes(looking.encoderId))) this.#progress = looking;
    }
    if (event.type === 'index.changed' && own.includes(event.encoderId)) this.#isOutdated = true;
    if (event.type === 'tags.changed' || event.type === 'library.changed') this.#isOutdated = true;
    if (event.type === 'playlists.changed' && JSON.stringify(this.#wish).includes('"playlistId"')) this.#isOutdated = true;
  }
}
