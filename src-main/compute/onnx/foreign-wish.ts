/** @file What an ONNX file does not say of itself, and a person does: its input, its sample rate, the length of a segment, its output. */
import { AppError } from '../../base/index.ts';
import type { OnnxAxis, pictures, Pooling } from '../../learn/index.ts';
import { isFloat } from './foreign-model.ts';
import type { ForeignModel, ForeignValue } from './foreign-model.ts';

/** A mel spectrogram as a person describes it; what is left out is torchaudio's default. */
export type MelWish = { [Name in Exclude<keyof pictures.MelSettings, 'sampleRate'>]?: pictures.MelSettings[Name] | undefined };

/** All of it may be left out where the file says it. */
export type OnnxWish = {
  /** Name of the input, where there are several. */
  input?: string | undefined;
  kind?: 'wave' | 'log-mel' | undefined;
  mel?: MelWish | undefined;
  /** Which axis of a spectrogram comes first. */
  order?: 'bands-first' | 'frames-first' | undefined;
  /** In hertz. */
  sampleRate?: number | undefined;
  cropSamples?: number | undefined;
  /** Any output, or any value that a node makes. */
  output?: string | undefined;
  pooling?: Pooling | undefined;
  /** Axis of the neurons. */
  axis?: number | undefined;
};

/** How the model is fed; what comes out of it shows when it runs. */
export type SettledInput = {
  input: { name: string; axes: OnnxAxis[] };
  mel: pictures.MelSettings | null;
  sampleRate: number;
  cropSamples: number;
};

const rateNames = ['sampleRate', 'sample_rate', 'sampling_rate'];
const cropNames = ['cropSamples', 'crop_samples', 'segment_samples'];
/** No wave that a network takes is shorter, and no picture has a side as long. */
const leastWave = 4000;

/** Settles the input. @throws AppError BAD_INPUT, which says what the file takes and what is missing; WEIGHTS_MISMATCH where file and person disagree */
export function settleInput(model: ForeignModel, wish: OnnxWish, path: string): SettledInput {
  const ask = asker(model, path);
  const input = chosenInput(model, wish, ask);
  const shape = input.shape;
  if (shape === null || shape.length === 0 || shape.length > 4) throw ask(`its input ${input.name} has no shape of one to four axes`);
  const sampleRate = agreed({ path, what: 'sample rate', unit: 'Hz', told: told(model, rateNames), wanted: wish.sampleRate });
  if (sampleRate === undefined) throw ask('say at which sample rate it hears (--rate)');
  const cropTold = told(model, cropNames);
  const kind = wish.kind ?? (cropTold !== undefined && shape.at(-1) === cropTold ? 'wave' : kindOf(shape));
  if (kind === undefined) throw ask('say whether it takes a wave or a log-mel spectrogram (--kind)');
  if (kind === 'wave') {
    const axes = waveAxes(shape, ask);
    const fixed = shape[axes.indexOf('samples')];
    const length = agreed({
      path,
      what: 'segment',
      unit: 'samples',
      told: typeof fixed === 'number' ? fixed : cropTold,
      wanted: wish.cropSamples,
    });
    if (length === undefined) throw ask('say how long a segment is, in samples (--crop)');
    return { input: { name: input.name, axes }, mel: null, sampleRate, cropSamples: length };
  }
  const { axes, bands, frames } = pictureAxes(shape, wish, ask);
  const mel = melOf(wish, { sampleRate, bands, ask });
  const framed = frames === undefined ? undefined : Math.max(mel.window, (frames - 1) * mel.hop);
  const length = agreed({ path, what: 'segment', unit: 'samples', told: framed ?? cropTold, wanted: wish.cropSamples });
  if (length === undefined) throw ask('say how long a segment is, in samples (--crop)');
  return { input: { name: input.name, axes }, mel, sampleRate, cropSamples: length };
}

type Ask = (missing: string) => AppError;

/** What the file takes and gives, and what a person has to say. */
function asker({ inputs, outputs }: ForeignModel, path: string): Ask {
  return (missing) =>
    new AppError(
      'BAD_INPUT',
      `${path} takes ${inputs.map(valueText).join(' and ')} and gives ${outputs.map(valueText).join(' and ')}; ${missing}.`,
      {
        details: { path, inputs, outputs },
      },
    );
}

/** `wave [batch, 59049]` */
export function valueText({ name, shape }: ForeignValue): string {
  return `${name} ${shape === null ? '(of any shape)' : `[${shape.map((size) => size ?? '?').join(', ')}]`}`;
}

function chosenInput({ inputs }: ForeignModel, { input: wanted }: OnnxWish, ask: Ask): ForeignValue {
  const found = wanted === undefined ? inputs[0] : inputs.find(({ name }) => name === wanted);
  if (found === undefined) throw ask(`it has no input${wanted === undefined ? '' : ` ${wanted}`}`);
  if (inputs.length > 1) throw ask('Earmark gives a model one input, the sound');
  if (!isFloat(found)) throw ask(`its input ${found.name} is not of 32-bit floating-point numbers; export it in float32`);
  return found;
}

function told({ metadata }: ForeignModel, names: readonly string[]): number | undefined {
  const value = names.map((name) => metadata.get(name)).find((text) => text !== undefined);
  const number = Number(value);
  return value !== undefined && Number.isInteger(number) && number > 0 ? number : undefined;
}

type Agreement = { path: string; what: string; unit: string; told: number | undefined; wanted: number | undefined };

/** What the file says and what the person says, which must be the same where both say something. */
function agreed({ path, what, unit, told: said, wanted }: Agreement): number | undefined {
  if (said === undefined || wanted === undefined || said === wanted) return wanted ?? said;
  throw new AppError(
    'WEIGHTS_MISMATCH',
    `${path} has a ${what} of ${said} ${unit}, and ${wanted} ${unit} was asked for. Leave it out, or choose another file.`,
    {
      details: { path, told: said, wanted },
    },
  );
}

type Shape = readonly (number | string | null)[];

/** Told by the shape where that leaves no doubt. */
function kindOf(shape: Shape): 'wave' | 'log-mel' | undefined {
  if (shape.length === 4) return 'log-mel';
  const sides = shape.filter((size, axis) => axis > 0 && size !== 1);
  const last = shape.at(-1);
  if (sides.length > 1) return 'log-mel';
  return typeof last === 'number' && last >= leastWave ? 'wave' : undefined;
}

/** One axis of samples, the last; what stands before it is the batch and axes of one. */
function waveAxes(shape: Shape, ask: Ask): OnnxAxis[] {
  const axes = shape.map((size, axis): OnnxAxis =>
    axis === shape.length - 1 ? 'samples' : axis === 0 ? 'batch' : size === 1 || size === null || typeof size === 'string' ? 1 : size,
  );
  if (shape.length > 3 || axes.slice(1, -1).some((axis) => axis !== 1))
    throw ask('a wave has one channel here, and this input has another shape');
  if (axes[0] === 'batch' && typeof shape[0] === 'number' && shape[0] !== 1)
    throw ask(`it takes exactly ${shape[0]} segments at once; export it with an open batch`);
  return axes;
}

type Picture = { axes: OnnxAxis[]; bands: number | undefined; frames: number | undefined };

function pictureAxes(shape: Shape, { order, mel }: OnnxWish, ask: Ask): Picture {
  if (shape.length < 2) throw ask('a spectrogram has at least two axes');
  const [first, second] = [shape.at(-2), shape.at(-1)];
  const bands = mel?.bands;
  const byBands =
    bands === undefined || first === second ? undefined : first === bands ? 'bands-first' : second === bands ? 'frames-first' : undefined;
  const chosen = order ?? byBands;
  if (chosen === undefined)
    throw ask('say which axis of the spectrogram comes first (--order bands-first or frames-first), and its bands (--mel bands=…)');
  const sides: OnnxAxis[] = chosen === 'bands-first' ? ['bands', 'frames'] : ['frames', 'bands'];
  const before = shape.slice(0, -2).map((size, axis): OnnxAxis => (axis === 0 ? 'batch' : typeof size === 'number' ? size : 1));
  if (typeof shape[0] === 'number' && before.length > 0 && shape[0] !== 1)
    throw ask(`it takes exactly ${shape[0]} segments at once; export it with an open batch`);
  const sizeOf = (side: OnnxAxis): number | undefined => {
    const size = sides[0] === side ? first : second;
    return typeof size === 'number' ? size : undefined;
  };
  return { axes: [...before, ...sides], bands: sizeOf('bands'), frames: sizeOf('frames') };
}

function melOf(
  { mel = {} }: OnnxWish,
  { sampleRate, bands: fixed, ask }: { sampleRate: number; bands: number | undefined; ask: Ask },
): pictures.MelSettings {
  const bands = mel.bands ?? fixed;
  const { window, hop, compression } = mel;
  if (window === undefined || hop === undefined || bands === undefined || compression === undefined)
    throw ask('say what its spectrogram is like (--mel window=…,hop=…,bands=…,compression=log1p|decibel|none)');
  if (fixed !== undefined && bands !== fixed) throw ask(`its spectrogram has ${fixed} bands, not ${bands}`);
  const usual = { lowestHz: 0, highestHz: sampleRate / 2, scale: 'htk', norm: 'none', power: 2, normalisation: 'none' } as const;
  const given = Object.fromEntries(Object.entries(mel).filter(([, value]) => value !== undefined));
  return { ...usual, ...given, sampleRate, window, hop, bands, compression };
}
