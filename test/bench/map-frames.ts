/**
 * @file How many frames a second a browser draws while a map of 100 000 segments is panned: the built interface (`npm run build`) on a core of its own, moved by a
 * real pointer. The browser of the tests draws with the processor, since it has no GPU; what the page's own scripts take of a frame is told apart, since
 * that is the same part on a machine with one.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CDPSession, Locator, Page } from 'playwright-core';
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
/** Moves of the pointer that the browser has not answered yet: more than one, or the way to it and back would be what is measured. */
const movesAtOnce = 4;
/** How long the page may take to show the map, in ms. */
const limitMs = 120_000;
const frameMs = 1000 / 60;

/** What was counted: when the map was drawn and when the browser made a frame, in ms; how long scripts ran and the page's thread was busy, in s. */
type Counted = { drawings: number[]; frames: number[]; scripting: number; busy: number };

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
    page.setDefaultTimeout(limitMs);
    await page.goto(serve.link);
    await showMap(page);
    return rowsOf(await panned(page), `Chromium ${browser.version()}, drawn by the processor, 1280 × 720`);
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

/** Opens the map. @throws with what the page says where it does not come */
async function showMap(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Inspect', exact: true }).click();
  await page.getByRole('radio', { name: 'Map', exact: true }).check({ force: true });
  await page.getByLabel(/^Points:/).click();
  await page.getByRole('option', { name: /^Segments/ }).click();
  try {
    await mapOf(page).waitFor();
  } catch (cause) {
    const said = await page.getByRole('main').innerText();
    throw new Error(`The page did not show the map within ${limitMs / 1000} s. It says: ${said.replace(/\s+/g, ' ')}`, { cause });
  }
}

/** A narrow space between thousands is an ordinary one in the names that a browser is asked for. */
const mapOf = (page: Page): Locator => page.getByRole('button', { name: /^Map of 100\s000 segments/ });

/** Pans to and fro, as fast as the browser takes moves of the pointer. */
async function panned(page: Page): Promise<Counted> {
  const box = await mapOf(page).boundingBox();
  if (box === null) throw new Error('The map is not in sight: the window is too small for it.');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const tools = await page.context().newCDPSession(page);
  await tools.send('Performance.enable');
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.evaluate(countDrawings);
  const before = await threadTimes(tools);
  const moves = new Set<Promise<unknown>>();
  const until = performance.now() + panMs;
  for (let step = 0; performance.now() < until; step++) {
    const move = page.mouse.move(x + 200 * Math.sin(step / 20), y + 100 * Math.cos(step / 30)).finally(() => moves.delete(move));
    moves.add(move);
    if (moves.size >= movesAtOnce) await Promise.race(moves);
  }
  await Promise.all(moves);
  const after = await threadTimes(tools);
  const counted = await page.evaluate(() => (globalThis as unknown as { counted: Pick<Counted, 'drawings' | 'frames'> }).counted);
  await page.mouse.up();
  return { ...counted, scripting: after.scripting - before.scripting, busy: after.busy - before.busy };
}

/** Runs in the page: notes when the map is drawn and when a frame is made. */
function countDrawings(): void {
  const counted = { drawings: [] as number[], frames: [] as number[] };
  const context = CanvasRenderingContext2D.prototype;
  context.putImageData = new Proxy(context.putImageData, {
    apply: (draw, on, given: never) => {
      counted.drawings.push(performance.now());
      Reflect.apply(draw, on, given);
    },
  });
  const frame = (now: number): void => {
    counted.frames.push(now);
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  Object.assign(globalThis, { counted });
}

/** How long scripts ran on the page's thread, and how long it was busy, in s since the page began. */
async function threadTimes(tools: CDPSession): Promise<{ scripting: number; busy: number }> {
  const { metrics } = await tools.send('Performance.getMetrics');
  const of = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
  return { scripting: of('ScriptDuration'), busy: of('TaskDuration') };
}

function rowsOf({ drawings, frames, scripting, busy }: Counted, against: string): BenchRow[] {
  const between = (times: readonly number[]): number[] => times.slice(1).map((time, at) => time - (times[at] as number));
  const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
  const waits = between(drawings);
  const scriptMs = (1000 * scripting) / drawings.length;
  const row = (what: string, value: number, unit: string): BenchRow => ({
    ...{ what: `panning a map of ${points} points: ${what}`, value, unit, against },
  });
  return [
    row('drawn a second, median', 1000 / median(waits), '1/s'),
    row('drawn a second, worst', 1000 / Math.max(...waits), '1/s'),
    row('frames of the browser a second, median', 1000 / median(between(frames)), '1/s'),
    row('own scripts, each time it is drawn', scriptMs, 'ms'),
    row('own scripts, share of a frame of 1/60 s', (100 * scriptMs) / frameMs, '%'),
    row('page’s thread busy, each time it is drawn', (1000 * busy) / drawings.length, 'ms'),
  ];
}
