// @vitest-environment happy-dom
/** @file What components do beside showing what is: it depends on what was named, and on nothing that happens to be read on the way. */
import { flushSync } from 'svelte';
import { afterEach, describe, expect, it } from 'vitest';
import { watch, watchBefore, whileShown } from '../../../../src-renderer/lib/effects.svelte.ts';

let end: (() => void) | null = null;

/** Runs something as a component's script. */
function inComponent(run: () => void): void {
  end = $effect.root(run);
  flushSync();
}

afterEach(() => {
  end?.();
  end = null;
});

class Counter {
  at = $state(0);
  other = $state(0);
  object = $state.raw({ id: 1 });
}

describe('whileShown', () => {
  it('begins once, whatever is read meanwhile', () => {
    const counter = new Counter();
    const log: string[] = [];
    inComponent(() =>
      whileShown(() => {
        log.push(`begins at ${counter.at}`);
        return () => log.push('ends');
      }),
    );
    counter.at++;
    flushSync();
    expect(log).toEqual(['begins at 0']);
    end?.();
    expect(log).toEqual(['begins at 0', 'ends']);
  });

  it('begins before what is watched', () => {
    const log: string[] = [];
    inComponent(() => {
      watch([() => 1], () => void log.push('watched'));
      whileShown(() => void log.push('begun'));
    });
    expect(log).toEqual(['begun', 'watched']);
  });
});

describe.each([
  ['watch', (source: () => unknown, run: (value: unknown) => void) => watch([source], run)],
  ['watchBefore', watchBefore],
] as const)('%s', (_name, watched) => {
  it('runs again when the named value is another one, not when something else that is read changes', () => {
    const counter = new Counter();
    const seen: string[] = [];
    inComponent(() =>
      watched(
        () => counter.at,
        (at) => void seen.push(`${String(at)}/${counter.other}`),
      ),
    );
    counter.other++;
    flushSync();
    counter.at++;
    flushSync();
    expect(seen).toEqual(['0/0', '1/1']);
  });

  it('does not run again for another object that says the same', () => {
    const counter = new Counter();
    const seen: unknown[] = [];
    inComponent(() =>
      watched(
        () => counter.object.id,
        (id) => void seen.push(id),
      ),
    );
    counter.object = { id: 1 };
    flushSync();
    counter.object = { id: 2 };
    flushSync();
    expect(seen).toEqual([1, 2]);
  });

  it('does not run again for what it sets itself', () => {
    const counter = new Counter();
    let runs = 0;
    inComponent(() =>
      watched(
        () => counter.other,
        () => {
          runs++;
          counter.at = counter.at + 1;
        },
      ),
    );
    expect([runs, counter.at]).toEqual([1, 1]);
  });

  it('takes back what it did before the next run', () => {
    const counter = new Counter();
    const log: string[] = [];
    inComponent(() =>
      watched(
        () => counter.at,
        (at) => {
          log.push(`on ${String(at)}`);
          return () => log.push(`off ${String(at)}`);
        },
      ),
    );
    counter.at++;
    flushSync();
    end?.();
    expect(log).toEqual(['on 0', 'off 0', 'on 1', 'off 1']);
  });
});
