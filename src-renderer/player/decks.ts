/**
 * @file Two media elements that take turns: while one plays, the other gets ready to start somewhere else, so that one segment follows another
 * without a gap to speak of. Both stream; nothing is decoded ahead. Where an element cannot play a file, or takes it for longer or shorter than it is
 * (and so looks for places elsewhere than they are), it gets a copy that the indexing decoder made.
 */

/** What is told about the sound. */
export interface DeckListener {
  heardPosition(positionMs: number): void;
  heardPlaying(isPlaying: boolean): void;
  heardDuration(durationMs: number): void;
  heardEnd(): void;
  heardError(sentence: string): void;
}

/** Gives the address of a track's file, or of the copy that is made of it. */
export type UrlOf = (trackId: number, form: 'file' | 'copy') => string;

/** Tells how long the library has a track, in ms. */
export type LengthOf = (trackId: number) => Promise<number>;

/** Lengths that differ by less are taken for one: encoders pad. */
const sameLengthMs = 1000;

interface Deck {
  readonly media: HTMLAudioElement;
  /** What it has loaded; null when nothing. */
  trackId: number | null;
  /** Whether it has loaded the copy. */
  isCopy: boolean;
  /** Where it was last told to be. */
  atMs: number;
}

/** The sound of the player. */
export class Decks {
  readonly #urlOf: UrlOf;
  readonly #lengthOf: LengthOf;
  /** Tracks of which only the copy can be relied upon. */
  readonly #copied = new Set<number>();
  readonly #listener: DeckListener;
  readonly #turned: (media: HTMLAudioElement) => void;
  readonly #stop = new AbortController();
  #active: Deck;
  #spare: Deck;
  /** Where the spare deck has been told to start; null when nowhere. */
  #prepared: { trackId: number; fromMs: number } | null = null;
  #frame = 0;

  /** `turned` hears which element plays now. */
  constructor(options: { urlOf: UrlOf; lengthOf: LengthOf; listener: DeckListener; turned: (media: HTMLAudioElement) => void }) {
    this.#urlOf = options.urlOf;
    this.#lengthOf = options.lengthOf;
    this.#listener = options.listener;
    this.#turned = options.turned;
    this.#active = this.#makeDeck();
    this.#spare = this.#makeDeck();
  }

  /** The element that plays. */
  get media(): HTMLAudioElement {
    return this.#active.media;
  }

  /** Plays a track from a time on. */
  start(trackId: number, fromMs: number): void {
    const isReady = this.#prepared?.trackId === trackId && this.#prepared.fromMs === fromMs;
    this.#prepared = null;
    if (isReady) this.#turn();
    else this.#load(this.#active, trackId, fromMs);
    this.#play();
  }

  /** Gets the other element ready to start there. */
  prepare(trackId: number, fromMs: number): void {
    this.#load(this.#spare, trackId, fromMs);
    this.#prepared = { trackId, fromMs };
  }

  seek(positionMs: number): void {
    this.#active.atMs = positionMs;
    this.media.currentTime = positionMs / 1000;
  }

  pause(): void {
    this.media.pause();
  }

  resume(): void {
    this.#play();
  }

  /** `volume` 0 to 1 as heard: the loudness of a fader goes with its square. */
  setVolume(volume: number, isMuted: boolean): void {
    for (const { media } of [this.#active, this.#spare]) {
      media.volume = volume ** 2;
      media.muted = isMuted;
    }
  }

  /** Silences both and lets go of them. */
  close(): void {
    this.#stop.abort();
    cancelAnimationFrame(this.#frame);
    for (const { media } of [this.#active, this.#spare]) {
      media.pause();
      media.removeAttribute('src');
      media.load();
    }
  }

  #turn(): void {
    const before = this.#active;
    this.#active = this.#spare;
    this.#spare = before;
    before.media.pause();
    this.#turned(this.media);
    if (Number.isFinite(this.media.duration)) this.#listener.heardDuration(this.media.duration * 1000);
  }

  #load(deck: Deck, trackId: number, fromMs: number): void {
    if (deck.trackId !== trackId || deck.media.error !== null) {
      deck.trackId = trackId;
      deck.isCopy = this.#copied.has(trackId);
      deck.media.src = this.#urlOf(trackId, deck.isCopy ? 'copy' : 'file');
    }
    deck.atMs = fromMs;
    deck.media.currentTime = fromMs / 1000;
  }

  #play(): void {
    const { media } = this;
    media.play().catch((error: unknown) => {
      const isInterrupted = error instanceof DOMException && error.name === 'AbortError';
      if (!isInterrupted && media === this.media && media.error === null && !this.#stop.signal.aborted)
        this.#listener.heardError(
          error instanceof Error ? `This track cannot be played: ${error.message}` : 'This track cannot be played.',
        );
    });
  }

  #makeDeck(): Deck {
    const media = new Audio();
    media.preload = 'auto';
    const deck: Deck = { media, trackId: null, isCopy: false, atMs: 0 };
    const on = (type: string, run: () => void): void => {
      const heard = (): void => {
        if (deck === this.#active) run();
      };
      media.addEventListener(type, heard, { signal: this.#stop.signal });
    };
    on('play', () => {
      this.#listener.heardPlaying(true);
      this.#watch();
    });
    on('pause', () => this.#listener.heardPlaying(false));
    on('ended', () => this.#listener.heardEnd());
    on('durationchange', () => this.#listener.heardDuration(media.duration * 1000));
    // Frames stop while the window is hidden; these events do not.
    on('timeupdate', () => this.#listener.heardPosition(media.currentTime * 1000));
    media.addEventListener('loadedmetadata', () => void this.#compare(deck), { signal: this.#stop.signal });
    const failed = (): void => {
      if (!deck.isCopy && isUnplayable(media.error)) this.#takeCopy(deck);
      else if (deck === this.#active) this.#listener.heardError(whyNot(media.error));
    };
    media.addEventListener('error', failed, { signal: this.#stop.signal });
    return deck;
  }

  /** Compares the length that the element has found with the library's. */
  async #compare(deck: Deck): Promise<void> {
    const { trackId, media, isCopy } = deck;
    if (trackId === null || isCopy) return;
    const known = await this.#lengthOf(trackId).catch(() => 0);
    const isSame = deck.trackId === trackId && !deck.isCopy && !this.#stop.signal.aborted;
    if (isSame && known > 0 && Math.abs(media.duration * 1000 - known) > sameLengthMs) this.#takeCopy(deck);
  }

  /** Goes on with the copy, from where the element was told to be, or has come to. */
  #takeCopy(deck: Deck): void {
    const { trackId, media } = deck;
    if (trackId === null) return;
    const wantsToPlay = deck === this.#active && !media.paused;
    const at = media.currentTime > deck.atMs / 1000 ? media.currentTime : deck.atMs / 1000;
    this.#copied.add(trackId);
    deck.isCopy = true;
    media.src = this.#urlOf(trackId, 'copy');
    media.currentTime = at;
    if (wantsToPlay) this.#play();
  }

  #watch(): void {
    cancelAnimationFrame(this.#frame);
    const look = (): void => {
      const { media } = this;
      if (media.paused) return;
      if (!media.seeking) this.#listener.heardPosition(media.currentTime * 1000);
      this.#frame = requestAnimationFrame(look);
    };
    this.#frame = requestAnimationFrame(look);
  }
}

/** True where the element has read the file and can do nothing with it. */
function isUnplayable(error: Pick<MediaError, 'code'> | null): boolean {
  return error?.code === 3 || error?.code === 4;
}

/** A media element's error as a sentence. */
export function whyNot(error: Pick<MediaError, 'code' | 'message'> | null): string {
  switch (error?.code) {
    case 2:
      return 'This track cannot be played: reading it was interrupted. Check that its drive is attached, then press play again.';
    case 3:
      return 'This track cannot be played to its end: the file is damaged from here on.';
    case 4:
      return 'This track cannot be played: its file is gone, or its format is none that this player knows.';
    default:
      return 'This track cannot be played.';
  }
}
