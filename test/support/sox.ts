/** @file The `sox` program, which effects are compared with where it is installed. */
import { spawnSync } from 'node:child_process';

/** True when `sox` can be run. */
export const hasSox = spawnSync('sox', ['--version']).status === 0;

/** Runs samples (mono, below ±1) through sox' effects, for example `['reverb', '50', '50', '50', '0']`; 32 bits both ways, no dither. */
export function soxEffects(samples: Float32Array, sampleRate: number, effects: readonly string[]): Float32Array {
  const raw = ['-t', 'raw', '-e', 'floating-point', '-b', '32', '-L', '-c', '1', '-r', String(sampleRate)];
  const input = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  const ran = spawnSync('sox', ['-D', ...raw, '-', ...raw, '-', ...effects], { input, maxBuffer: 2 ** 28 });
  if (ran.status !== 0) throw new Error(`sox failed: ${ran.stderr.toString()}`);
  return new Float32Array(Uint8Array.from(ran.stdout).buffer);
}

/** CPU milliseconds that sox takes to run a file through effects, its start-up among them. */
export function soxCpuMs(path: string, effects: readonly string[]): number {
  const ran = spawnSync('/bin/sh', ['-c', '"$@"; code=$?; times; exit $code', 'sh', 'sox', '-D', path, '-n', ...effects], {
    encoding: 'utf8',
  });
  if (ran.status !== 0) throw new Error(`sox failed: ${ran.stderr}`);
  const ended = ran.stdout.trim().split('\n').at(-1) ?? '';
  return [...ended.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1000,
    0,
  );
}
