/** @file Entry of a child process: tries the device named by its argument and prints one line of JSON (`ProbeResult`). */
import { toAppError } from '../base/index.ts';
import { isDeviceId } from './devices/device.ts';
import { tryDevice } from './devices/trial.ts';

const id = process.argv[2] ?? '';
let answer: unknown;
try {
  answer = isDeviceId(id) ? { ok: true, ...(await tryDevice(id)) } : { ok: false, why: `there is no device ${id}` };
} catch (error) {
  answer = { ok: false, why: reasonOf(toAppError(error, `try ${id}`).message) };
}
process.stdout.write(`${JSON.stringify(answer)}\n`, () => process.exit(0));

/** The part of a runtime's long message that says what happened, without its source files and lines. */
function reasonOf(message: string): string {
  const known = /Failed to get a WebGPU adapter[^.]*|Failed to load shared library|[^:]*not found[^.]*/.exec(message)?.[0];
  return known ?? message;
}
