/**
 * @file Two media elements that take turns: while one plays, the other gets ready to start somewhere else, and begins unheard a little before its turn, so that
 * one segment follows another without a gap. Both stream; nothing is decoded ahead. Where an element cannot play a file, or takes it for longer or shorter than it is
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

/** Where the spare deck has been told to start. `turnsAtMs`: where in what plays its turn comes, null where nobody knows; `isRolling`: it plays, unheard. */
type Prepared = { trackId: number; fromMs: number; turnsAtMs: number | null; isRolling: boolean };

/** An element takes some hundredths of a second to begin: the one whose turn comes begins so much before its place, unheard. */
const leadMs = 250;
/** At the very beginning of a track there is nothing before it: so much of it may pass unheard. */
const leastLeadMs = 40;
/** A turn that has not come so long after its time comes no more. */
const lateMs = 500;
/** Where a deck is further from its place than this when its turn comes, it goes there. */
const nearMs = 200;

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
  #prepared: Prepared | null = null;
  #volume = 1;
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
    if (isReady) this.#turn(fromMs);
    else {
      this.#stopRolling();
      this.#load(this.#active, trackId, fromMs);
    }
    this.#prepared = null;
    if (this.media.paused) this.#play();
    else this.#watch();
  }

  /** Gets the other element ready to start there, and to begin before its turn comes. */
  prepare(trackId: number, fromMs: number, turnsAtMs: number | null = null): void {
    this.#load(this.#spare, trackId, turnsAtMs === null ? fromMs : Math.max(0, fromMs - leadMs));
    this.#prepared = { trackId, fromMs, turnsAtMs, isRolling: false };
  }

  seek(positionMs: number): void {
    this.#stopRolling();
    this.#active.atMs = positionMs;
    this.media.currentTime = positionMs / 1000;
  }

  pause(): void {
    this.#stopRolling();
    this.media.pause();
  }

  resume(): void {
    this.#play();
  }

  /** `volume` 0 to 1 as heard: the loudness of a fader goes with its square. */
  setVolume(volume: number, isMuted: boolean): void {
    this.#volume = volume ** 2;
    for (const deck of [this.#active, this.#spare]) {
      deck.media.volume = deck === this.#spare && this.#prepared?.isRolling === true ? 0 : this.#volume;
      deck.media.muted = isMuted;
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

  #turn(fromMs: number): void {
    const before = this.#active;
    this.#active = this.#spare;
    this.#spare = before;
    this.#active.atMs = fromMs;
    if (Math.abs(this.media.currentTime * 1000 - fromMs) > nearMs) this.media.currentTime = fromMs / 1000;
    this.media.volume = this.#volume;
    before.media.pause();
    this.#turned(this.media);
    if (!this.media.paused) this.#listener.heardPlaying(true);
    if (Number.isFinite(this.media.duration)) this.#listener.heardDuration(this.media.duration * 1000);
  }

  /** Where the sound is; what was prepared begins where its turn is near. */
  #heard(positionMs: number): void {
    this.#roll(positionMs);
    this.#listener.heardPosition(positionMs);
  }

  #roll(positionMs: number): void {
    const prepared = this.#prepared;
    if (prepared === null || prepared.turnsAtMs === null) return;
    const lead = Math.max(leastLeadMs, prepared.fromMs - this.#spare.atMs);
    const isNear = positionMs >= prepared.turnsAtMs - lead && positionMs < prepared.turnsAtMs + lateMs;
    if (isNear === prepared.isRolling) return;
    if (!isNear) return this.#stopRolling();
    const { media } = this.#spare;
    prepared.isRolling = true;
    media.volume = 0;
    media.play().catch(() => {
      // It is started again, with its reason told, when its turn comes.
    });
  }

  #stopRolling(): void {
    if (this.#prepared?.isRolling !== true) return;
    this.#prepared.isRolling = false;
    const { media, atMs } = this.#spare;
    media.pause();
    media.currentTime = atMs / 1000;
    media.volume = this.#volume;
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
    on('timeupdate', () => this.#heard(media.currentTime * 1000));
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
      if (!media.seeking) this.#heard(media.currentTime * 1000);
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
