/** @file Tries a device in a child process with a time limit: a driver that aborts or hangs ends the child, not this process. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { guardedArguments } from '../../base/parent-watch.ts';
import type { DeviceId } from './device.ts';
import type { Trial } from './trial.ts';

/** The child's reply, or why there was none. */
export type ProbeResult = ({ ok: true } & Trial) | { ok: false; why: string };

/** Where the child starts, and how long it may take. */
export type ProbeOptions = { entry?: URL; limitMs?: number };

/** Compiling shaders on a slow machine takes seconds; more than this is a hang. */
const defaultLimitMs = 30_000;
const outputLimitBytes = 1_000_000;

/** The child's first file: beside this room in the sources, beside the bundle in a build. */
function defaultEntry(): URL {
  const places = ['../probe-device.ts', './probe-device.js', '../probe-device.js'].map((place) => new URL(place, import.meta.url));
  return places.find((place) => existsSync(place)) ?? new URL('./probe-device.js', import.meta.url);
}

/** Never rejects. */
export function probeDevice(id: DeviceId, { entry = defaultEntry(), limitMs = defaultLimitMs }: ProbeOptions = {}): Promise<ProbeResult> {
  const { promise, resolve } = Promise.withResolvers<ProbeResult>();
  const options = {
    timeout: limitMs,
    killSignal: 'SIGKILL',
    maxBuffer: outputLimitBytes,
    windowsHide: true,
    // Inside Electron the program is Electron itself; this makes it plain Node.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  } as const;
  const child = execFile(process.execPath, guardedArguments(entry, id), options, (error, output) => {
    const said = parseResult(output);
    if (said !== undefined) resolve(said);
    else if (error?.killed === true) resolve({ ok: false, why: `it did not answer within ${limitMs / 1000} seconds` });
    else resolve({ ok: false, why: `its trial ended without an answer (${error?.signal ?? `code ${error?.code ?? 0}`})` });
  });
  child.stdin?.end();
  return promise;
}

/** The last line that is the child's; drivers write to the same output. */
function parseResult(output: string): ProbeResult | undefined {
  const line = output.split('\n').findLast((text) => text.startsWith('{"ok":'));
  if (line === undefined) return undefined;
  try {
    return JSON.parse(line) as ProbeResult;
  } catch {
    return undefined;
  }
}
