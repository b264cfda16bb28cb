/** @file A core that is killed leaves nothing behind: its children end by themselves, and the next start ends what does not. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { sourceEntries } from '../../../../src-main/host/core.ts';
import { createServices } from '../../../../src-main/service/index.ts';
import { startChild } from '../../../../src-main/service/processes/child.ts';
import { endLeftBehind, keepRegister } from '../../../../src-main/service/processes/child-register.ts';
import { processStart } from '../../../../src-main/service/processes/process-start.ts';
import { listFiles, top } from '../../../support/files.ts';
import { temporaryDirectory } from '../../../support/store-data.ts';

const entry = (name: string): URL => new URL(`../../../support/entries/${name}`, import.meta.url);
const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

/** Starts Node on a file, and waits for the process number that it prints. */
async function startAndRead(url: URL, ...args: string[]): Promise<{ child: ChildProcess; printed: number }> {
  const child = spawn(process.execPath, [fileURLToPath(url), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(child);
  const [data] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, printed: Number(data.toString()) };
}

/** Resolves when no process has this number. */
async function gone(processId: number): Promise<void> {
  while (processStart(processId) !== undefined) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('a child of a core that is killed', () => {
  it.each(['loop', 'native'])('ends within moments while its main thread is stuck in a %s call', async (kind) => {
    const { child, printed } = await startAndRead(entry('mortal-parent.ts'), entry(`stubborn-process.ts?${kind}`).href);
    expect(processStart(printed)).toBeDefined();
    child.kill('SIGKILL');
    await gone(printed);
  });

  it('ends also when it is the core of `serve`, and its starter is killed', async () => {
    const { child, printed } = await startAndRead(entry('mortal-parent.ts'), 'serve', temporaryDirectory());
    child.kill('SIGKILL');
    await gone(printed);
  });
});

describe('every child', () => {
  it('is started by way of the watch, whichever file starts it', () => {
    /** What starts other programs than Earmark's own, and those two that start ours. */
    const known = ['base/parent-watch.ts', 'service/processes/child.ts', 'compute/devices/probe.ts'];
    const foreign = [
      'audio/system-ffmpeg.ts',
      'audio/fields/attributes.ts',
      'host/serve/open-browser.ts',
      'service/processes/process-start.ts',
      'host/start/processes.mjs',
    ];
    const starting = listFiles('src-main')
      .filter((path) => /\.m?[tj]s$/.test(path) && /from 'node:child_process'/.test(readFileSync(join(top, path), 'utf8')))
      .map((path) => path.slice('src-main/'.length));
    expect(starting.filter((path) => ![...known, ...foreign].includes(path))).toEqual([]);
    for (const path of known.slice(1)) expect(readFileSync(join(top, 'src-main', path), 'utf8')).toContain('guardedArguments(');
  });
});

describe('the register of children', () => {
  const record = (directory: string, processId: number, startedAt: number): void => {
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, `${processId}.json`), JSON.stringify({ processId, startedAt }));
  };

  it('has a file for each child while it lives', async () => {
    const directory = join(temporaryDirectory(), 'processes');
    const forget = keepRegister(directory);
    const ended = Promise.withResolvers<string>();
    const child = startChild<never, { processId: number }>(entry('stubborn-process.ts?loop'), {
      onMessage: () => child.kill(),
      onExit: ended.resolve,
    });
    expect(readdirSync(directory)).toEqual([`${child.pid}.json`]);
    await ended.promise;
    expect(readdirSync(directory)).toEqual([]);
    forget();
  });

  it('ends what a former core left, before a start goes on', async () => {
    const dataDirectory = temporaryDirectory();
    const { printed } = await startAndRead(entry('stubborn-process.ts?native'));
    record(join(dataDirectory, 'processes'), printed, processStart(printed) ?? 0);
    const nobody = async (): Promise<null> => null;
    const host = { kind: 'serve' as const, version: '0', chooseFolder: nobody, chooseWeights: nobody, reveal: async () => undefined };
    const services = createServices({ dataDirectory, host, entries: sourceEntries, report: () => undefined });
    expect(processStart(printed)).toBeUndefined();
    expect(existsSync(join(dataDirectory, 'processes', `${printed}.json`))).toBe(false);
    await services.close();
  });

  it('spares a process that has the number of one that ended, and files that are no records', async () => {
    const directory = join(temporaryDirectory(), 'processes');
    const { child, printed } = await startAndRead(entry('stubborn-process.ts?loop'));
    record(directory, printed, (processStart(printed) ?? 0) - 60_000);
    writeFileSync(join(directory, '77.json'), '{"processId": -1, "startedAt": 1}');
    writeFileSync(join(directory, '78.json'), '{"proce');
    endLeftBehind(directory);
    expect(processStart(printed)).toBeDefined();
    expect(child.exitCode).toBeNull();
    expect(readdirSync(directory)).toEqual([]);
  });

  it('spares children of its own', async () => {
    const directory = join(temporaryDirectory(), 'processes');
    const forget = keepRegister(directory);
    const heard = Promise.withResolvers<unknown>();
    const ended = Promise.withResolvers<string>();
    const child = startChild<never, unknown>(entry('stubborn-process.ts?loop'), { onMessage: heard.resolve, onExit: ended.resolve });
    await heard.promise;
    endLeftBehind(directory);
    expect(processStart(child.pid ?? 0)).toBeDefined();
    expect(readdirSync(directory)).toHaveLength(1);
    child.kill();
    await ended.promise;
    forget();
  });
});
