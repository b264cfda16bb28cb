/** @file The contract over a port. */
export { createClient, fromRemote } from './client.ts';
export type { Client } from './client.ts';
export { electronPort } from './electron-port.ts';
export type { MessagePortMainLike } from './electron-port.ts';
export { memoryPorts } from './memory-port.ts';
export type { Port } from './port.ts';
export { createRouter, servePort } from './router.ts';
export type { Router } from './router.ts';
export { webSocketPort } from './websocket-port.ts';
