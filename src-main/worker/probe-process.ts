/** @file Entry of the process that probes: it reads the rows of an index, trains probes on them by a protocol, and tells figures; or compares what probes said. */
import './end-with-reason.ts';
import { AppError, toAppError } from '../base/index.ts';
import { bestLayers, figureDifference, judgeHead, labelledFigures, runFolds, runProtocol, seedFigures } from '../compute/index.ts';
import type { ClipOutputs, Judged, ProbeProblem, SeedResult } from '../compute/index.ts';
import { metrics } from '../learn/index.ts';
import type { ProbeAsked, Probed, ProbeReply, ProbeRequest, ProbeRows, ProbeSaid } from '../service/index.ts';
import { ChunkFiles } from '../store/activations/thread.ts';
import { repliesTo } from './replies.ts';

const { reply, finish } = repliesTo<ProbeReply>();

/** Rows of all clips, the first clip's first. */
function readRows({ directory, dimensions, firstRows, counts, columns }: ProbeRows): Float32Array {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const width = columns?.length ?? dimensions;
  const rows = new Float32Array(total * width);
  const files = new ChunkFiles(directory, dimensions);
  try {
    let at = 0;
    for (const [clip, firstRow] of firstRows.entries()) {
      const count = counts[clip] as number;
      if (columns === null) files.readRows(firstRow, rows.subarray(at * width, (at + count) * width));
      else {
        const whole = new Float32Array(count * dimensions);
        files.readRows(firstRow, whole);
        for (let row = 0; row < count; row++)
          for (const [place, column] of columns.entries()) rows[(at + row) * width + place] = whole[row * dimensions + column] as number;
      }
      at += count;
    }
  } finally {
    files.close();
  }
  return rows;
}

function judgedOf({ kind, outputs, answers, groups, keys }: ProbeAsked | ProbeSaid): Judged {
  return { kind, outputs, answers, groups, keys: keys?.map(metrics.readKey) ?? null };
}

/** Rows of layers side by side: those of the first clip of all layers first. */
function besideEachOther(layers: readonly ProbeRows[]): Float32Array {
  const each = layers.map(readRows);
  const widths = layers.map(({ dimensions }) => dimensions);
  const width = widths.reduce((sum, own) => sum + own, 0);
  const count = (each[0]?.length ?? 0) / (widths[0] ?? 1);
  const rows = new Float32Array(count * width);
  let from = 0;
  for (const [layer, own] of each.entries()) {
    const wide = widths[layer] as number;
    for (let row = 0; row < count; row++) rows.set(own.subarray(row * wide, (row + 1) * wide), row * width + from);
    from += wide;
  }
  return rows;
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;
const known = (value: number): number | null => (Number.isFinite(value) ? value : null);
const dimensionsOf = ({ columns, dimensions }: ProbeRows): number => columns?.length ?? dimensions;

/** By parts, or fold by fold. */
function run(
  problem: ProbeProblem,
  { asked, wish }: Pick<Extract<ProbeRequest, { type: 'probe' }>, 'asked' | 'wish'>,
  onShare: (share: number) => void,
): Promise<SeedResult[]> {
  return asked.folds === null ? runProtocol(problem, wish, { onShare }) : runFolds(problem, asked.folds, wish, { onShare });
}

type Probing = Pick<Probed, 'seeds' | 'layer' | 'layers'>;

async function everyLayer({ rows, asked, wish }: Extract<ProbeRequest, { type: 'probe' }>): Promise<Probing> {
  const all: SeedResult[][] = [];
  for (const [place, own] of rows.entries()) {
    const problem: ProbeProblem = { ...asked, dimensions: dimensionsOf(own), rows: readRows(own), counts: own.counts };
    all.push(await run(problem, { asked, wish }, (share) => reply({ type: 'share', share: (place + share) / rows.length })));
  }
  const seeds = bestLayers(all);
  const layers = all.map((own) => ({ validated: known(meanOf(own.map(({ validated }) => validated))), share: null }));
  return { seeds, layer: seeds[0]?.layer ?? 0, layers: rows.length === 1 ? null : layers };
}

async function summedLayers({ rows, asked, wish }: Extract<ProbeRequest, { type: 'probe' }>): Promise<Probing> {
  const [first] = rows;
  if (first === undefined) throw new AppError('INTERNAL', 'There are no layers to sum.');
  const width = rows.reduce((sum, own) => sum + dimensionsOf(own), 0);
  const problem: ProbeProblem = { ...asked, dimensions: width, layers: rows.length, rows: besideEachOther(rows), counts: first.counts };
  const seeds = await run(problem, { asked, wish }, (share) => reply({ type: 'share', share }));
  const layers = rows.map((_, layer) => ({ validated: null, share: known(meanOf(seeds.map(({ shares }) => shares?.[layer] ?? NaN))) }));
  return { seeds, layer: 0, layers };
}

async function probe(request: Extract<ProbeRequest, { type: 'probe' }>): Promise<Probed> {
  const startedAt = performance.now();
  const found = await (request.layers === 'sum' ? summedLayers(request) : everyLayer(request));
  return { ...found, ...figuresOf(request.asked, found.seeds), seconds: (performance.now() - startedAt) / 1000 };
}

/** Heads with their own encoders, each on its own rows. */
async function judge({ seeds, asked, reading }: Extract<ProbeRequest, { type: 'judge' }>): Promise<Probed> {
  const startedAt = performance.now();
  const found: SeedResult[] = [];
  for (const [place, { seed, epochs, steps, rows, head }] of seeds.entries()) {
    const problem: ProbeProblem = { ...asked, dimensions: dimensionsOf(rows), rows: readRows(rows), counts: rows.counts };
    found.push({ seed, trial: 0, epochs, steps, shares: null, ...(await judgeHead(problem, { head, reading })) });
    reply({ type: 'share', share: (place + 1) / seeds.length });
  }
  return { seeds: found, layer: 0, layers: null, ...figuresOf(asked, found), seconds: (performance.now() - startedAt) / 1000 };
}

function figuresOf(asked: ProbeAsked, seeds: readonly SeedResult[]): Pick<Probed, 'figures' | 'labels'> {
  const said = seeds.map(({ outputs }) => outputs);
  const judged = judgedOf(asked);
  return { figures: seedFigures(judged, said), labels: labelledFigures(judged, said) };
}

const isSame = (one: ArrayLike<number>, other: ArrayLike<number>): boolean =>
  one.length === other.length && Array.prototype.every.call(one, (value, at) => value === other[at]);

function compare({ ones, against }: Extract<ProbeRequest, { type: 'compare' }>): (metrics.PairedDifference | null)[] {
  const saidOf = ({ seeds, groups }: ProbeSaid): ClipOutputs[] =>
    seeds.map((outputs) => ({ clips: Int32Array.from(groups, (_, at) => at), outputs }));
  return ones.map((one) => {
    const isOfSameClips = one.kind === against.kind && isSame(one.answers, against.answers) && isSame(one.groups, against.groups);
    return isOfSameClips ? figureDifference(judgedOf(one), saidOf(one), saidOf(against)) : null;
  });
}

async function carryOut(request: ProbeRequest): Promise<void> {
  if (request.type === 'probe') reply({ type: 'probed', probed: await probe(request) });
  else if (request.type === 'judge') reply({ type: 'probed', probed: await judge(request) });
  else reply({ type: 'compared', differences: compare(request) });
}

process.on('message', (request: ProbeRequest) => {
  carryOut(request)
    .catch((error: unknown) => reply({ type: 'failed', error: toAppError(error, 'probe the encoder').toData() }))
    .finally(finish);
});
process.on('disconnect', () => process.exit(0));
// Ctrl-C in a terminal reaches every process; the core decides what becomes of the work.
process.on('SIGINT', () => undefined);
