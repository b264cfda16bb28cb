/** @file Filter spectra of an encoder's layers: made once, and kept beside what can be made again. */
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '../../base/index.ts';
import { readEncoderWeights, readSafetensors, spectrumSamples, writeSafetensorsFile } from '../../compute/index.ts';
import { toBase64 } from '../../contract/index.ts';
import type { EncoderId, Spectra, SpectraWish, SpectrumWave } from '../../contract/index.ts';
import { filterSpectra } from '../../inspect/index.ts';
import { reachedLayers } from '../../learn/index.ts';
import type { StoredEncoder } from '../../store/index.ts';
import { encoderSettings } from '../encoders/encoder-settings.ts';
import { baseOf } from '../encoders/spaces.ts';
import type { Tools } from '../tools.ts';
import { askSpectra } from './ask-spectra.ts';
import type { Follow } from './kept-answers.ts';

/** Noise that ascents begin with; the same for all, so that spectra of two encoders can be compared. */
const seed = 1;
const tensorName = 'waves';

/** Makes spectra. */
export class FilterSpectra {
  readonly #tools: Tools;
  readonly #closed: AbortSignal;

  /** @param closed fires when nobody waits any more */
  constructor(tools: Tools, closed: AbortSignal) {
    this.#tools = tools;
    this.#closed = closed;
  }

  /** Spectra of a layer’s filters. @throws AppError NOT_FOUND, BAD_INPUT for another kind of encoder or a layer that waves do not reach; CANCELLED */
  async spectra({ encoderId, layer }: SpectraWish, follow: Follow = {}): Promise<Spectra> {
    const encoder = this.#encoder(encoderId);
    const layers = reachedLayers(encoderSettings(encoder), spectrumSamples);
    const waves = await this.#waves(encoder, layer, follow);
    const { sampleRate } = encoder;
    const lines = filterSpectra(waves, spectrumSamples, sampleRate).map(({ magnitudes, ...line }) => ({
      ...line,
      magnitudes: magnitudes.map(shortly),
    }));
    return { encoderId: encoder.id, name: encoder.name, layer, layers, sampleRate, samples: spectrumSamples, lines };
  }

  /** The wave that excites a filter, at full scale. @throws as {@link spectra} */
  async wave({ encoderId, layer, filter }: SpectraWish & { filter: number }, follow: Follow = {}): Promise<SpectrumWave> {
    const encoder = this.#encoder(encoderId);
    const waves = await this.#waves(encoder, layer, follow);
    const wave = waves.slice(filter * spectrumSamples, (filter + 1) * spectrumSamples);
    if (wave.length === 0)
      throw new AppError(
        'BAD_INPUT',
        `Layer ${layer} has filters 0 to ${waves.length / spectrumSamples - 1}; there is no filter ${filter}.`,
      );
    const mean = wave.reduce((sum, value) => sum + value, 0) / wave.length;
    const centred = wave.map((value) => value - mean);
    const greatest = centred.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const shown = centred.map((value) => (greatest > 0 ? value / greatest : 0));
    return { sampleRate: encoder.sampleRate, wave: toBase64(new Uint8Array(shown.buffer)) };
  }

  #encoder(encoderId: EncoderId): StoredEncoder {
    const { store } = this.#tools;
    const encoder = baseOf(store, store.encoders.get(encoderId));
    if (encoder.architecture === 'sample-cnn') return encoder;
    throw new AppError(
      'BAD_INPUT',
      `Filter spectra are made of a SampleCNN’s filters, which hear waves; ${encoder.name} is another kind of encoder. Choose one in the header.`,
    );
  }

  async #waves(encoder: StoredEncoder, layer: number, { signal = this.#closed, onProgress }: Follow): Promise<Float32Array> {
    const { store, entries, events } = this.#tools;
    const path = store.paths.cached('spectra', `${encoder.weightsSha256.slice(0, 32)}-${layer}.safetensors`);
    const known = await kept(path);
    if (known !== null) return known;
    const settings = encoderSettings(encoder);
    const weights = new Map(await readEncoderWeights(settings, { path: store.paths.weights(encoder.id), sha256: encoder.weightsSha256 }));
    const tell = (done: number, total: number): void => {
      events.emit({ type: 'inspect.looking', looking: { encoderId: encoder.id, about: 'spectra', done, total } });
      onProgress?.(done, total);
    };
    try {
      const waves = await askSpectra(
        { settings, weights, layer, seed },
        { entry: entries.spectraProcess, signal: AbortSignal.any([signal, this.#closed]), onProgress: tell },
      );
      await mkdir(dirname(path), { recursive: true });
      await writeSafetensorsFile(
        path,
        new Map([[tensorName, { shape: [waves.length / spectrumSamples, spectrumSamples], data: waves }]]),
        {},
      );
      return waves;
    } finally {
      events.emit({ type: 'inspect.looking', looking: null });
    }
  }
}

/** Waves that were found before; null where there are none, or the file is not whole. */
async function kept(path: string): Promise<Float32Array | null> {
  try {
    return (await readSafetensors(path)).tensors.get(tensorName)?.data ?? null;
  } catch {
    return null;
  }
}

function shortly(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
