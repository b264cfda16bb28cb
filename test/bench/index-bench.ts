/**
 * @file Indexing as a person runs it: files decoded, cut, encoded and stored through the job, on the processor. How busy the device is, and how many
 * segments a second come out. Music is read from `EARMARK_BENCH_MUSIC`, else made here.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sourceEntries } from '../../src-main/host/core.ts';
import { createServices } from '../../src-main/service/index.ts';
import type { IndexResult, ScanResult } from '../../src-main/service/index.ts';
import { seededRandom } from '../../src-main/base/index.ts';
import { makeAudio } from '../support/make-audio.ts';
import type { KindName } from '../support/make-audio.ts';
import type { BenchResult } from './bench-result.ts';
import { encodeBench } from './encode.ts';

const madeKinds: KindName[] = ['mp3', 'flac', 'ogg', 'm4a', 'opus', 'mp3', 'flac', 'ogg'];
const madeSeconds = 90;

/** Indexes some music with an untrained encoder, then measures the encoder alone beside PyTorch. */
export async function indexBench(): Promise<BenchResult> {
  const directory = mkdtempSync(join(tmpdir(), 'earmark-index-'));
  try {
    const music = process.env['EARMARK_BENCH_MUSIC'] ?? makeMusic(join(directory, 'music'));
    const result = await indexAll(join(directory, 'data'), music);
    const rows = [
      { what: 'share of the time that the device was encoding', value: result.busyShare * 100, unit: '%' },
      { what: 'segments indexed', value: result.segments, unit: 'segments' },
      { what: 'rate of the whole job, start of the process included', value: result.segments / result.seconds, unit: 'segments/s' },
      { what: 'speed of the whole job', value: result.audioSeconds / result.seconds, unit: '× real time' },
    ];
    return { name: 'index', rows: [...rows, ...(await encodeBench()).rows] };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function indexAll(data: string, music: string): Promise<IndexResult> {
  const host = {
    kind: 'serve' as const,
    version: 'bench',
    chooseFolder: async () => null,
    chooseWeights: async () => null,
    reveal: async () => undefined,
  };
  const services = createServices({ dataDirectory: data, host, entries: sourceEntries, report: (error) => console.error(error) });
  try {
    const scan = (await (await services.library.addFolder(music)).settled).result as ScanResult;
    if (scan.added === 0) throw new Error(`${music} holds no audio files`);
    const encoder = await services.encoders.createUntrained({ sampleRate: 22050, seed: 1, name: undefined });
    return (await services.encoders.index({ encoderId: encoder.id }).settled).result as IndexResult;
  } finally {
    await services.close();
  }
}

/** Files with a few gliding partials and noise, so that codecs have something to do. */
function makeMusic(folder: string): string {
  mkdirSync(folder);
  for (const [i, kind] of madeKinds.entries()) {
    const random = seededRandom(i + 1);
    const partials = Array.from({ length: 6 }, () => ({
      hertz: 60 * 2 ** (random.uniform() * 6),
      drift: random.uniform(),
      level: 0.05 + random.uniform() * 0.1,
    }));
    const sound = (seconds: number, channel: number): number =>
      partials.reduce(
        (sum, { hertz, drift, level }) => sum + level * Math.sin(2 * Math.PI * hertz * seconds + drift * Math.sin(seconds + channel)),
        0,
      ) +
      (random.uniform() - 0.5) * 0.05;
    makeAudio(join(folder, `piece ${i}.${kind}`), { kind, seconds: madeSeconds, sound });
  }
  return folder;
}
