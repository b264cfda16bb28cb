/** @file `serve` as a process of its own on a given data directory, for tests and benches that need the real core. */
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { WebSocket } from 'ws';
import { createClient, webSocketPort } from '../../src-main/rpc/index.ts';
import type { Client } from '../../src-main/rpc/index.ts';
import { needBuiltPages } from './built-pages.ts';
import { ended, startEarmark } from './run-earmark.ts';

/** A running `serve`. */
export type ServeProcess = {
  link: string;
  /** Calls over a WebSocket, as the page makes them. */
  client: Client;
  /** Resident memory of the core in bytes; NaN where the system does not tell. */
  memory(): number;
  /** The most resident memory that the core had until now, in bytes; NaN where the system does not tell. */
  peakMemory(): number;
  close(): Promise<void>;
};

/** Starts `serve` on a free port; builds the interface first where a checkout has none. */
export async function serveReal(data: string): Promise<ServeProcess> {
  needBuiltPages();
  const child = startEarmark(data, 'serve', '--port', '0', '--json');
  const link = await linkOf(child);
  const { host, hash } = new URL(link);
  const token = new URLSearchParams(hash.slice(1)).get('token') ?? '';
  const socket = new WebSocket(`ws://${host}/rpc`, ['earmark', token], { origin: `http://${host}` });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return {
    link,
    client: createClient(webSocketPort(socket)),
    memory: () => bytesOf(child.pid, 'VmRSS'),
    peakMemory: () => bytesOf(child.pid, 'VmHWM'),
    close: async () => {
      socket.terminate();
      const over = child.exitCode === null ? ended(child) : Promise.resolve();
      child.kill('SIGINT');
      await over;
    },
  };
}

function linkOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (data: Buffer) => {
      text += data.toString();
      const link = /"link": "([^"]+)"/.exec(text)?.[1];
      if (link !== undefined) resolve(link);
    });
    child.stderr?.on('data', (data: Buffer) => (text += data.toString()));
    child.once('exit', (code) => reject(new Error(`serve ended with ${code}: ${text}`)));
  });
}

function bytesOf(pid: number | undefined, field: 'VmRSS' | 'VmHWM'): number {
  try {
    const kilobytes = new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? Number.NaN : Number(kilobytes) * 1024;
  } catch {
    return Number.NaN;
  }
}
