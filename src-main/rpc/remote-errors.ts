/** @file How errors leave the core: every one with a stable code and a sentence, also those that oRPC makes itself. */
import { ORPCError } from '@orpc/server';
import { ValidationError } from '@orpc/contract';
import { AppError, errorCodes, toAppError } from '../base/index.ts';

/** The error of a call whose input could not be read. */
export function malformed(error: unknown, name: string): ORPCError<string, unknown> {
  const message = `${name} was not carried out, because the message is malformed.`;
  return new ORPCError('BAD_INPUT', { message, data: { details: {} }, status: 500, cause: error });
}

/** Turns whatever was thrown on the way to a procedure, in it, or on the way back into an error of the contract. */
export function toRemote(error: unknown, name: string, report: (error: unknown) => void): ORPCError<string, unknown> {
  if (error instanceof ORPCError && (errorCodes as readonly string[]).includes(String(error.code)))
    return error as ORPCError<string, unknown>;
  const known = ownError(error, name);
  if (known.code === 'INTERNAL') report(error);
  return new ORPCError(known.code, { message: known.message, data: { details: known.details }, status: 500, cause: known });
}

function ownError(error: unknown, name: string): AppError {
  if (!(error instanceof ORPCError)) return toAppError(error, `carry out ${name}`);
  if (error.code !== 'BAD_REQUEST') {
    const what = error.cause instanceof ValidationError ? `its answer is not what was promised: ${firstIssue(error.cause)}` : error.message;
    return new AppError('INTERNAL', `Could not carry out ${name}: ${what}`, { cause: error });
  }
  const why = error.cause instanceof ValidationError ? firstIssue(error.cause) : '';
  return new AppError('BAD_INPUT', `${name} was not carried out, because a value in the request is not allowed. ${why}`, { cause: error });
}

/** `At sort.0.key: Invalid option.` */
function firstIssue({ issues }: ValidationError): string {
  const [first] = issues;
  const path = (first?.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
  const message = (first?.message ?? 'Invalid value').slice(0, 300);
  return `${path === '' ? '' : `At ${path.slice(0, 200)}: `}${message.replace(/\.$/, '')}.`;
}
