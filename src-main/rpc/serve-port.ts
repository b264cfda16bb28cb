/**
 * @file Answers the calls that come over one port. What a peer sends can neither end the process nor fill its memory: exceptions are answered
 * or dropped, so many calls are carried out at a time, and a peer that does not read is not written to.
 */
import { ORPCError } from '@orpc/server';
import { createServerPeerHandleRequestFn } from '@orpc/server/standard-peer';
import { ServerPeer } from '@orpc/standard-server-peer';
import { contained, isCancelled } from '../base/index.ts';
import { CallSlots } from './call-slots.ts';
import { readEnvelope } from './envelope.ts';
import type { Envelope } from './envelope.ts';
import type { Port } from './port.ts';
import type { Router } from './router.ts';

/** Streams of events that one peer may hold open; a window holds one. */
const mostStreams = 32;

/** Answers until the port closes; what is no call is refused where it has a number, and dropped where it has none. */
export function servePort(router: Router, port: Port): void {
  const slots = new CallSlots(port);
  const gone = new AbortController();
  let streams = 0;
  const peer = new ServerPeer(async (message) => {
    port.send(message as string);
    await port.flow?.room();
  });
  const handle = createServerPeerHandleRequestFn(router.handler, {});
  const call = async ({ id, path, text }: Extract<Envelope, { kind: 'call' }>): Promise<void> => {
    const isStream = path.startsWith('/events/');
    if (isStream && streams >= mostStreams) return refuse(id, `A window listens to ${mostStreams} streams of events at most.`);
    const answered = slots.receive(text.length);
    if (isStream) streams++;
    try {
      // A stream holds no place: it is answered as soon as it begins.
      await peer.message(text, (request) => slots.run(request.signal, () => handle(request)).finally(isStream ? answered : undefined));
    } finally {
      if (isStream) streams--;
      answered();
    }
  };
  /** Answers a call that is none, as oRPC answers one that failed; a peer that does not read is refused no more than it is answered. */
  const refuse = async (id: string, why: string): Promise<void> => {
    const answered = slots.receive(id.length);
    await slots.run(gone.signal, async () => port.send(refusal(id, why))).finally(answered);
  };
  const receive = (message: string | Uint8Array): unknown => {
    const envelope = readEnvelope(message);
    if (envelope.kind === 'call')
      return call(envelope).catch((error: unknown) => {
        // Given up by its caller, or by the port's close: nobody waits for an answer.
        if (isCancelled(error)) return undefined;
        if (!(error instanceof SyntaxError || error instanceof TypeError)) router.report(error);
        return refuse(envelope.id, 'It does not have the form of a call.');
      });
    if (envelope.kind === 'abort') return peer.message(envelope.text);
    if (envelope.kind === 'refused') return refuse(envelope.id, envelope.why);
    return undefined;
  };
  const defect = (error: unknown): void => {
    if (!isCancelled(error)) router.report(error);
  };
  const close = (): void => {
    gone.abort();
    peer.close();
  };
  port.onMessage(contained(receive, defect));
  port.onClose(contained(close, defect));
}

function refusal(id: string, why: string): string {
  const error = new ORPCError('BAD_INPUT', { message: `A message was not taken. ${why}`, data: { details: {} }, status: 500 });
  return JSON.stringify({ i: id, p: { s: error.status, b: { json: error.toJSON() } } });
}
