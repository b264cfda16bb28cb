import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRegularFile, readRegularFile } from '../../../../src-main/base/index.ts';
import { fileBody } from '../../../../src-main/service/media/file-body.ts';

let folder: string;
let path: string;
const bytes = Uint8Array.from({ length: 700_000 }, (_, i) => (i * 7) & 0xff);
const isClosed = (file: FileHandle): boolean => file.fd === -1;
const never = new AbortController().signal;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'earmark-body-'));
  path = join(folder, 'a.bin');
  writeFileSync(path, bytes);
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a file as a body', () => {
  it('is the part that was asked for, and is closed at its end', async () => {
    const { file } = await openRegularFile(path);
    const body = await new Response(fileBody(file, { first: 3, last: 600_002 }, never)).bytes();
    expect(Buffer.compare(body, bytes.subarray(3, 600_003))).toBe(0);
    expect(isClosed(file)).toBe(true);
  });

  it('is closed when its reader stops, and when it is given up unread', async () => {
    const { file: stopped } = await openRegularFile(path);
    const reader = fileBody(stopped, { first: 0, last: bytes.length - 1 }, never).getReader();
    await reader.read();
    await reader.cancel();
    expect(isClosed(stopped)).toBe(true);
    for (const when of ['before', 'after']) {
      const { file } = await openRegularFile(path);
      const gone = new AbortController();
      if (when === 'before') gone.abort();
      const body = fileBody(file, { first: 0, last: 9 }, gone.signal);
      gone.abort();
      await expect(body.getReader().read()).rejects.toThrow('given up');
      expect(isClosed(file), when).toBe(true);
    }
  });

  it('fails, and is closed, when the file became shorter', async () => {
    const { file } = await openRegularFile(path);
    truncateSync(path, 10);
    await expect(new Response(fileBody(file, { first: 0, last: bytes.length - 1 }, never)).bytes()).rejects.toThrow();
    expect(isClosed(file)).toBe(true);
  });
});

describe.skipIf(process.platform === 'win32')('opening a file of other people', () => {
  it('refuses pipes, devices, sockets and folders without waiting for them', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    for (const other of [pipe, '/dev/zero', '/dev/tty', folder])
      await expect(openRegularFile(other), other).rejects.toMatchObject({ code: expect.stringMatching(/BAD_INPUT|NOT_ALLOWED/) as string });
  });

  it('reads no more than it may', async () => {
    await expect(readRegularFile(path, { mostBytes: 100, advice: 'Choose another.' })).rejects.toMatchObject({ code: 'BAD_INPUT' });
    expect((await readRegularFile(path, { mostBytes: 1e6, advice: '' })).length).toBe(bytes.length);
  });
});
