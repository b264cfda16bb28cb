/** @file The listeners of `serve`'s server. None of them throws: a defect is told, and the connection that it concerns is closed. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { contained } from '../../base/index.ts';

/** What is done with requests and upgrades; either may throw. */
export type Listeners = {
  request(request: IncomingMessage, response: ServerResponse): Promise<void>;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
};

/** Attaches them. @param report hears of defects */
export function listenContained(server: Server, { request, upgrade }: Listeners, report: (error: unknown) => void): void {
  const failedWith =
    <Args extends unknown[]>(close: (...args: Args) => unknown) =>
    (error: unknown, ...args: Args): void => {
      close(...args);
      report(error);
    };
  const answer = (asked: IncomingMessage, response: ServerResponse): Promise<void> => {
    // A connection that breaks off while it is answered.
    asked.on('error', () => response.destroy());
    response.on('error', () => response.destroy());
    return request(asked, response);
  };
  const upgradeTo = (asked: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', () => socket.destroy());
    upgrade(asked, socket, head);
  };
  const noTunnel = (_: IncomingMessage, socket: Duplex): void => {
    socket.on('error', () => socket.destroy());
    rejectUpgrade(socket, '405 Method Not Allowed');
  };
  const destroySocket = failedWith((_: IncomingMessage, socket: Duplex) => socket.destroy());
  // Connections that could not be accepted, for want of file descriptors for example.
  server.on('error', report);
  server.on(
    'request',
    contained(
      answer,
      failedWith((_, response) => response.destroy()),
    ),
  );
  server.on('upgrade', contained(upgradeTo, destroySocket));
  server.on('connect', contained(noTunnel, destroySocket));
}

/** Says no, and lets go of the socket also when the other end keeps its half open. */
export function rejectUpgrade(socket: Duplex, status: string): void {
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
