/** @file A segment of a data set, played by itself: the player has the library's tracks alone. */
import type { Api } from '../client/index.ts';
import { floatsFromBase64 } from '../../src-main/contract/index.ts';
import type { DataSetSoundWish } from '../../src-main/contract/index.ts';
import { repeated, wavFile } from '../lib/wav.ts';

/** What is used of the core. */
type SoundApi = { inspect: Pick<Api['inspect'], 'dataSetSound'> };

/** Plays one segment at a time. */
export class DataSetSound {
  readonly #api: SoundApi;
  readonly #pauseOthers: () => void;
  #sound: HTMLAudioElement | null = null;
  #playing = $state.raw<DataSetSoundWish | null>(null);

  /** @param pauseOthers called before a segment is played */
  constructor(api: SoundApi, pauseOthers: () => void) {
    this.#api = api;
    this.#pauseOthers = pauseOthers;
  }

  /** Whether that segment plays, or is fetched to be played. */
  isPlaying({ name, trackId, startMs }: DataSetSoundWish): boolean {
    const now = this.#playing;
    return now !== null && now.name === name && now.trackId === trackId && now.startMs === startMs;
  }

  /** Plays a segment, or ends it where it is what plays. */
  async toggle(wish: DataSetSoundWish): Promise<void> {
    const isOn = this.isPlaying(wish);
    this.stop();
    if (isOn) return;
    this.#playing = wish;
    try {
      const { wave, sampleRate } = await this.#api.inspect.dataSetSound(wish);
      if (this.#playing !== wish) return;
      this.#pauseOthers();
      const samples = floatsFromBase64(wave);
      const url = URL.createObjectURL(new Blob([wavFile(repeated(samples, samples.length), sampleRate)], { type: 'audio/wav' }));
      const sound = new Audio(url);
      sound.addEventListener('ended', () => this.#playing === wish && this.stop(), { once: true });
      this.#sound = sound;
      await sound.play();
    } catch (error) {
      if (this.#playing !== wish) return;
      this.#playing = null;
      throw error;
    }
  }

  /** Ends what plays. */
  stop(): void {
    this.#playing = null;
    if (this.#sound === null) return;
    this.#sound.pause();
    URL.revokeObjectURL(this.#sound.src);
    this.#sound = null;
  }
}
