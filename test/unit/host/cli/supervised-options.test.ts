/** @file How an encoder that is trained from scratch is asked for on the command line. */
import { Command } from 'commander';
import { expect, it } from 'vitest';
import { evaluationWishSchema } from '../../../../src-main/contract/index.ts';
import { supervisedOf, withSupervised } from '../../../../src-main/host/cli/verbs/supervised-options.ts';

/** What a command with these words asks for, as the core reads it. */
function read(...words: string[]): unknown {
  const command = withSupervised(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  const supervised = supervisedOf(command.parse(words, { from: 'user' }).opts());
  return evaluationWishSchema.parse({ folder: '/set', protocol: 'clmr', encoders: [], supervised }).supervised;
}

it('is trained where it is asked for, as long as in the paper or as a length says', () => {
  const free = { architecture: null, sampleRate: null };
  expect(read()).toBeNull();
  expect(read('--supervised')).toEqual({ unit: 'epochs', amount: 200, ...free });
  expect(read('--supervised-epochs', '3')).toEqual({ unit: 'epochs', amount: 3, ...free });
  expect(read('--supervised', '--supervised-minutes', '0.5')).toEqual({ unit: 'minutes', amount: 0.5, ...free });
});

it('is refused with two lengths, or one that is none', () => {
  expect(() => read('--supervised-epochs', '3', '--supervised-minutes', '1')).toThrow(/A training has one length/);
  expect(() => read('--supervised-epochs', '1.5')).toThrow(/whole number from 1/);
  expect(() => read('--supervised-minutes', '0')).toThrow(/number from 0.05/);
});
