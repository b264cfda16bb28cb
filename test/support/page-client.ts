/**
 * @file Stands in for the renderer's client where components are mounted without a core: what is asked is noted, and what a test has laid down is answered.
 * A test file says `vi.mock('…/src-renderer/client/index.ts', () => import('…/test/support/page-client.ts'))`.
 */
import type { Connection as ClientConnection } from '../../src-renderer/client/connection.ts';

export { ClientError, isAbort, isIndexDamage, messageOf } from '../../src-renderer/client/errors.ts';

type Answer = (input: never) => unknown;

/** What procedures answer, by `subject.verb`; one that is not here answers null. */
export const answers: { [procedure: string]: Answer | undefined } = {};
/** What was asked, in order. */
export const asked: { procedure: string; input: unknown }[] = [];

/** How often a procedure was asked. */
export function timesAsked(procedure: string): number {
  return asked.filter((one) => one.procedure === procedure).length;
}

function procedures(subject: string): unknown {
  return new Proxy(
    {},
    {
      get:
        (_, verb: string) =>
        async (input: unknown): Promise<unknown> => {
          const procedure = `${subject}.${verb}`;
          asked.push({ procedure, input });
          return answers[procedure]?.(input as never) ?? null;
        },
    },
  );
}

/** Every procedure of the contract. */
export const api: unknown = new Proxy({}, { get: (_, subject: string) => procedures(subject) });

/** A connection on which nothing happens. */
export const connection: Pick<ClientConnection, 'on' | 'onState' | 'start' | 'state'> = {
  state: 'open',
  on: () => () => undefined,
  onState: () => () => undefined,
  start: () => Promise.resolve(),
};

/** The address of a media path. */
export function mediaUrl(path: string): string {
  return `http://localhost${path}`;
}

/** A page cannot drag files out. */
export function dragFilesOut(): boolean {
  return false;
}
