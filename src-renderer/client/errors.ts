/** @file Errors of the core as the renderer sees them: a stable code, a sentence for the person, details for programs. */
import { ORPCError } from '@orpc/client';
import { shownName } from '../lib/format.ts';

/** What every call throws. `CORE_STOPPED` (no connection) is the renderer's own code; the others are the core's. */
export class ClientError extends Error {
  readonly code: string;
  readonly details: Record<string, unknown>;

  constructor(code: string, message: string, details: Record<string, unknown> = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'ClientError';
    this.code = code;
    this.details = details;
  }
}

/** The error of a call that found no connection. */
export function coreStopped(cause?: unknown): ClientError {
  return new ClientError(
    'CORE_STOPPED',
    'Earmark’s core has stopped. It is being reached again; nothing that was stored is lost.',
    {},
    cause,
  );
}

/** Turns whatever a call threw into a {@link ClientError}; a cancelled call keeps the platform's `AbortError`. */
export function toClientError(error: unknown): unknown {
  if (error instanceof ClientError || isAbort(error)) return error;
  if (error instanceof ORPCError) return new ClientError(String(error.code), error.message, detailsOf(error.data), error);
  return new ClientError('INTERNAL', error instanceof Error ? error.message : String(error), {}, error);
}

/** True for a call that was given up on purpose. */
export function isAbort(error: unknown): boolean {
  return (error instanceof Error && error.name === 'AbortError') || (error instanceof ClientError && error.code === 'CANCELLED');
}

/** True for an error that says that files of an index are not whole: the index can be repaired. */
export function isIndexDamage(error: unknown): boolean {
  return error instanceof ClientError && error.details['part'] === 'index';
}

/** True where what was asked for cannot be, as things are: the sentence says what to do, and asking the same again changes nothing. */
export function isRefusal(error: unknown): boolean {
  return error instanceof ClientError && (error.code === 'BAD_INPUT' || error.code === 'NOT_FOUND');
}

/** What to show a person for anything that was thrown. */
export function messageOf(error: unknown): string {
  return shownName(error instanceof Error ? error.message : String(error));
}

function detailsOf(data: unknown): Record<string, unknown> {
  if (typeof data !== 'object' || data === null || !('details' in data)) return {};
  return typeof data.details === 'object' && data.details !== null ? (data.details as Record<string, unknown>) : {};
}
