/**
 * @file The interface on a seeded library with the real core behind the real `serve`, for looking at views: `node test/support/serve-seeded.ts`. The page
 * comes through Vite, so that a change of it is seen at once; indexing and training are stand-ins that take no time.
 *
 * Options: `--tracks N` (0: an empty library), `--no-encoder`, `--unindexed`, `--no-runs`, `--no-tags`, `--native`, `--built` (what `npm run build`
 * made instead of Vite), `--delay MS`, `--fail subject.verb`, `--step MS` (how long a step of training takes), `--port N`.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { createServer } from 'vite';
import { AppError } from '../../src-main/base/index.ts';
import { top } from './files.ts';
import { serveSeeded } from './seed/pages.ts';

/** Serves the page through Vite, which passes everything else on to `serve`. @returns the page's address */
async function serveSources(link: string): Promise<string> {
  const { origin, hash } = new URL(link);
  const asOwn = { target: origin, changeOrigin: true, rewriteWsOrigin: true };
  const vite = await createServer({
    configFile: false,
    root: join(top, 'src-renderer'),
    cacheDir: join(top, 'node_modules/.vite-seeded'),
    plugins: [svelte({ configFile: false })],
    server: { host: '127.0.0.1', fs: { allow: [top] }, proxy: { '/rpc': { ...asOwn, ws: true }, '/media': asOwn } },
    logLevel: 'warn',
  });
  await vite.listen();
  return `${vite.resolvedUrls?.local[0] ?? ''}${hash}`;
}

const flag = { type: 'boolean', default: false } as const;
const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: {
    ...{ tracks: text, delay: text, step: text, port: text, fail: { ...text, multiple: true } },
    ...{ 'no-encoder': flag, unindexed: flag, 'no-runs': flag, 'no-tags': flag, native: flag, built: flag },
  },
});
const tracks = Number(values.tracks ?? 137);
const failing = Object.fromEntries(
  (values.fail ?? []).map((name) => [name, new AppError('BAD_INPUT', `Could not carry out ${name}: it was told to fail.`)]),
);
const { core, link } = await serveSeeded({
  ...{ tracks, failing, runs: !values['no-runs'] && tracks > 0, tags: !values['no-tags'] && tracks > 0, nativeDialogs: values.native },
  ...(values['no-encoder'] ? { encoders: 'none' } : values.unindexed ? { encoders: 'unindexed' } : {}),
  ...{ delayMs: Number(values.delay ?? 0), port: Number(values.port ?? 0) },
  ...(values.built ? {} : { pagesDirectory: join(top, 'src-renderer') }),
});
core.pace.set({ stepMs: Number(values.step ?? 250) });
console.log(values.built ? link : await serveSources(link));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void core.close().then(() => process.exit(0)));
