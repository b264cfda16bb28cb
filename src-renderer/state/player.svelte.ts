/** @file What plays: a track or one segment of it, what comes next, the audition of several segments. Logic without any media element. */
import { passagePlayable, segmentPlayable, trackPlayable } from '../lib/playable.ts';
import type {
  Audition,
  PlayOrder,
  Playable,
  PlayablePassage,
  PlayableSegment,
  PlayableTrack,
  PlayerEngine,
  PlayerModel,
  SegmentBounds,
  StepReason,
} from '../lib/playable.ts';

/** A segment ends this much early rather than late, in ms: half a frame of the screen. */
const endToleranceMs = 8;

/** `volume` 0 to 1. */
export type Loudness = { volume: number; isMuted: boolean };

/** Whether something that was kept is a loudness. */
export function isLoudness(kept: unknown): kept is Loudness {
  if (typeof kept !== 'object' || kept === null || !('volume' in kept) || !('isMuted' in kept)) return false;
  return typeof kept.volume === 'number' && kept.volume >= 0 && kept.volume <= 1 && typeof kept.isMuted === 'boolean';
}

/** The player. One for the page. */
export class PlayerState implements PlayerModel {
  #engine: PlayerEngine | null = null;
  #order: PlayOrder | null = null;
  #now = $state.raw<Playable | null>(null);
  #isPlaying = $state(false);
  #positionMs = $state(0);
  #durationMs = $state(0);
  #isLooping = $state(false);
  #goesOn = $state(false);
  #volume = $state(1);
  #isMuted = $state(false);
  #audition = $state.raw<Audition | null>(null);
  #error = $state<string | null>(null);
  /** Counts requests to play, so that a slow neighbour does not interrupt what was started since. */
  #request = 0;
  readonly #keep: (loudness: Loudness) => void;

  /** @param keep hears of every change of loudness that a person makes */
  constructor(keep: (loudness: Loudness) => void = () => undefined) {
    this.#keep = keep;
  }

  get now(): Playable | null {
    return this.#now;
  }

  get isPlaying(): boolean {
    return this.#isPlaying;
  }

  /** Within the track. */
  get positionMs(): number {
    return this.#positionMs;
  }

  get durationMs(): number {
    return this.#durationMs;
  }

  /** Whether the segment (or the track) begins again at its end. */
  get isLooping(): boolean {
    return this.#isLooping;
  }

  /** Whether a segment goes on into the remainder of its track. */
  get goesOn(): boolean {
    return this.#goesOn;
  }

  /** 0 to 1 */
  get volume(): number {
    return this.#volume;
  }

  get isMuted(): boolean {
    return this.#isMuted;
  }

  get audition(): Audition | null {
    return this.#audition;
  }

  /** Why it cannot be played, as a sentence; null when it can. */
  get error(): string | null {
    return this.#error;
  }

  /** Takes what makes the sound; returns the way to give it back. */
  attach(engine: PlayerEngine): () => void {
    this.#engine = engine;
    engine.setVolume(this.#volume, this.#isMuted);
    return () => {
      if (this.#engine === engine) this.#engine = null;
      this.#isPlaying = false;
    };
  }

  /** "Next" and "previous" follow this order from now on. */
  follow(order: PlayOrder): void {
    this.#order = order;
  }

  /** Plays a whole track. */
  playTrack(track: PlayableTrack, fromMs = 0): void {
    this.#audition = null;
    this.#play(trackPlayable(track), fromMs);
  }

  /** Plays one segment from its start to its end. */
  playSegment(row: PlayableSegment): void {
    this.#audition = null;
    this.#play(segmentPlayable(row));
  }

  /** Plays a marked passage from its start to its end. */
  playPassage(passage: PlayablePassage): void {
    this.#audition = null;
    this.#play(passagePlayable(passage));
  }

  /** Whether this segment is what plays (or is paused). */
  isSegment(row: { trackId: number; segment: number }): boolean {
    return this.#now?.trackId === row.trackId && this.#now.segment?.number === row.segment;
  }

  /** Plays a segment, or pauses or resumes it if it is the one already. */
  toggleSegment(row: PlayableSegment): void {
    if (this.isSegment(row) && this.#error === null) this.toggle();
    else this.playSegment(row);
  }

  /** Plays or pauses. */
  toggle(): void {
    if (this.#now === null) return;
    if (this.#isPlaying) this.#engine?.pause();
    else if (this.#error !== null) this.#play(this.#now);
    else this.#engine?.resume();
  }

  /** Moves within the track. Outside the segment that plays, the whole track plays on from there. */
  seek(positionMs: number): void {
    const now = this.#now;
    if (now === null) return;
    const to = Math.max(0, Math.min(positionMs, this.#durationMs || positionMs));
    const bounds = now.segment;
    if (bounds !== null && (to < bounds.startMs || to >= bounds.endMs)) {
      this.#audition = null;
      this.#now = { ...now, segment: null };
    }
    this.#positionMs = to;
    this.#engine?.seek(to);
  }

  setVolume(volume: number): void {
    this.#setLoudness({ volume: Math.max(0, Math.min(1, volume)), isMuted: false });
  }

  toggleMute(): void {
    this.#setLoudness({ volume: this.#volume, isMuted: !this.#isMuted });
  }

  /** Makes it as loud as it was left. */
  recall(loudness: Loudness): void {
    if (!isLoudness(loudness)) return;
    this.#volume = loudness.volume;
    this.#isMuted = loudness.isMuted;
    this.#engine?.setVolume(this.#volume, this.#isMuted);
  }

  toggleLoop(): void {
    this.#isLooping = !this.#isLooping;
  }

  toggleGoesOn(): void {
    this.#goesOn = !this.#goesOn;
  }

  /** Plays segments one after the other. */
  startAudition(rows: readonly PlayableSegment[]): void {
    const items = rows.map(segmentPlayable);
    if (items.length === 0) return;
    this.#audition = { items, at: 0 };
    this.#playAudition(0);
  }

  /** Ends the audition and the sound. */
  stopAudition(): void {
    this.#audition = null;
    this.#engine?.pause();
  }

  /** The next row of the audition, else of the table. */
  async next(): Promise<void> {
    await this.#step(1);
  }

  /** The row before. */
  async previous(): Promise<void> {
    await this.#step(-1);
  }

  /** From the engine: where the sound is. Called at every frame while it plays. */
  heardPosition(positionMs: number): void {
    this.#positionMs = positionMs;
    const bounds = this.#now?.segment ?? null;
    if (bounds !== null && this.#isPlaying && positionMs >= bounds.endMs - endToleranceMs) this.#ended(bounds);
  }

  /** From the engine: the track has come to its end. */
  heardEnd(): void {
    const bounds = this.#now?.segment ?? { number: 0, startMs: 0, endMs: this.#durationMs };
    if (this.#now?.segment === null && !this.#isLooping) void this.#goOn();
    else this.#ended(bounds, true);
  }

  /** From the engine. */
  heardPlaying(isPlaying: boolean): void {
    this.#isPlaying = isPlaying;
    if (isPlaying) this.#error = null;
  }

  /** From the engine: how long the track is. */
  heardDuration(durationMs: number): void {
    if (Number.isFinite(durationMs) && durationMs > 0) this.#durationMs = durationMs;
  }

  /** From the engine: why the track cannot be played. An audition goes on with the next segment. */
  heardError(sentence: string): void {
    this.#isPlaying = false;
    this.#error = sentence;
    const audition = this.#audition;
    if (audition !== null && audition.at + 1 < audition.items.length) this.#playAudition(audition.at + 1);
  }

  #setLoudness(loudness: Loudness): void {
    this.recall(loudness);
    this.#keep(loudness);
  }

  #ended(bounds: SegmentBounds, isTrackOver = false): void {
    const audition = this.#audition;
    if (audition !== null) {
      if (audition.at + 1 < audition.items.length) return this.#playAudition(audition.at + 1);
      if (this.#isLooping) return this.#playAudition(0);
      this.#audition = null;
      return this.#rest(bounds.startMs);
    }
    if (this.#isLooping && this.#now !== null) return this.#play(this.#now, bounds.startMs);
    if (this.#goesOn && !isTrackOver && this.#now !== null) {
      this.#now = { ...this.#now, segment: null };
      return;
    }
    this.#rest(bounds.startMs);
  }

  /** A track is over: the next one of a list plays, else it stands still at its beginning. */
  async #goOn(): Promise<void> {
    this.#rest(0);
    if (this.#order?.continues === true) await this.#step(1, 'ended');
  }

  /** Stands still, ready to be played again from there. */
  #rest(positionMs: number): void {
    this.#engine?.pause();
    this.#engine?.seek(positionMs);
    this.#positionMs = positionMs;
  }

  #playAudition(at: number): void {
    const audition = this.#audition;
    const item = audition?.items[at];
    if (audition === null || item === undefined) return;
    this.#audition = { items: audition.items, at };
    this.#play(item);
    const next = audition.items[at + 1] ?? (this.#isLooping ? audition.items[0] : undefined);
    if (next !== undefined) this.#engine?.prepare(next.trackId, next.segment?.startMs ?? 0, item.segment?.endMs);
  }

  async #step(step: 1 | -1, reason: StepReason = 'asked'): Promise<void> {
    const now = this.#now;
    const audition = this.#audition;
    if (audition !== null && audition.items[audition.at + step] !== undefined) return this.#playAudition(audition.at + step);
    if (now === null || audition !== null || this.#order === null) return;
    const request = ++this.#request;
    const next = await this.#order.neighbour(now, step, reason);
    if (next !== null && request === this.#request) this.#play(next);
  }

  #play(playable: Playable, fromMs = playable.segment?.startMs ?? 0): void {
    this.#request++;
    if (playable.trackId !== this.#now?.trackId) this.#durationMs = playable.durationMs ?? 0;
    this.#now = playable;
    this.#error = null;
    this.#positionMs = fromMs;
    this.#engine?.start(playable.trackId, fromMs);
  }
}
