/** @file What a planted fault is: one line that is wrong, as a person might write it, and the tests that have to notice. */

/** `text` stands exactly once in `file`; `tests` are paths or beginnings of paths of test files. */
export type Fault = { name: string; file: string; text: string; instead: string; tests: readonly string[] };

/** A fault without its file: its name, what stands there, and what is put in its place. */
export type Change = readonly [name: string, text: string, instead: string];

/** Faults of one file that the same tests concern. */
export function faultsOf(file: string, tests: readonly string[], changes: readonly Change[]): Fault[] {
  return changes.map(([name, text, instead]) => ({ name, file, text, instead, tests }));
}

/** How often a text stands in another. */
export function countOf(text: string, within: string): number {
  return within.split(text).length - 1;
}
