/** @file Fetching what others have published, from a server of the test's own: cuts are gone on from, and what is wrong is told in one sentence and thrown away. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { encodeSafetensors, encoderMetadata } from '../../../../src-main/compute/index.ts';
import { createSampleCnn } from '../../../../src-main/learn/index.ts';
import { askForFile, fetchFile } from '../../../../src-main/service/published/fetch-file.ts';
import { Published } from '../../../../src-main/service/published/published.ts';
import type { Encoders } from '../../../../src-main/service/encoders/encoders.ts';
import { createServices } from '../../../../src-main/service/services.ts';
import type { Services } from '../../../../src-main/service/services.ts';
import { sourceEntries } from '../../../../src-main/host/core.ts';
import type { Tools } from '../../../../src-main/service/tools.ts';
import { linear, pytorchFile } from '../../../support/pytorch-file.ts';
import { ended, runEarmark, startEarmark } from '../../../support/run-earmark.ts';
import { waitFor } from '../../../support/wait-for.ts';
import { zip } from '../../compute/pickle-bytes.ts';

const small = createSampleCnn({ sampleRate: 8000, strides: [3, 3], channels: [4, 4, 5, 10] });
const content = Buffer.from(encodeSafetensors(small.initialise(1), encoderMetadata(small.settings)));
const sha256 = createHash('sha256').update(content).digest('hex');

const host = {
  ...{ kind: 'serve' as const, version: '0', chooseFolder: async () => null, chooseWeights: async () => null },
  reveal: async () => undefined,
};

let server: Server;
let base: string;
let root: string;
/** What the server does; what it was asked. */
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let asked: { method: string; url: string; range: string | undefined }[];

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push({ method: request.method ?? '', url: request.url ?? '', range: request.headers.range });
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'earmark-fetch-'));
  asked = [];
  answer = serving(content);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A core of which the test's own server holds what others have published. */
function coreOfServer(): Services {
  const dataDirectory = join(root, 'data');
  const services = createServices({ dataDirectory, host, entries: sourceEntries, report: () => undefined, publishedFrom: base });
  onTestFinished(() => services.close());
  return services;
}

type Manner = { cutAt?: number; part?: string; length?: number; etag?: string };

/** Serves bytes, also from a place on; `cutAt`: the connection breaks there, as soon as what came before lies in the file `part`; `length`: what is told of the size. */
function serving(
  bytes: Buffer,
  { cutAt, part: received = `${target()}.part`, length = bytes.length, etag = '"one"' }: Manner = {},
): typeof answer {
  return (request, response) => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const isRest = from > 0 && request.headers['if-range'] === etag;
    const part = isRest ? bytes.subarray(from) : bytes;
    const range = isRest ? { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {};
    response.writeHead(isRest ? 206 : 200, { etag, 'content-length': isRest ? part.length : length, ...range });
    if (request.method === 'HEAD') return response.end();
    if (cutAt === undefined) return response.end(part);
    response.write(part.subarray(0, cutAt));
    void waitFor(() => expect(statSync(received).size).toBe(cutAt)).then(() => response.destroy());
  };
}

const target = (): string => join(root, 'cache', 'weights.safetensors');
const fetched = (wanted: { sha256?: string | null } = {}): Promise<void> =>
  fetchFile({ address: `${base}/weights`, target: target(), sha256: null, ...wanted });

describe('a file', () => {
  it('comes whole, with its progress, and is checked against the hash that was published', async () => {
    const heard: [number, number | null][] = [];
    await fetchFile({ address: `${base}/weights`, target: target(), sha256 }, { onBytes: (done, total) => heard.push([done, total]) });
    expect(readFileSync(target()).equals(content)).toBe(true);
    expect(heard.at(-1)).toEqual([content.length, content.length]);
  });

  it('goes on behind what came when the connection was cut, and is not fetched twice', async () => {
    answer = serving(content, { cutAt: 1000 });
    await expect(fetched()).rejects.toMatchObject({
      code: 'NETWORK_FAILED',
      message: expect.stringMatching(/the connection was cut after 1\.0 kB of .* start again to go on from there/) as string,
    });
    answer = serving(content);
    await fetched({ sha256 });
    expect(asked.map(({ range }) => range)).toEqual([undefined, 'bytes=1000-']);
    expect(readFileSync(target()).equals(content)).toBe(true);
    expect(existsSync(`${target()}.part`)).toBe(false);
  });

  it('begins anew when what came is of another address', async () => {
    answer = serving(content, { cutAt: 1000 });
    await expect(fetched()).rejects.toThrow(/was cut/);
    answer = serving(content);
    await fetchFile({ address: `${base}/other`, target: target(), sha256 });
    expect(asked.at(-1)?.range).toBeUndefined();
  });

  it('may take as long as it likes once it comes', async () => {
    const limit = vi.spyOn(AbortSignal, 'timeout');
    const [set, clear] = [vi.spyOn(globalThis, 'setTimeout'), vi.spyOn(globalThis, 'clearTimeout')];
    onTestFinished(() => void vi.restoreAllMocks());
    await fetched({ sha256 });
    expect(limit).not.toHaveBeenCalled();
    const limits = set.mock.results.filter((_, at) => set.mock.calls[at]?.[1] === 60_000).map(({ value }) => value as unknown);
    expect(limits.length).toBeGreaterThan(1);
    for (const timer of limits) expect(clear).toHaveBeenCalledWith(timer);
  });

  it('begins anew when it has changed at the server meanwhile', async () => {
    answer = serving(Buffer.alloc(content.length, 7), { cutAt: 1000 });
    await expect(fetched()).rejects.toThrow(/cut/);
    answer = serving(content, { etag: '"two"' });
    await fetched({ sha256 });
    expect(readFileSync(target()).equals(content)).toBe(true);
  });

  it('that came whole before its check was interrupted is checked, and not asked for again', async () => {
    mkdirSync(join(root, 'cache'));
    writeFileSync(`${target()}.part`, content);
    writeFileSync(
      `${target()}.part.json`,
      JSON.stringify({ asked: `${base}/weights`, address: base, bytes: content.length, sha256, version: '"one"' }),
    );
    await fetched({ sha256 });
    expect([asked, existsSync(target())]).toEqual([[], true]);
  });

  it('follows redirects, and takes the hash from the one that tells it', async () => {
    const plain = answer;
    const via =
      (hash: string): typeof answer =>
      (request, response) => {
        if (request.url === '/real') return plain(request, response);
        response.writeHead(302, { location: '/real', 'x-linked-etag': `"${hash}"`, 'x-linked-size': String(content.length) }).end();
      };
    answer = via(sha256);
    expect(await askForFile(`${base}/weights`)).toMatchObject({ bytes: content.length, sha256 });
    await fetched();
    answer = via('0'.repeat(64));
    rmSync(target());
    await expect(fetched()).rejects.toThrow(/its SHA-256 is .* instead of 0000/);
    expect(existsSync(`${target()}.part`)).toBe(false);
  });

  it.each<[string, () => void, RegExp]>([
    ['is not there', () => (answer = (_, response) => response.writeHead(404).end()), /the server has no such file/],
    ['cannot be given', () => (answer = (_, response) => response.writeHead(503).end()), /the server answered 503/],
    [
      'is longer than told',
      () => (answer = (_, response) => response.writeHead(200, { 'x-linked-size': '10' }).end(content)),
      /sends more than it told/,
    ],
    [
      'is shorter than told',
      () => (answer = (_, response) => response.writeHead(200, { 'x-linked-size': String(content.length + 5) }).end(content)),
      /the connection was cut after/,
    ],
    [
      'is sent from one address to the next',
      () => (answer = (_, response) => response.writeHead(302, { location: '/again' }).end()),
      /without end/,
    ],
    [
      'is sent away from encryption',
      () => (answer = (_, response) => response.writeHead(302, { location: 'http://example.invalid/' }).end()),
      /not encrypted/,
    ],
  ])('that %s is told in one sentence', async (_, arrange, says) => {
    arrange();
    await expect(fetched()).rejects.toMatchObject({ code: 'NETWORK_FAILED', message: expect.stringMatching(says) as string });
    expect(existsSync(target())).toBe(false);
  });

  it('with another hash than was published is thrown away', async () => {
    await expect(fetched({ sha256: 'f'.repeat(64) })).rejects.toThrow(
      /what came is not what was published: its SHA-256 is .* It was thrown away/,
    );
    expect([existsSync(target()), existsSync(`${target()}.part`)]).toEqual([false, false]);
  });

  it('from a server that cannot be reached is told in one sentence', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    // By its name there may be several addresses that are tried.
    for (const name of ['127.0.0.1', 'localhost'])
      await expect(fetchFile({ address: `http://${name}:${port}/weights`, target: target(), sha256: null })).rejects.toThrow(
        /the server cannot be reached \(it takes no connections\)\. Check the connection, or fetch the file elsewhere and import it/,
      );
  });

  it('is given up when the person cancels, and what came is kept', async () => {
    const cancel = new AbortController();
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': content.length, etag: '"one"' });
      response.write(content.subarray(0, 1000));
    };
    const fetching = fetchFile(
      { address: `${base}/weights`, target: target(), sha256: null },
      { signal: cancel.signal, onBytes: () => cancel.abort() },
    );
    await expect(fetching).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(readFileSync(`${target()}.part`)).toHaveLength(1000);
  });
});

describe('a published encoder', () => {
  const imports: { path: string; wish: object }[] = [];
  const published = (): Published => {
    const encoders = { importWeights: async (path: string, wish: object) => imports.push({ path, wish }) } as unknown as Encoders;
    const tools = { store: { paths: { cached: (...names: string[]) => join(root, ...names) } }, jobs: { define: () => undefined } };
    return new Published(tools as unknown as Tools, encoders);
  };

  it('of several files is offered with its size and licence, and imported as a folder; what it need not have may be missing', async () => {
    answer = (request, response) => {
      if (request.url === '/preprocessor_config.json') return response.writeHead(404).end();
      return serving(content)(request, response);
    };
    const offer = await published().offer('music2vec-v1', { from: `${base}/` });
    expect(offer).toMatchObject({ licence: expect.stringContaining('CC BY-NC') as string, bytes: 2 * content.length });
    expect(asked.every(({ method }) => method === 'HEAD')).toBe(true);
    await published().fetch('music2vec-v1', { from: base });
    expect(imports.at(-1)?.path).toBe(join(root, 'published', 'music2vec-v1'));
    expect(existsSync(join(root, 'published', 'music2vec-v1'))).toBe(false);
  });

  it('whose weights nobody has published is told so', async () => {
    await expect(published().offer('vicmus')).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringMatching(/pretrain --recipe vicmus/) as string,
    });
    expect(asked).toEqual([]);
  });

  it('is shown first and fetched only when asked for, by the command line; a run that was cut goes on', async () => {
    const data = join(root, 'data');
    mkdirSync(data);
    const part = join(data, 'cache', 'published', 'clmr', 'clmr_magnatagatune_mlp.zip.part');
    const archive = zip({
      'clmr_magnatagatune_mlp/clmr.safetensors': content,
      'clmr_magnatagatune_mlp/mlp.ckpt': pytorchFile(linear('model.0', 50, 10)),
    });
    answer = serving(archive);
    const shown = await runEarmark(data, 'import', 'published', 'clmr', '--from', base, '--json');
    expect(JSON.parse(shown.stdout)).toMatchObject({
      offer: { name: 'clmr', bytes: archive.length, licence: expect.stringContaining('MIT') as string },
      encoder: null,
    });
    expect(asked.map(({ method }) => method)).toEqual(['HEAD']);
    answer = (request, response) => serving(archive, request.method === 'GET' ? { cutAt: 1000, part } : {})(request, response);
    const cut = await ended(startEarmark(data, 'import', 'published', 'clmr', '--from', base, '--yes'));
    expect([cut.code, cut.stderr]).toEqual([1, expect.stringMatching(/was cut after 1\.0 kB/)]);
    answer = serving(archive);
    const done = await runEarmark(data, 'import', 'published', 'clmr', '--from', base, '--yes', '--json');
    expect(JSON.parse(done.stdout)).toMatchObject({
      encoder: {
        name: 'CLMR (MagnaTagATune)',
        origin: `${base}/clmr_magnatagatune_mlp.zip`,
        dimensions: 10,
        tagSet: { name: 'MagnaTagATune' },
      },
    });
    expect(asked.at(-1)?.range).toBe('bytes=1000-');
  });

  it('that is no encoder is thrown away, so that the right one can be fetched', async () => {
    const services = coreOfServer();
    const { published: own, store } = services;
    const good = zip({ 'clmr.safetensors': content, 'mlp.ckpt': pytorchFile(linear('model.0', 50, 10)) });
    answer = serving(Buffer.alloc(good.length, 7));
    await expect(own.fetch('clmr')).rejects.toThrow(/^What http:.* gave is no encoder that can be imported, and was thrown away\. /);
    expect(existsSync(store.paths.cached('published', 'clmr'))).toBe(false);
    answer = serving(good);
    expect((await own.fetch('clmr')).dimensions).toBe(10);
    answer = serving(Buffer.alloc(0));
    await expect(own.fetch('clmr')).rejects.toThrow(/the server’s file is empty/);
    await expect(own.offer('clmr', { from: 'nonsense' })).rejects.toThrow(/“nonsense” is no address of a server\. Write it as https:/);
    answer = (_, response) => response.writeHead(302, { location: 'http://:::bad' }).end();
    await expect(own.offer('clmr')).rejects.toThrow(/the server sends on to what is no address/);
  });

  it('comes from the server that the environment names, by the command line', async () => {
    const data = join(root, 'data');
    mkdirSync(data);
    answer = serving(zip({ 'clmr.safetensors': content }));
    vi.stubEnv('EARMARK_PUBLISHED_FROM', base);
    onTestFinished(() => void vi.unstubAllEnvs());
    const { stdout } = await runEarmark(data, 'import', 'published', 'clmr', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ offer: { files: [{ address: `${base}/clmr_magnatagatune_mlp.zip` }] } });
    expect(asked).toHaveLength(1);
  });

  it('is fetched as a job, which can be paused where it is, and is chosen where none is', async () => {
    const archive = zip({
      'clmr_magnatagatune_mlp/clmr.safetensors': content,
      'clmr_magnatagatune_mlp/mlp.ckpt': pytorchFile(linear('model.0', 50, 10)),
    });
    const services = coreOfServer();
    const { published, jobs, store, handlers } = services;
    const { signal } = new AbortController();
    expect(await handlers.published.list(undefined, signal)).toContainEqual(
      expect.objectContaining({ name: 'clmr', servers: [new URL(base).host] }),
    );
    const part = join(store.paths.cached('published', 'clmr'), 'clmr_magnatagatune_mlp.zip.part');
    // The rest never comes: only the pause ends this connection.
    answer = (request, response) => {
      response.writeHead(200, { etag: '"one"', 'content-length': archive.length });
      if (request.method === 'HEAD') response.end();
      else response.write(archive.subarray(0, 1000));
    };
    const { jobId, settled } = published.start('clmr');
    expect(published.start('clmr').jobId).toBe(jobId);
    await waitFor(() => expect(statSync(part).size).toBe(1000));
    jobs.pause(jobId);
    answer = serving(archive);
    jobs.resume(jobId);
    expect(await settled).toMatchObject({
      message: expect.stringMatching(/^“CLMR \(MagnaTagATune\)” imported\. .*Index the library/) as string,
    });
    expect(asked.at(-1)?.range).toBe('bytes=1000-');
    expect(store.settings.get().encoderId).toBe(store.encoders.list()[0]?.id);
    expect(() => published.start('other')).toThrow(/No published encoder is called other\. There are clmr, music2vec-v1, vicmus/);
    expect(() => published.start('vicmus')).toThrow(/No address of weights of VICMus is known/);
  });
});
