/** @file Whether an encoder is trained from scratch beside those that are evaluated, from the options of a command. */
import type { Command } from 'commander';
import { AppError } from '../../../base/index.ts';
import { paperEpochs } from '../../../contract/index.ts';
import type { EvaluationWish } from '../../../contract/index.ts';
import { between, whole } from '../verb.ts';

/** `supervised`: for as long as in the paper; each of the others stands for it, with a length. */
export type SupervisedOptions = { supervised?: boolean; supervisedEpochs?: number; supervisedMinutes?: number };

const [leastMinutes, most] = [0.05, 1_000_000];

/** Adds the options. */
export function withSupervised(command: Command): Command {
  return command
    .option(
      '--supervised',
      `also train an encoder from scratch, with each seed, on the same share of labels: until it is no better on what validates, ${paperEpochs} epochs at most, which takes days for a whole data set on a CPU`,
      false,
    )
    .option('--supervised-epochs <number>', 'the same, of so many epochs at most', whole(1, most))
    .option('--supervised-minutes <number>', 'the same, of so many minutes at most for each seed', between(leastMinutes, most));
}

/** Null where nothing is to be trained. @throws AppError BAD_INPUT for two lengths */
export function supervisedOf({
  supervised,
  supervisedEpochs: epochs,
  supervisedMinutes: minutes,
}: SupervisedOptions): NonNullable<EvaluationWish['supervised']> | null {
  if (epochs !== undefined && minutes !== undefined)
    throw new AppError('BAD_INPUT', 'A training has one length: give --supervised-epochs or --supervised-minutes, not both.');
  if (minutes !== undefined) return { unit: 'minutes', amount: minutes };
  if (epochs !== undefined) return { unit: 'epochs', amount: epochs };
  return supervised === true ? {} : null;
}
