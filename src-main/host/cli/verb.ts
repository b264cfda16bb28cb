/** @file How verbs are declared, and how their options are read. */
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';

/** Declares a verb with the options that every verb takes. */
export function verb(program: Command, usage: string, description: string): Command {
  return program
    .command(usage)
    .description(description)
    .option('--data <directory>', "Earmark's data directory (default: $EARMARK_DATA, else the platform's usual place)", directory)
    .option('--json', 'print one JSON document and nothing else');
}

/** Reads the name of a directory; an empty one (of a variable that is not set, perhaps) would be the folder that one happens to be in. */
function directory(text: string): string {
  if (text.trim() === '' || text.includes('\0')) throw new InvalidArgumentError('It must name a directory.');
  return text;
}

/** Reads a whole number from 0 on. */
export function count(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 0 on.');
  return Number(text);
}

/** Reads a number between 0 and 1. */
export function probability(text: string): number {
  const number = Number(text.replace(',', '.'));
  if (text.trim() === '' || !(number >= 0 && number <= 1)) throw new InvalidArgumentError('It must be a number between 0 and 1.');
  return number;
}

/** Reads one of the given words. */
export function choice<Word extends string>(words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const word = words.find((one) => one === text);
    if (word === undefined) throw new InvalidArgumentError(`It must be one of ${words.join(', ')}.`);
    return word;
  };
}
