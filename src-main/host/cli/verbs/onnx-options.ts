/** @file What import weights is told of an ONNX file that the file does not say of itself. */
import { Option } from 'commander';
import type { Command } from 'commander';
import { AppError } from '../../../base/index.ts';
import { onnxWishSchema } from '../../../contract/index.ts';
import type { OnnxSummary, OnnxWish } from '../../../contract/index.ts';
import { table } from '../output.ts';
import { whole } from '../verb.ts';
import { pooledName } from './space-option.ts';

/** As they were typed. */
export type OnnxOptions = {
  inspect?: boolean;
  input?: string;
  kind?: 'wave' | 'log-mel';
  mel?: string;
  order?: 'bands-first' | 'frames-first';
  rate?: number;
  crop?: number;
  output?: string;
  axis?: number;
};

const [lowestRate, highestRate, longestCrop, mostAxis] = [100, 768_000, 2 ** 26, 7];
const listedValues = 40;

/** Adds the options. */
export function addOnnxOptions(command: Command): void {
  command
    .option('--inspect', 'ONNX: only say what the file takes and gives; nothing is imported')
    .option('--rate <hertz>', 'ONNX: sample rate that it hears, where the file does not say it', whole(lowestRate, highestRate))
    .option('--crop <samples>', 'ONNX: length of a segment, where its input has no fixed one', whole(1, longestCrop))
    .addOption(new Option('--kind <kind>', 'ONNX: what its input is').choices(['wave', 'log-mel']))
    .option(
      '--mel <settings>',
      'ONNX: its spectrogram, as window=1024,hop=512,bands=128,compression=log1p (and lowestHz, highestHz, scale, norm, power, normalisation)',
    )
    .addOption(new Option('--order <order>', 'ONNX: which axis of its spectrogram comes first').choices(['bands-first', 'frames-first']))
    .option('--input <name>', 'ONNX: its input')
    .option('--output <name[:mean|max]>', 'ONNX: the embedding: an output, or any value inside; what is left of time is pooled')
    .option('--axis <number>', 'ONNX: the axis of the output that the neurons lie along, from 0', whole(0, mostAxis));
}

/** Reads them. @throws AppError BAD_INPUT */
export function onnxWishOf(options: OnnxOptions): OnnxWish {
  const { input, kind, order, rate, crop, axis, mel, output } = options;
  const known = onnxWishSchema.safeParse({
    ...{ input, kind, order, axis, sampleRate: rate, cropSamples: crop },
    mel: mel === undefined ? undefined : melOf(mel),
    ...(output === undefined ? {} : pooledName(output)),
  });
  if (known.success) return known.data;
  const [issue] = known.error.issues;
  throw new AppError('BAD_INPUT', `--${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'it is not understood'}.`);
}

function melOf(text: string): Record<string, string | number> {
  const pairs = text.split(',').map((part) => part.split('='));
  const wrong = pairs.find((pair) => pair.length !== 2);
  if (wrong !== undefined) throw new AppError('BAD_INPUT', `--mel takes name=value, not ${wrong.join('=')}.`);
  return Object.fromEntries(
    pairs.map(([name = '', value = '']) => [
      name.trim(),
      value.trim() === '' || Number.isNaN(Number(value)) ? value.trim() : Number(value),
    ]),
  );
}

/** For people. */
export function summaryText({ inputs, outputs, values, sampleRate }: OnnxSummary): string {
  const row =
    (kind: string) =>
    ({ name, shape }: OnnxSummary['inputs'][number]): string[] => [
      kind,
      name,
      shape === null ? 'any shape' : `[${shape.map((size) => size ?? '?').join(', ')}]`,
    ];
  const more = values.length > listedValues ? ` and ${values.length - listedValues} more (--json lists all)` : '';
  return [
    table(['', 'name', 'shape'], [...inputs.map(row('input')), ...outputs.map(row('output'))]),
    '',
    `Sample rate: ${sampleRate === null ? 'not told (--rate)' : `${sampleRate} Hz`}`,
    `Values inside: ${values.slice(0, listedValues).join(', ')}${more}`,
  ].join('\n');
}
