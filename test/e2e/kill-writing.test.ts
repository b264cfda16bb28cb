/** @file `kill -9` in the middle of writing tags to 200 files: every file is old or new, and going on or taking back gives exactly what was wanted. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { probeAudio, readTags } from '../../src-main/audio/index.ts';
import { seededRandom } from '../../src-main/base/index.ts';
import type { Writing } from '../../src-main/contract/index.ts';
import { kinds, makeAudio, tone } from '../support/make-audio.ts';
import { earmarkJson } from '../support/run-earmark.ts';

/** More rounds: EARMARK_KILL_ROUNDS=100. */
const rounds = Number(process.env['EARMARK_KILL_ROUNDS'] ?? 2);
const fileCount = 200;
const formats = ['mp3', 'flac', 'ogg', 'opus', 'm4a', 'wav', 'aiff'] as const;
const main = fileURLToPath(new URL('../../src-main/host/cli/main.ts', import.meta.url));

let root: string;
let music: string;
let data: string;
/** What each file was, and its sound. */
const originals = new Map<string, { bytes: Buffer; hash: string }>();

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'earmark-kill-writing-'));
  [music, data] = [join(root, 'music'), join(root, 'data')];
  mkdirSync(music);
  for (const [i, kind] of formats.entries()) {
    const source = join(root, `source.${kinds[kind].extension}`);
    makeAudio(source, { kind, seconds: 0.5, sound: tone(440), channels: 1 });
    const known = { bytes: readFileSync(source), hash: probeAudio(source).audioHash };
    for (let number = i; number < fileCount; number += formats.length) {
      const name = `${String(number).padStart(3, '0')}.${kinds[kind].extension}`;
      copyFileSync(source, join(music, name));
      originals.set(name, known);
    }
  }
  await earmarkJson(data, 'scan', music);
  await earmarkJson(data, 'tag', 'add', 'rainy', ...[...originals.keys()].map((name) => join(music, name)));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const names = (): string[] => [...originals.keys()].sort();
const isChanged = (name: string): boolean => !readFileSync(join(music, name)).equals(originals.get(name)?.bytes as Buffer);

/** Kills a verb and its child processes once this file is another one; true when it was still at work. */
async function killAt(name: string, jitterMs: number, ...args: string[]): Promise<boolean> {
  const before = statSync(join(music, name)).ino;
  const child: ChildProcess = spawn(process.execPath, [main, ...args, '--json'], {
    env: { ...process.env, EARMARK_DATA: data },
    stdio: 'ignore',
    detached: true,
  });
  const ended = once(child, 'exit');
  while (child.exitCode === null && statSync(join(music, name)).ino === before) await wait(1);
  await wait(jitterMs);
  // With its media process; one that ends just now cannot be killed any more.
  try {
    process.kill(-(child.pid as number), 'SIGKILL');
  } catch {
    await ended;
    return false;
  }
  await ended;
  return child.signalCode === 'SIGKILL';
}

/** Counts the files that are new; all others must be what they were, and every one must sound the same. */
async function countNew(): Promise<number> {
  let count = 0;
  for (const name of names()) {
    const path = join(music, name);
    expect(probeAudio(path).audioHash, name).toBe(originals.get(name)?.hash);
    if (!isChanged(name)) continue;
    expect((await readTags(path)).genres, name).toEqual(['rainy']);
    count++;
  }
  return count;
}

async function lastBatch(): Promise<Writing> {
  const { batches } = await earmarkJson<{ batches: Writing[] }>(data, 'tag', 'write', '--batches');
  return batches[0] as Writing;
}

describe('kill -9', () => {
  it(
    `at ${rounds} random moments of writing tags to ${fileCount} files leaves each old or new, and nothing beside them`,
    { timeout: 3_000_000 * Math.max(1, rounds / 2) },
    async () => {
      const random = seededRandom(Number(process.env['EARMARK_KILL_SEED'] ?? 1));
      const pick = (): string => names()[random.below(fileCount - 1)] as string;
      const halves: number[] = [];
      let leftovers = 0;
      for (let round = 0; round < rounds; round++) {
        const wasKilled = await killAt(pick(), random.below(12), 'tag', 'write', '--tags', 'rainy', '--field', 'genre', '--yes');
        leftovers += readdirSync(music).length - fileCount;
        const batch = await lastBatch();
        const found = await countNew();
        if (wasKilled) {
          halves.push(found);
          expect(batch.state).toBe('partial');
          // The database may know of one file less than there is: the one whose writing was not noted any more.
          expect([batch.written, batch.written + 1]).toContain(found);
        }
        if (wasKilled && random.below(2) === 0) {
          await killAt(names().findLast((name) => !isChanged(name)) ?? pick(), 0, 'tag', 'write', '--resume', String(batch.id));
          if ((await lastBatch()).state !== 'done') await earmarkJson(data, 'tag', 'write', '--resume', String(batch.id));
          expect(await countNew()).toBe(fileCount);
          expect(await lastBatch()).toMatchObject({ state: 'done', written: fileCount, failed: 0 });
        }
        if (random.below(2) === 0)
          await killAt(names().find(isChanged) ?? pick(), random.below(300), 'tag', 'write', '--undo', String(batch.id));
        if ((await lastBatch()).state !== 'undone') await earmarkJson(data, 'tag', 'write', '--undo', String(batch.id));
        expect(await countNew(), `round ${round}`).toBe(0);
        expect(readdirSync(music).sort()).toEqual(names());
        expect(await earmarkJson(data, 'scan', music)).toMatchObject({ updated: 0, unchanged: fileCount });
      }
      console.log(
        `kill -9: ${halves.length} of ${rounds} writings were killed, after ${halves.join(', ')} files; ${leftovers} copies were left beside them`,
      );
      expect(halves.length).toBeGreaterThan(0);
    },
  );
});
