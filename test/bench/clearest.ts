/**
 * @file How long a person waits for the neurons that are worth hearing first, of a million segments and 512 features, and whether the core answers others
 * meanwhile: through the contract, from a core in a process of its own. The first time files and names are cold; then it is asked again.
 */
import { serveReal } from '../support/serve-real.ts';
import type { ServeProcess } from '../support/serve-real.ts';
import type { BenchResult, BenchRow } from './bench-result.ts';
import { millionSegments } from './million.ts';
import { quantile } from './peers.ts';

const again = 5;
const neurons = 4;
const idleMs = 2000;

/** How long something took, and how long each of the small questions waited that were asked one after the other meanwhile. */
type Asked = { tookMs: number; waitsMs: number[] };

/** Takes some minutes, most of them to make the segments, and 4 GB of disk. */
export async function clearestBench(): Promise<BenchResult> {
  const { directory, synthetic } = millionSegments();
  const { encoderId, segments } = synthetic;
  const server = await serveReal(directory);
  try {
    const find = (): Promise<unknown> => server.client.listen.clearest({ encoderId, count: neurons });
    const idle = await meanwhile(server, () => new Promise((resolve) => setTimeout(resolve, idleMs)));
    const first = await meanwhile(server, find);
    const later: Asked[] = [];
    for (let turn = 0; turn < again; turn++) later.push(await meanwhile(server, find));
    const took = later.map(({ tookMs }) => tookMs);
    const what = `${neurons} neurons worth hearing of ${segments} segments`;
    return {
      name: 'clearest',
      rows: [
        { what: `the first time, ${what}`, value: first.tookMs, unit: 'ms' },
        { what: `median of ${again} times more, ${what}`, value: quantile(took, 0.5), unit: 'ms' },
        ...waitRows('while nothing else is done', [idle]),
        ...waitRows('meanwhile, the first time', [first]),
        ...waitRows('meanwhile, later', later),
        { what: 'most memory of the core', value: server.peakMemory() / 1e6, unit: 'MB' },
      ],
    };
  } finally {
    await server.close();
  }
}

async function meanwhile({ client }: ServeProcess, work: () => Promise<unknown>): Promise<Asked> {
  const startedAt = performance.now();
  let tookMs = 0;
  const waitsMs: number[] = [];
  const done = work().then(() => (tookMs = performance.now() - startedAt));
  while (tookMs === 0) {
    const askedAt = performance.now();
    await client.jobs.list();
    waitsMs.push(performance.now() - askedAt);
  }
  await done;
  return { tookMs, waitsMs };
}

function waitRows(when: string, asked: readonly Asked[]): BenchRow[] {
  const all = asked.flatMap(({ waitsMs }) => waitsMs);
  const against = `${all.length} questions, median ${quantile(all, 0.5).toFixed(1)} ms`;
  return [
    { what: `p95, a small question ${when}`, value: quantile(all, 0.95), unit: 'ms', against },
    { what: `longest, a small question ${when}`, value: Math.max(...all), unit: 'ms' },
  ];
}
