/**
 * @file The two ways in which a component does something besides showing what is: while it is there, and whenever something named changes.
 * A bare `$effect` runs again for everything that it and all that it calls happen to read, also for what it sets itself; nothing else uses it.
 */
import { untrack } from 'svelte';

/** Takes back what was begun. */
type End = () => void;

type ValuesOf<Sources extends readonly (() => unknown)[]> = { -readonly [At in keyof Sources]: ReturnType<Sources[At]> };

/**
 * Begins something when the component is made and ends it when the component goes; nothing that is read meanwhile begins it again.
 * Components begin from the outermost inwards, before their elements are there.
 */
export function whileShown(begin: () => End | void): void {
  $effect.pre(() => untrack(begin));
}

/** A value that counts as changed only when it is another one. */
function settled<T>(read: () => T): () => T {
  const value = $derived.by(read);
  return () => value;
}

/**
 * Runs once the component's elements are there, and again whenever one of the named values is another one; what `run` reads itself changes nothing.
 * What `run` gives back is called before the next run, and when the component goes.
 * @param sources each reads one value that it depends on
 */
export function watch<const Sources extends readonly (() => unknown)[]>(
  sources: Sources,
  run: (...values: ValuesOf<Sources>) => End | void,
): void {
  const reads = sources.map((source) => settled(source));
  $effect(() => {
    const values = reads.map((read) => read()) as unknown as ValuesOf<Sources>;
    return untrack(() => run(...values));
  });
}

/** As `watch`, but before the component's elements are made or changed. */
export function watchBefore<Value>(source: () => Value, run: (value: Value) => End | void): void {
  const read = settled(source);
  $effect.pre(() => {
    const value = read();
    return untrack(() => run(value));
  });
}
