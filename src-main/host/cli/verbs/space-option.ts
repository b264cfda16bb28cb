/** @file The options by which a verb is told which encoder is meant, and which of its outputs. */
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { longestOutputName, poolings } from '../../../contract/index.ts';
import type { EncoderId, Pooling } from '../../../contract/index.ts';
import type { Services } from '../../../service/index.ts';
import type { SpaceOutput, StoredEncoder } from '../../../store/index.ts';
import { count } from '../verb.ts';

/** What these options give. */
export type SpaceOptions = { encoder?: number; output?: SpaceOutput };

export const outputMeans = 'an output that `earmark encoders show` lists, pooled over time: block-3, block-3:mean, block-3:max';

/** Reads an output with its pooling; whether the encoder has it shows later. @throws InvalidArgumentError */
export function spaceOutput(text: string): SpaceOutput {
  const { output, pooling = 'mean' } = pooledName(text);
  if (output === '' || output.length > longestOutputName) throw new InvalidArgumentError(`It must be ${outputMeans}.`);
  return { output, pooling };
}

/** `name`, or `name:max`; values of ONNX files may have colons in their names. */
export function pooledName(text: string): { output: string; pooling?: Pooling } {
  const pooling = poolings.find((one) => text.endsWith(`:${one}`));
  return pooling === undefined ? { output: text } : { output: text.slice(0, -pooling.length - 1), pooling };
}

/** The same where several may be named. */
export function spaceOutputs(text: string, before: readonly SpaceOutput[] = []): SpaceOutput[] {
  return [...before, spaceOutput(text)];
}

/** Adds the options. */
export function withSpace(command: Command): Command {
  return command
    .option('-e, --encoder <id>', 'the encoder (default: the chosen one)', count)
    .option('--output <layer>', `${outputMeans} (default: the embedding, or the space that is chosen)`, spaceOutput);
}

/** The encoder or space that is meant. @throws AppError NOT_FOUND, BAD_INPUT */
export function spaceOf({ encoders }: Pick<Services, 'encoders'>, { encoder, output }: SpaceOptions): StoredEncoder {
  return encoders.resolve((encoder ?? null) as EncoderId | null, output);
}
