/**
 * @file Stands in for the renderer's client where components are mounted without a core: what is asked is noted, and what a test has laid down is answered.
 * A test file says `vi.mock('…/src-renderer/client/index.ts', () => import('…/test/support/page-client.ts'))`.
 */
import { afterEach, expect } from 'vitest';
import type { z } from 'zod';
import { contract } from '../../src-main/contract/index.ts';
import type { AppEvent } from '../../src-main/contract/index.ts';
import type { Connection as ClientConnection } from '../../src-renderer/client/connection.ts';

export { ClientError, isAbort, isIndexDamage, messageOf } from '../../src-renderer/client/errors.ts';

type Answer = (input: never) => unknown;

/** Answers that no core would give, as sentences; each fails the test that laid it down. */
const refused: string[] = [];
afterEach(() => expect(refused.splice(0)).toEqual([]));

/**
 * Refuses an answer that the core could not give. What a test leaves out is not looked at, so that it says what it is about alone.
 * @returns the answer
 */
function checked(procedure: string, answer: unknown): unknown {
  const [subject = '', verb = ''] = procedure.split('.');
  const group = (contract as unknown as Record<string, Record<string, { '~orpc': { outputSchema?: z.ZodType } }>>)[subject];
  const schema = group?.[verb]?.['~orpc'].outputSchema;
  if (group?.[verb] === undefined) throw new Error(`There is no procedure ${procedure}.`);
  const wrong = schema?.safeParse(answer).error?.issues.filter(({ path }) => valueAt(answer, path) !== undefined) ?? [];
  if (wrong.length > 0) refused.push(`${procedure} cannot answer so: ${JSON.stringify(wrong)}`);
  return answer;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce((inner, key) => (inner as Record<PropertyKey, unknown> | null | undefined)?.[key], value);
}

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
          const answer = await answers[procedure]?.(input as never);
          return answer === undefined || answer === null ? null : checked(procedure, answer);
        },
    },
  );
}

/** Every procedure of the contract. */
export const api: unknown = new Proxy({}, { get: (_, subject: string) => procedures(subject) });

const listeners: { type: string; listener: (event: never) => void }[] = [];

/** Tells what listens to the connection of an event, as a core would. */
export function tell(event: AppEvent): void {
  for (const { type, listener } of listeners) if (type === event.type) listener(event as never);
}

/** A connection on which nothing happens but what a test tells. */
export const connection: Pick<ClientConnection, 'on' | 'onState' | 'start' | 'state'> = {
  state: 'open',
  on: (type, listener) => {
    listeners.push({ type, listener });
    return () => undefined;
  },
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
