/** @file `export encoder`: an encoder as files for others. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { AppError } from '../../../base/index.ts';
import { encoderLayouts } from '../../../contract/index.ts';
import type { EncoderId, EncoderLayout } from '../../../contract/index.ts';
import { megabytes } from '../../../service/index.ts';
import { runVerb, withServices } from '../session.ts';
import type { CommonOptions } from '../session.ts';
import { choice, count, verb } from '../verb.ts';

type EncoderExportOptions = CommonOptions & { encoder?: number; layout?: EncoderLayout; head: boolean };

/** What the ending of a path asks for. */
const byEnding: readonly (readonly [RegExp, EncoderLayout])[] = [
  [/\.zip$/i, 'bundle'],
  [/\.onnx$/i, 'onnx'],
  [/\.safetensors$/i, 'safetensors'],
];

/** What others save weights as, and Earmark does not. */
const foreignEnding = /\.(pt|pth|ckpt|bin|h5|npz|npy|pkl|pb|tflite|mlmodel|gguf|json|txt|csv)$/i;

/** As it is asked for, else as the path ends, else a folder. @throws AppError BAD_INPUT where a file of another kind seems to be meant */
function layoutOf(path: string, asked: EncoderLayout | undefined): EncoderLayout {
  const layout = asked ?? byEnding.find(([ending]) => ending.test(path))?.[1];
  const ending = foreignEnding.exec(path)?.[0];
  if (layout !== undefined || ending === undefined) return layout ?? 'folder';
  const ways = 'Name a folder, or a file that ends in .zip, .onnx or .safetensors';
  throw new AppError('BAD_INPUT', `Earmark writes no ${ending} files. ${ways}; with --layout folder, a folder may have that name.`);
}

/** Adds `encoder` to `export`. */
export function addEncoderExport(exporting: Command): void {
  verb(
    exporting,
    'encoder <path>',
    'Write an encoder for others: a model’s folder in Hugging Face’s layout, a bundle (.zip) for another library, .onnx, or .safetensors. No audio and no names of files go along.',
  )
    .option('-e, --encoder <id>', 'the encoder (default: the chosen one)', count)
    .option('--layout <name>', `${encoderLayouts.join(', ')} (default: as the path ends, else a folder)`, choice(encoderLayouts))
    .option('--no-head', 'leave out its head and the names of its tags')
    .action(async (path: string, options: EncoderExportOptions) => exportEncoder(path, options));
}

async function exportEncoder(path: string, options: EncoderExportOptions): Promise<void> {
  await runVerb(options, (session) =>
    withServices(options, session, async ({ encoders }) => {
      const { id } = encoders.resolve((options.encoder ?? null) as EncoderId | null);
      const layout = layoutOf(path, options.layout);
      const written = await encoders.export({ encoderId: id, path: resolve(path), layout, withHead: options.head });
      session.output.result({ encoder: id, layout, ...written }, () => `Written: ${written.path} (${megabytes(written.bytes)})`);
    }),
  );
}
