/**
 * @file How many frames a second a browser draws while a map of 100 000 segments is panned: the built interface (`npm run build`) on a core of its own, moved by a
 * real pointer. The browser of the tests draws with the processor, since it has no GPU.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { seededRandom } from '../../src-main/base/index.ts';
import { toBase64 } from '../../src-main/contract/index.ts';
import { sourceEntries, startCore } from '../../src-main/host/core.ts';
import { startServe } from '../../src-main/host/serve/server.ts';
import type { Services } from '../../src-main/service/index.ts';
import { writeMap } from '../../src-main/service/inspecting/map-file.ts';
import { launchBrowser, openPage } from '../support/browser.ts';
import type { BenchResult, BenchRow } from './bench-result.ts';
import { makeSyntheticIndex } from './synthetic-index.ts';
import type { SyntheticIndex } from './synthetic-index.ts';

const builtPages = fileURLToPath(new URL('../../out/renderer', import.meta.url));
const [points, groups, panMs] = [100_000, 60, 5000];

/** What was counted in the page: times between frames, and what drawing took, in ms. */
type Counted = { frames: number[]; drawings: number };

/** Measures; about a minute. */
export async function mapFramesBench(): Promise<BenchResult> {
  if (!existsSync(builtPages)) throw new Error('The interface is not built: run `npm run build` first.');
  const dataDirectory = mkdtempSync(join(tmpdir(), 'earmark-frames-'));
  try {
    const made = makeSyntheticIndex(dataDirectory, points, 8);
    return { name: 'map-frames', rows: await measured(dataDirectory, made) };
  } finally {
    rmSync(dataDirectory, { recursive: true, force: true });
  }
}

const host = {
  ...{ kind: 'serve' as const, version: 'bench' },
  ...{ chooseFolder: async () => null, chooseWeights: async () => null, reveal: async () => undefined },
};

async function measured(dataDirectory: string, made: SyntheticIndex): Promise<BenchRow[]> {
  const core = await startCore({ dataDirectory, host, entries: sourceEntries, report: (error) => console.error(error) });
  await keepMap(core.services, made);
  const serve = await startServe({ core, pagesDirectory: builtPages, port: 0 });
  const browser = await launchBrowser();
  try {
    const page = await openPage(browser);
    await page.goto(serve.link);
    await page.getByRole('link', { name: 'Inspect', exact: true }).click();
    await page.getByRole('radio', { name: 'Map', exact: true }).check({ force: true });
    await page.getByLabel(/^Points:/).click();
    await page.getByRole('option', { name: /^Segments/ }).click();
    await page.getByRole('button', { name: /^Map of 100,?\u202f?000/ }).waitFor();
    const { frames, drawings } = await panned(page);
    const sorted = frames.toSorted((a, b) => a - b);
    const quantile = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
    const seconds = frames.reduce((sum, ms) => sum + ms, 0) / 1000;
    const against = `Chromium ${browser.version()}, drawn by the processor, 1280 × 720`;
    const what = `panning a map of ${points} points`;
    return [
      { what: `${what}: frames a second`, value: frames.length / seconds, unit: '1/s', against },
      { what: `${what}: drawings a second`, value: drawings / seconds, unit: '1/s', against },
      { what: `${what}: between two frames, median`, value: quantile(0.5), unit: 'ms', against },
      { what: `${what}: between two frames, p95`, value: quantile(0.95), unit: 'ms', against },
    ];
  } finally {
    await browser.close();
    await serve.close();
    await core.close();
  }
}

/** A map as if it had been drawn: groups of points. */
async function keepMap({ store }: Services, { encoderId }: SyntheticIndex): Promise<void> {
  const random = seededRandom(9);
  const index = store.index.current(encoderId);
  if (index === null) throw new Error('The index was made.');
  const runs = store.index.liveRuns(index.id, { after: 0, limit: points });
  const [owners, segments] = [[] as number[], [] as number[]];
  for (const [place, run] of runs.entries())
    for (let segment = 0; segment < run.segments; segment++) {
      owners.push(place);
      segments.push(segment);
    }
  const centres = Float32Array.from({ length: 2 * groups }, () => 20 * random.normal());
  const places = Float32Array.from({ length: 2 * owners.length }, (_, at) => {
    const group = (owners[at >> 1] as number) % groups;
    return (centres[2 * group + (at & 1)] as number) + random.normal();
  });
  const base64 = (values: Int32Array | Float32Array): string => toBase64(new Uint8Array(values.buffer));
  const wish = { encoderId, method: 'umap', level: 'segments', tracks: null, perTrack: null } as const;
  await writeMap(store.paths, wish, {
    ...{ key: '', drawnAt: Date.now(), outOf: owners.length, trackIds: runs.map(({ trackId }) => trackId), places: base64(places) },
    ...{ owners: base64(Int32Array.from(owners)), segments: base64(Int32Array.from(segments)) },
  });
}

/** Pans to and fro, as fast as the browser takes moves of the pointer. */
async function panned(page: Page): Promise<Counted> {
  const box = await page.getByRole('button', { name: /^Map of/ }).boundingBox();
  if (box === null) throw new Error('The map is in sight.');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.evaluate(() => {
    const counted: Counted = { frames: [], drawings: 0 };
    const context = CanvasRenderingContext2D.prototype;
    context.putImageData = new Proxy(context.putImageData, {
      apply: (draw, on, given: never) => {
        counted.drawings++;
        Reflect.apply(draw, on, given);
      },
    });
    let last = performance.now();
    const frame = (now: number): void => {
      counted.frames.push(now - last);
      last = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    Object.assign(globalThis, { counted });
  });
  const until = performance.now() + panMs;
  for (let step = 0; performance.now() < until; step++) await page.mouse.move(x + 200 * Math.sin(step / 20), y + 100 * Math.cos(step / 30));
  const counted = await page.evaluate(() => (globalThis as unknown as { counted: Counted }).counted);
  await page.mouse.up();
  return counted;
}
