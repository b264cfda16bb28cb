/** @file States of the renderer on the real core behind an in-memory port, with a copy of a seeded library for every test. */
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { createClient, memoryPorts, servePort } from '../../src-main/rpc/index.ts';
import type { Client } from '../../src-main/rpc/index.ts';
import { UndoState } from '../../src-renderer/state/undo.svelte.ts';
import { SeededTemplate } from './seed/core.ts';
import type { SeededCore, SeededOptions } from './seed/core.ts';

/** A core, a client of it, and steps that can be taken back; an error in one of those fails the test. */
export type Connected = { core: SeededCore; api: Client; undo: UndoState };

/** What a test steers its core by. */
export type ConnectedOptions = Pick<SeededOptions, 'failing' | 'delayMs'>;

/**
 * Makes a library before the tests of a file.
 * @returns what connects to a core on a copy of it, which is gone after the test that asked for it
 */
export function seededTests(options: SeededOptions): (own?: ConnectedOptions) => Connected {
  let template: SeededTemplate | undefined;
  beforeAll(async () => {
    template = await SeededTemplate.make(options);
  });
  afterAll(() => template?.close());
  return (own = {}) => {
    if (template === undefined) throw new Error('The library is made before the tests, not before the file.');
    const core = template.open(own);
    onTestFinished(() => core.close());
    return { core, api: clientOf(core), undo: undoOfTest() };
  };
}

/** A client of a core's handlers. */
export function clientOf({ router }: Pick<SeededCore, 'router'>): Client {
  const [own, other] = memoryPorts();
  servePort(router, other);
  return createClient(own);
}

/** Steps whose errors fail the test. */
export function undoOfTest(): UndoState {
  return new UndoState(
    (error) => {
      throw error;
    },
    () => false,
    () => undefined,
  );
}
