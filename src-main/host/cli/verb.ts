/** @file How verbs are declared, and how their options are read. */
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { hopBounds } from '../../contract/index.ts';

const longestName = 200;

/** Declares a verb with the options that every verb takes. */
export function verb(program: Command, usage: string, description: string): Command {
  return program
    .command(usage)
    .description(description)
    .option('--data <directory>', 'Earmark’s data directory (default: $EARMARK_DATA, else the platform’s usual place)', directory)
    .option('--json', 'print one JSON document and nothing else')
    .hook('preAction', (_, command) => refuseSwallowedOptions(command));
}

/** An option that was given no value takes the next option for one: `--tracks --data DIR` would name the track `--data`. */
function refuseSwallowedOptions(command: Command): void {
  const known = new Set(command.options.flatMap(({ short, long }) => [short, long]));
  for (const option of command.options.filter(({ required }) => required)) {
    const given = [command.getOptionValue(option.attributeName()) as unknown].flat();
    const swallowed = given.find((value): value is string => typeof value === 'string' && known.has(value));
    if (swallowed !== undefined)
      command.error(`error: option '${option.flags}' was given no value: '${swallowed}' is an option of its own`);
  }
}

/** Reads the name of a directory; an empty one (of a variable that is not set, perhaps) would be the folder that one happens to be in. */
function directory(text: string): string {
  if (text.trim() === '' || text.includes('\0')) throw new InvalidArgumentError('It must name a directory.');
  return text;
}

/** Reads a whole number within bounds. */
export function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (!(number >= least && number <= most)) throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    return number;
  };
}

/** Reads a number within bounds. */
export function between(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = text.trim() === '' ? Number.NaN : Number(text);
    if (!(number >= least && number <= most)) throw new InvalidArgumentError(`It must be a number from ${least} to ${most}.`);
    return number;
  };
}

/** Reads a whole number from 0 on. */
export const count = whole(0, 999_999_999);

/** Takes an option as often as it is given. */
export function several(text: string, before: readonly string[]): string[] {
  return [...before, text];
}

/** Reads a seed: 32 bits. */
export const seed = whole(0, 0xffffffff);

/** Reads a hop in samples. */
export const hop = whole(hopBounds.least, hopBounds.most);

/** Reads a number between 0 and 1. */
export function probability(text: string): number {
  const number = Number(text.replace(',', '.'));
  if (text.trim() === '' || !(number >= 0 && number <= 1)) throw new InvalidArgumentError('It must be a number between 0 and 1.');
  return number;
}

/** Reads what a person calls something. */
export function called(text: string): string {
  const name = text.trim();
  if (name === '' || name.length > longestName) throw new InvalidArgumentError(`It must have 1 to ${longestName} characters.`);
  return name;
}

/** Reads one of the given words. */
export function choice<Word extends string>(words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const word = words.find((one) => one === text);
    if (word === undefined) throw new InvalidArgumentError(`It must be one of ${words.join(', ')}.`);
    return word;
  };
}
