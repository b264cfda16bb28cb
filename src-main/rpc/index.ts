/** @file The contract over a port. */
export { createClient, fromRemote } from './client.ts';
export type { Client } from './client.ts';
export { electronPort } from './electron-port.ts';
export type { MessagePortMainLike } from './electron-port.ts';
export { mostMessageCharacters } from './envelope.ts';
export { memoryPorts } from './memory-port.ts';
export type { Flow, Port } from './port.ts';
export { createRouter } from './router.ts';
export type { Router } from './router.ts';
export { servePort } from './serve-port.ts';
export { webSocketPort } from './websocket-port.ts';
