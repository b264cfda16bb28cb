/**
 * @file Decoding and resampling to 22 050 Hz mono, against the `ffmpeg` program (soxr) on the same files in the same run, and the resampler's
 * alias and pass band measured with tones. `EARMARK_BENCH_MUSIC` names a folder of music to use instead of generated files.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodeMono, isAudioName, probeAudio } from '../../src-main/audio/index.ts';
import { amplitudeAt, kinds, makeAudio, writeFloatWav } from '../support/make-audio.ts';
import type { KindName } from '../support/make-audio.ts';
import type { BenchResult, BenchRow } from './bench-result.ts';

const sampleRate = 22_050;
const rounds = 5;
const trackSeconds = 240;
const benchedKinds: KindName[] = ['mp3', 'flac', 'ogg', 'opus', 'm4a'];

type Cost = { cpuMs: number; wallMs: number };
type Case = { name: string; paths: string[]; seconds: number };

/** Runs the bench. */
export async function decodeBench(): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), 'earmark-bench-'));
  try {
    const music = process.env['EARMARK_BENCH_MUSIC'];
    const cases = music === undefined ? madeCases(folder) : foundCases(music);
    const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;
    const rows: BenchRow[] = [];
    for (const one of cases) rows.push(...(await benchCase(one, hasFfmpeg)));
    rows.push(...toneRows(folder));
    return { name: 'decode', rows };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Chords, a beat and noise: all bands are busy, as in music, and no two seconds are alike. */
function musicLike(): (seconds: number, channel: number) => number {
  let noise = 1;
  return (seconds, channel) => {
    noise = (noise * 48_271) % 2_147_483_647;
    const root = 110 * 2 ** ((Math.floor(seconds * 2 + channel * 0.25) % 12) / 12);
    let value = 0;
    for (let partial = 1; partial <= 6; partial++) value += Math.sin(2 * Math.PI * root * partial * seconds + channel) / partial;
    const beat = Math.exp(-12 * ((seconds * 2) % 1));
    return 0.12 * value + (0.04 + 0.25 * beat) * (noise / 1_073_741_823.5 - 1);
  };
}

function madeCases(folder: string): Case[] {
  return benchedKinds.map((kind) => {
    const path = join(folder, `${kind}.${kinds[kind].extension}`);
    makeAudio(path, { kind, seconds: trackSeconds, sound: musicLike() });
    return { name: kind, paths: [path], seconds: trackSeconds };
  });
}

/** The first files of every extension, ten minutes of each at most. */
function foundCases(folder: string): Case[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => isAudioName(name.split('/').at(-1) ?? ''));
  const cases = new Map<string, Case>();
  for (const name of names.sort()) {
    const extension = extname(name).slice(1).toLowerCase();
    const one = cases.get(extension) ?? { name: extension, paths: [], seconds: 0 };
    if (one.seconds > 600) continue;
    one.paths.push(join(folder, name));
    one.seconds += probeAudio(join(folder, name)).durationMs / 1000;
    cases.set(extension, one);
  }
  return [...cases.values()];
}

async function benchCase({ name, paths, seconds }: Case, hasFfmpeg: boolean): Promise<BenchRow[]> {
  const ours: Cost[] = [];
  const started: Cost[] = [];
  const theirs: Cost[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(measureApart(paths));
    if (hasFfmpeg) theirs.push(decodeWithProgram('ffmpeg', (path) => ffmpegArguments(path, probeAudio(path).channels), paths));
    started.push(decodeWithProgram(process.execPath, () => [fileURLToPath(import.meta.url), '--decode', ...paths], paths.slice(0, 1)));
  }
  const cpu = median(ours.map(({ cpuMs }) => cpuMs));
  const wall = median(ours.map(({ wallMs }) => wallMs));
  const startedCpu = median(started.map(({ cpuMs }) => cpuMs));
  const speed = (cpuMs: number): number => (seconds * 1000) / cpuMs;
  const rows: BenchRow[] = [];
  if (!hasFfmpeg) {
    rows.push({ what: `${name}: audio decoded, median`, value: speed(cpu), unit: 's per CPU-s' });
    return rows;
  }
  const theirCpu = median(theirs.map(({ cpuMs }) => cpuMs));
  const theirWall = median(theirs.map(({ wallMs }) => wallMs));
  const against = (value: number, unit: string): string => `${value.toFixed(0)} ${unit} (ffmpeg, soxr)`;
  rows.push(
    {
      what: `${name}: audio decoded, median`,
      value: speed(cpu),
      unit: 's per CPU-s',
      against: against(speed(theirCpu), 's per CPU-s'),
      ratio: speed(cpu) / speed(theirCpu),
    },
    { what: `${name}: CPU time, median`, value: cpu, unit: 'ms', against: against(theirCpu, 'ms'), ratio: cpu / theirCpu },
    { what: `${name}: wall time, median`, value: wall, unit: 'ms', against: against(theirWall, 'ms'), ratio: wall / theirWall },
    {
      what: `${name}: CPU time with start-up, median`,
      value: startedCpu,
      unit: 'ms',
      against: against(theirCpu, 'ms'),
      ratio: startedCpu / theirCpu,
    },
  );
  return rows;
}

/** Steady state in a process of its own, as the decode threads' process is: the second of two passes over the files. */
function measureApart(paths: readonly string[]): Cost {
  const child = spawnSync(process.execPath, [fileURLToPath(import.meta.url), '--measure', ...paths], { encoding: 'utf8' });
  if (child.status !== 0) throw new Error(`The decoder failed: ${child.stderr}`);
  return JSON.parse(child.stdout) as Cost;
}

function decodeHere(paths: readonly string[]): Cost {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  for (const path of paths) {
    const blocks = decodeMono(path, { sampleRate });
    while (blocks.next().done !== true);
  }
  const { user, system } = process.cpuUsage(before);
  return { cpuMs: (user + system) / 1000, wallMs: performance.now() - startedAt };
}

function ffmpegArguments(path: string, channels: number): string[] {
  const gains = Array.from({ length: channels }, (_, channel) => `${1 / channels}*c${channel}`).join('+');
  const filters = `aformat=sample_fmts=fltp,pan=mono|c0=${gains},aresample=${sampleRate}:resampler=soxr:precision=28`;
  return [
    '-nostdin',
    '-v',
    'quiet',
    '-y',
    '-threads',
    '1',
    '-i',
    path,
    '-map',
    '0:a:0',
    '-af',
    filters,
    '-threads',
    '1',
    '-f',
    'f32le',
    '/dev/null',
  ];
}

/** Runs a program once a path. A child's own CPU time is what this process's account of ended children grows by. */
function decodeWithProgram(program: string, argumentsOf: (path: string) => string[], paths: readonly string[]): Cost {
  let [cpuMs, wallMs] = [0, 0];
  for (const path of paths) {
    const args = argumentsOf(path);
    const startedAt = performance.now();
    const timed = spawnSync('/bin/sh', ['-c', '"$@" >/dev/null; code=$?; times; exit $code', 'sh', program, ...args], { encoding: 'utf8' });
    wallMs += performance.now() - startedAt;
    if (timed.status !== 0) throw new Error(`${program} failed on ${path}: ${timed.stderr}`);
    cpuMs += childCpuMs(timed.stdout);
  }
  return { cpuMs, wallMs };
}

/** The second line of the shell's `times`: user and system time of ended children, as `0m0.250s 0m0.010s`. */
function childCpuMs(times: string): number {
  const line = times.trim().split('\n').at(-1) ?? '';
  return [...line.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1000,
    0,
  );
}

function toneRows(folder: string): BenchRow[] {
  const rows: BenchRow[] = [];
  for (const from of [44_100, 48_000, 96_000]) {
    const nyquist = sampleRate / 2;
    const stopped = [1.1, 1.15, 1.25, 1.4, 1.6, 1.8, 1.95].map((part) => part * nyquist).filter((frequency) => frequency < from / 2);
    const kept = [0.02, 0.2, 0.4, 0.6, 0.8, 0.9].map((part) => part * nyquist);
    const alias = Math.max(...stopped.map((frequency) => toneLevels(folder, from, frequency).loudestDb));
    const ripple = Math.max(...kept.map((frequency) => Math.abs(toneLevels(folder, from, frequency).atItsPlaceDb)));
    rows.push({ what: `${from} Hz: loudest alias beyond 1.1 Nyquist, peak`, value: alias, unit: 'dB' });
    rows.push({ what: `${from} Hz: level error up to 0.9 Nyquist, largest`, value: ripple, unit: 'dB' });
  }
  return rows;
}

function toneLevels(folder: string, from: number, frequency: number): { atItsPlaceDb: number; loudestDb: number } {
  const path = join(folder, 'tone.wav');
  writeFloatWav(
    path,
    Float32Array.from({ length: from }, (_, i) => 0.5 * Math.sin((2 * Math.PI * frequency * i) / from)),
    { sampleRate: from, channels: 1 },
  );
  const blocks = [...decodeMono(path, { sampleRate })];
  const middle = Float32Array.from(blocks.flatMap((block) => [...block])).subarray(6000, 16_000);
  const decibels = (amplitude: number): number => 20 * Math.log10(amplitude / 0.5 + 1e-12);
  return { atItsPlaceDb: decibels(amplitudeAt(middle, sampleRate, frequency)), loudestDb: decibels(Math.max(...middle.map(Math.abs))) };
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , mode, ...paths] = process.argv;
  if (mode === '--decode') decodeHere(paths);
  else if (mode === '--measure') {
    decodeHere(paths);
    console.log(JSON.stringify(decodeHere(paths)));
  } else console.log(JSON.stringify(await decodeBench(), null, 1));
}
