/** @file "Listen to what it hears": the two augmented views of a track, and which of them sounds. */
import { bytesFromBase64 } from '../../src-main/contract/index.ts';
import type { pretraining } from '../../src-main/contract/index.ts';
import type { Api } from '../client/index.ts';
import { isAbort, messageOf } from '../client/errors.ts';
import { wavFile } from '../lib/wav.ts';
import type { EstimateRequest } from './estimate.svelte.ts';

/** What is used of the core. */
type ViewPairApi = { pretrain: Pick<Api['pretrain'], 'hear'> };

/** What is used of a media element. */
export type ViewMedia = Pick<HTMLAudioElement, 'src' | 'currentTime' | 'duration' | 'paused' | 'volume'> & {
  play(): Promise<void>;
  pause(): void;
  addEventListener(type: 'play' | 'pause' | 'ended' | 'timeupdate', listener: () => void): void;
};

/** A view as it is shown. */
export type AugmentedView = { startMs: number; applied: readonly string[]; pixels: Uint8Array; bands: number; frames: number; url: string };
/** A pair as it is shown. */
export type ShownPair = Pick<pretraining.ViewPair, 'trackId' | 'title' | 'artist' | 'sampleRate'> & { views: readonly AugmentedView[] };

/** What a pair is drawn with. */
export type ViewPairRequest = Pick<EstimateRequest, 'settings' | 'selection'>;

const largestSeed = 0xffffffff;

/** The pair that was drawn last. */
export class ViewPairState {
  readonly #api: ViewPairApi;
  readonly #makeMedia: () => ViewMedia;
  #media: ViewMedia | null = null;
  #pair = $state.raw<ShownPair | null>(null);
  #drawnWith = $state('');
  #problem = $state<string | null>(null);
  #underWay = $state.raw<AbortController | null>(null);
  #playing = $state<number | null>(null);
  /** The view that was played last; the space bar is its as long as nothing else plays. */
  #last = $state<number | null>(null);
  #share = $state(0);
  #seed = 0;

  /** @param makeMedia makes a silent media element; replaced in tests */
  constructor(api: ViewPairApi, makeMedia: () => ViewMedia = () => new Audio()) {
    this.#api = api;
    this.#makeMedia = makeMedia;
  }

  get pair(): ShownPair | null {
    return this.#pair;
  }

  /** Whether the pair was drawn with these settings. */
  isOf(request: ViewPairRequest): boolean {
    return this.#drawnWith === keyOf(request);
  }

  get problem(): string | null {
    return this.#problem;
  }

  get isDrawing(): boolean {
    return this.#underWay !== null;
  }

  /** Number of the view that sounds, from 0; null when none does. */
  get playing(): number | null {
    return this.#playing;
  }

  get last(): number | null {
    return this.#last;
  }

  /** How far the view that was played last is, 0 to 1. */
  get share(): number {
    return this.#share;
  }

  /** Draws a pair; another one each time. */
  async draw({ settings, selection }: ViewPairRequest): Promise<void> {
    this.#underWay?.abort();
    const underWay = new AbortController();
    this.#underWay = underWay;
    this.#problem = null;
    try {
      const seed = (settings.seed + this.#seed++) % largestSeed;
      const pair = await this.#api.pretrain.hear({ settings, selection, seed }, { signal: underWay.signal });
      if (this.#underWay !== underWay) return;
      this.#show(pair);
      this.#drawnWith = keyOf({ settings, selection });
    } catch (error) {
      if (this.#underWay === underWay && !isAbort(error)) this.#problem = messageOf(error);
    } finally {
      if (this.#underWay === underWay) this.#underWay = null;
    }
  }

  /** Plays a view, or pauses it if it sounds. */
  toggle(view: number, volume = 1): void {
    if (this.#playing === view) return this.pause();
    const url = this.#pair?.views[view]?.url;
    if (url === undefined) return;
    const media = (this.#media ??= this.#connect(this.#makeMedia()));
    if (this.#last !== view || media.src !== url) {
      media.src = url;
      this.#share = 0;
    }
    this.#last = view;
    media.volume = volume;
    media.play().catch((error: unknown) => {
      if (!(error instanceof DOMException && error.name === 'AbortError'))
        this.#problem = `This view cannot be played: ${messageOf(error)}`;
    });
  }

  pause(): void {
    this.#media?.pause();
  }

  /** Something else was played: the space bar is no longer the pair's. */
  giveWay(): void {
    this.pause();
    this.#last = null;
  }

  #connect(media: ViewMedia): ViewMedia {
    media.addEventListener('play', () => (this.#playing = this.#last));
    media.addEventListener('pause', () => (this.#playing = null));
    media.addEventListener('ended', () => {
      this.#playing = null;
      this.#share = 0;
    });
    media.addEventListener('timeupdate', () => (this.#share = media.duration > 0 ? media.currentTime / media.duration : 0));
    return media;
  }

  #show({ views, ...pair }: pretraining.ViewPair): void {
    this.pause();
    this.#last = null;
    this.#share = 0;
    for (const { url } of this.#pair?.views ?? []) URL.revokeObjectURL(url);
    this.#pair = {
      ...pair,
      views: views.map(({ wave, spectrogram, ...view }) => ({
        ...view,
        pixels: bytesFromBase64(spectrogram),
        url: URL.createObjectURL(new Blob([wavFile(bytesFromBase64(wave), pair.sampleRate)], { type: 'audio/wav' })),
      })),
    };
  }
}

/** What a pair depends on: the chain, the rate and the tracks. */
function keyOf({ settings, selection }: ViewPairRequest): string {
  return JSON.stringify([settings.augmentation, settings.encoder, selection]);
}
