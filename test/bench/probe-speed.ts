/**
 * @file CLMR's linear probe at MagnaTagATune's full size, in the process that evaluations use: Pons's parts, ten segments of 512 numbers a clip, fifty tags as
 * frequent as the published ones. Embeddings are made up: twenty hidden numbers a clip, mixed and rectified, with noise on each segment; tags follow from the
 * hidden numbers with noise. PyTorch takes the same number of epochs from the same files, by a DataLoader and by a plain loop over tensors.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defined, seededRandom } from '../../src-main/base/index.ts';
import { sourceEntries } from '../../src-main/host/core.ts';
import { probes } from '../../src-main/learn/index.ts';
import { startChild } from '../../src-main/service/processes/child.ts';
import type { Probed, ProbeAsked, ProbeReply, ProbeRequest } from '../../src-main/service/processes/probe-messages.ts';
import { chunkRows, ChunkFiles } from '../../src-main/store/activations/chunk-files.ts';
import type { BenchRow } from './bench-result.ts';
import { askPyTorch } from './probe-python.ts';

const partSizes = [18_706, 1825, 5329];
const clips = partSizes.reduce((sum, size) => sum + size, 0);
const [segments, dimensions, tags, hidden] = [10, 512, 50, 20];
const what = `CLMR's linear probe, ${clips} clips × ${segments} × ${dimensions}`;

/** Seconds and the peak of memory, of each program in a process of its own. */
export async function speedRows(): Promise<BenchRow[]> {
  const directory = mkdtempSync(join(tmpdir(), 'earmark-probe-speed-'));
  try {
    const asked = make(directory);
    const { reading, trials } = probes.protocols.clmr;
    const [trial] = trials({ dataset: 'magnatagatune', task: 'top50', kind: 'tags' }, 'linear');
    writeFileSync(join(directory, 'problem.json'), JSON.stringify({ trial, dimensions, segments, outputs: tags }));
    const { probed, megabytes } = await probe({
      type: 'probe',
      rows: [
        {
          directory,
          dimensions,
          firstRows: Int32Array.from({ length: clips }, (_, clip) => clip * segments),
          counts: new Int32Array(clips).fill(segments),
          columns: null,
        },
      ],
      layers: 'one',
      asked,
      wish: { trials: [defined(trial, 'a trial')], reading, seeds: [1], isStandardised: false },
    });
    return rowsOf(probed, megabytes, directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function rowsOf(probed: Probed, megabytes: number, directory: string): BenchRow[] {
  const { epochs = 0 } = probed.seeds[0] ?? {};
  const score = (name: string): number => probed.figures.find((figure) => figure.name === name)?.value ?? NaN;
  const ours = `average precision ${(100 * score('averagePrecision')).toFixed(2)}, ROC-AUC ${(100 * score('rocAuc')).toFixed(2)}, ${epochs} epochs`;
  const peers = (['loader', 'loop'] as const).flatMap((way): BenchRow[] => {
    const name = way === 'loader' ? 'a DataLoader' : 'a loop over tensors';
    const asked = askPyTorch<{ seconds: number; megabytes: number; averagePrecision: number; rocAuc: number }>([
      'speed',
      directory,
      way,
      `${epochs}`,
    ]);
    if (typeof asked === 'string') return [{ what: `${what}, beside ${name}`, value: probed.seconds, unit: 's', against: asked }];
    const { version, answer } = asked;
    const against = `PyTorch ${version} by ${name}: ${answer.seconds.toFixed(1)} s, average precision ${(100 * answer.averagePrecision).toFixed(2)}, ROC-AUC ${(100 * answer.rocAuc).toFixed(2)}`;
    return [
      { what: `${what}, files to figures`, value: probed.seconds, unit: 's', against, ratio: probed.seconds / answer.seconds },
      {
        what: `${what}, peak of its process`,
        value: megabytes,
        unit: 'MB',
        against: `${name}: ${answer.megabytes.toFixed(0)} MB`,
        ratio: megabytes / answer.megabytes,
      },
    ];
  });
  return [{ what, value: probed.seconds, unit: 's', against: ours }, ...peers];
}

/** Writes the index's rows, parts and answers. */
function make(directory: string): ProbeAsked {
  const random = seededRandom(14);
  const draw = (length: number): Float32Array => Float32Array.from({ length }, () => random.normal());
  const [own, mixing] = [draw(clips * hidden), draw(hidden * dimensions)];
  const files = new ChunkFiles(directory, dimensions);
  for (let first = 0; first < clips * segments; first += chunkRows) {
    const rows = new Float32Array(Math.min(chunkRows, clips * segments - first) * dimensions);
    for (let at = 0; at < rows.length; at += dimensions)
      writeRow(rows.subarray(at, at + dimensions), own, { clip: Math.floor((first + at / dimensions) / segments), mixing, random });
    files.writeRows(first, rows);
  }
  files.close();
  const asked: ProbeAsked = {
    ...{ kind: 'tags', outputs: tags, keys: null, folds: null, answers: answersOf(own, draw(hidden * tags), draw(clips * tags)) },
    parts: Uint8Array.from(partSizes.flatMap((size, part) => new Array<number>(size).fill(part))),
    ...{ wholes: Int32Array.from({ length: clips }, (_, clip) => clip), groups: Int32Array.from({ length: clips }, (_, clip) => clip) },
  };
  writeFileSync(join(directory, 'parts'), asked.parts);
  writeFileSync(join(directory, 'answers'), asked.answers);
  return asked;
}

type Mix = { clip: number; mixing: Float32Array; random: ReturnType<typeof seededRandom> };

function writeRow(row: Float32Array, own: Float32Array, { clip, mixing, random }: Mix): void {
  for (let h = 0; h < hidden; h++) {
    const size = own[clip * hidden + h] as number;
    for (let at = 0; at < dimensions; at++) row[at] = (row[at] as number) + size * (mixing[h * dimensions + at] as number);
  }
  for (let at = 0; at < dimensions; at++) row[at] = Math.max(0, 0.3 * (row[at] as number) + 2 * (random.uniform() - 0.5));
}

/** From 4 852 clips (guitar) to about 490 (choral), falling as the published frequencies do. */
function answersOf(own: Float32Array, directions: Float32Array, noise: Float32Array): Float32Array {
  const answers = new Float32Array(clips * tags);
  for (let tag = 0; tag < tags; tag++) {
    const scores = Float32Array.from({ length: clips }, (_, clip) => {
      let sum = 4 * (noise[clip * tags + tag] as number);
      for (let h = 0; h < hidden; h++) sum += (own[clip * hidden + h] as number) * (directions[tag * hidden + h] as number);
      return sum;
    });
    const examples = Math.round(4852 * (6 / (tag + 6)) ** 1.035);
    const least = scores.toSorted()[clips - examples] as number;
    for (const [clip, score] of scores.entries()) if (score >= least) answers[clip * tags + tag] = 1;
  }
  return answers;
}

/** What the process answers, and the peak of its memory when it had. */
function probe(request: ProbeRequest): Promise<{ probed: Probed; megabytes: number }> {
  return new Promise((resolve, reject) => {
    let megabytes = 0;
    let probed: Probed | undefined;
    const child = startChild<ProbeRequest, ProbeReply>(sourceEntries.probeProcess, {
      onMessage: (reply) => {
        megabytes = Math.max(megabytes, peakOf(child.pid));
        if (reply.type === 'failed') reject(new Error(reply.error.message));
        if (reply.type === 'probed') probed = reply.probed;
      },
      onExit: (how) => (probed === undefined ? reject(new Error(how)) : resolve({ probed, megabytes })),
    });
    child.send(request);
  });
}

/** The most memory that a process has held; 0 where the system does not tell. */
function peakOf(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
