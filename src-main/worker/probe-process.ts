/** @file Entry of the process that probes: it reads the rows of an index, trains probes on them by a protocol, and tells figures; or compares what probes said. */
import './end-with-reason.ts';
import { toAppError } from '../base/index.ts';
import { figureDifference, labelledFigures, runProtocol, seedFigures } from '../compute/index.ts';
import type { ClipOutputs, Judged, ProbeProblem } from '../compute/index.ts';
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

async function probe({ rows, asked, wish }: Extract<ProbeRequest, { type: 'probe' }>): Promise<Probed> {
  const startedAt = performance.now();
  const dimensions = rows.columns?.length ?? rows.dimensions;
  const problem: ProbeProblem = { ...asked, dimensions, rows: readRows(rows), counts: rows.counts };
  const seeds = await runProtocol(problem, wish, { onShare: (share) => reply({ type: 'share', share }) });
  const said = seeds.map(({ outputs }) => outputs);
  const judged = judgedOf(asked);
  const figures = seedFigures(judged, said);
  return { seeds, figures, labels: labelledFigures(judged, said), seconds: (performance.now() - startedAt) / 1000 };
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
