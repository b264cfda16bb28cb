/** @file The wave that excites a filter, played over and over for a moment: it is some hundredths of a second long. */
import type { Api } from '../client/index.ts';
import { floatsFromBase64 } from '../../src-main/contract/index.ts';
import { repeated, wavFile } from '../lib/wav.ts';

/** What is used of the core. */
type SoundApi = { inspect: Pick<Api['inspect'], 'spectrumWave'> };
type Wish = Parameters<SoundApi['inspect']['spectrumWave']>[0];

/** Quieter than music: waves that excite filters are shrill. */
const volume = 0.4;
const seconds = 1;

/** Plays one wave at a time. */
export class FilterSound {
  readonly #api: SoundApi;
  readonly #pauseOthers: () => void;
  #sound: HTMLAudioElement | null = null;
  #request = 0;

  /** @param pauseOthers called before a wave is played */
  constructor(api: SoundApi, pauseOthers: () => void) {
    this.#api = api;
    this.#pauseOthers = pauseOthers;
  }

  /** Plays a filter's wave. */
  async play(wish: Wish): Promise<void> {
    this.stop();
    const request = this.#request;
    const { wave, sampleRate } = await this.#api.inspect.spectrumWave(wish);
    if (request !== this.#request) return;
    this.#pauseOthers();
    const samples = repeated(floatsFromBase64(wave), seconds * sampleRate);
    const url = URL.createObjectURL(new Blob([wavFile(samples, sampleRate)], { type: 'audio/wav' }));
    const sound = new Audio(url);
    sound.volume = volume;
    sound.addEventListener('ended', () => URL.revokeObjectURL(url), { once: true });
    this.#sound = sound;
    await sound.play();
  }

  /** Ends what plays. */
  stop(): void {
    this.#request++;
    this.#sound?.pause();
    this.#sound = null;
  }
}
