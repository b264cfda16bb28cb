/** @file What a hostile program may send to a port: seeded mutations of requests and upgrades, half ones, resets, frames that are none. Raw bytes over TCP. */
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { seededRandom } from '../../src-main/base/index.ts';
import type { Random } from '../../src-main/base/index.ts';

/** One connection: the bytes that are sent, and how it ends when the server does not end it. */
export type HostileConnection = { bytes: Buffer; isUpgrade: boolean; ending: 'wait' | 'half' | 'reset' };

/** How it went: the first line of the answer (but for a "go on"), empty without one. */
export type Outcome = { connection: HostileConnection; status: string };

const paths = ['/rpc', '/', '//', '/media/audio/1', '/media/picture/1?token=x', '/assets/app.js', '*', '', 'http://127.0.0.1/rpc'];
const pieces = [
  ...['/', '//', '///', '\\', '..', '%2e%2e', '%', '%00', '%ff', '%c0%af', '?', '#', ':', '@', '[', ']', '[::1', ';', '&', '=', ' ', '\t'],
  ...[
    'http://',
    'http:///',
    'http://[',
    'https://a:99999/',
    'file://',
    '//\\',
    '/\\/',
    '//:',
    '//@',
    '//[',
    '//%',
    'javascript:',
    '\u00ff',
    '~',
  ],
  ...['rpc', 'media', 'x'.repeat(3000), '/'.repeat(500), 'token=', '-1', '1e999', '99999999999999999999', '\u0001', '\u007f'],
];
const headers = [
  'Range: bytes=0-',
  `Range: bytes=${'9'.repeat(400)}-`,
  'Range: bytes=--1',
  'Expect: 100-continue',
  'Expect: nonsense',
  'Content-Length: 5',
  'Content-Length: -1',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: what',
  `X-Long: ${'y'.repeat(20_000)}`,
  'Cookie: \u00ff\u00fe',
  'Origin: null',
  'Origin: //',
  'Sec-WebSocket-Protocol: ,,,',
  'Sec-WebSocket-Protocol: earmark',
  'Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=x',
  'Sec-WebSocket-Key: short',
  'Sec-WebSocket-Version: 99',
  'Upgrade: h2c',
  'Upgrade:',
  'Host: ',
  'Host: [',
  ': nothing',
  'no colon',
];
const methods = ['GET', 'GET', 'GET', 'HEAD', 'POST', 'OPTIONS', 'CONNECT', 'TRACE', 'get', 'G\u0001T', ''];

function pick<Item>(random: Random, from: readonly Item[]): Item {
  return from[random.below(from.length)] as Item;
}

function mutated(random: Random): string {
  let path = pick(random, paths);
  for (let i = random.below(4); i > 0; i--) {
    const at = random.below(path.length + 1);
    const piece = pick(random, pieces);
    const cut = random.below(3);
    path = path.slice(0, at) + piece + path.slice(at + cut);
  }
  return path;
}

/** The same connections for the same seed. `port` and `token` are a server's own: most upgrades are right but for their path. */
export function hostileConnections(seed: number, count: number, { port, token }: { port: number; token: string }): HostileConnection[] {
  const random = seededRandom(seed);
  const own = [`Host: 127.0.0.1:${port}`, `Origin: http://127.0.0.1:${port}`];
  const upgrade = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='];
  return Array.from({ length: count }, () => {
    const isUpgrade = random.below(2) === 0;
    const method = isUpgrade || random.below(2) === 0 ? 'GET' : pick(random, methods);
    const lines = [`${method} ${mutated(random)} HTTP/1.1`, ...own, ...(isUpgrade ? upgrade : ['Connection: close'])];
    if (isUpgrade)
      lines.push(random.below(2) === 0 ? `Sec-WebSocket-Protocol: earmark, ${token}` : 'Sec-WebSocket-Protocol: earmark, wrong');
    for (let i = random.below(3); i > 0; i--) lines.splice(1 + random.below(lines.length), 0, pick(random, headers));
    const whole = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
    const tail = random.below(4) === 0 ? Buffer.from(Array.from({ length: random.below(200) }, () => random.below(256))) : Buffer.alloc(0);
    const ending = pick(random, ['wait', 'wait', 'wait', 'half', 'reset'] as const);
    const bytes = Buffer.concat([whole, tail]);
    return { bytes: ending === 'wait' ? bytes : bytes.subarray(0, random.below(bytes.length)), isUpgrade, ending };
  });
}

/** Makes one connection and waits until it is closed. */
export function attack(port: number, connection: HostileConnection): Promise<Outcome> {
  return new Promise((resolve) => {
    const socket: Socket = connect({ host: '127.0.0.1', port, allowHalfOpen: false });
    let answer = '';
    socket.on('data', (data) => {
      answer += data.toString('latin1');
      // An upgrade that was let in says nothing more; garbage closes it from the other side.
      if (answer.startsWith('HTTP/1.1 101')) socket.write(Buffer.from('fffefdfcfbfaf9f8f7f6', 'hex'));
    });
    socket.on('error', () => undefined);
    socket.on('close', () =>
      resolve({ connection, status: answer.replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, '').split('\r\n')[0] ?? '' }),
    );
    socket.on('connect', () => {
      if (connection.ending === 'reset') socket.write(connection.bytes, () => socket.resetAndDestroy());
      // What is not understood as a whole request ends with the connection's own half.
      else socket.end(connection.bytes);
    });
  });
}

/** Makes them all, some at a time. */
export async function attackAll(port: number, connections: readonly HostileConnection[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < connections.length) outcomes.push(await attack(port, connections[next++] as HostileConnection));
  };
  await Promise.all(Array.from({ length: 16 }, work));
  return outcomes;
}
