/** @file The contract called over a port, typed: for the command line and for tests. The renderer has its own in `client/`. */
import { createORPCClient, ORPCError } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { AppError, errorCodes } from '../base/index.ts';
import type { ErrorCode } from '../base/index.ts';
import type { Contract } from '../contract/index.ts';
import { orpcPort } from './port.ts';
import type { Port } from './port.ts';

/** Every procedure as an async function. */
export type Client = ContractRouterClient<Contract>;

/** Calls over a port. Errors arrive as oRPC's; see {@link fromRemote}. */
export function createClient(port: Port): Client {
  return createORPCClient(new RPCLink({ port: orpcPort(port) }));
}

/** Turns an error that came over a port back into an {@link AppError}. */
export function fromRemote(error: unknown): unknown {
  if (!(error instanceof ORPCError)) return error;
  const given = String(error.code);
  const code = (errorCodes as readonly string[]).includes(given) ? (given as ErrorCode) : 'BAD_INPUT';
  const data = error.data as { details?: Record<string, unknown> } | undefined;
  return new AppError(code, error.message, { details: data?.details ?? {} });
}
