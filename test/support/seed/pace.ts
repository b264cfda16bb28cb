/**
 * @file How fast stand-in processes work, told through a file that they read again and again, so that a test lets them go exactly as far as it
 * wants. Its path is in the environment, which children inherit; where there is none, nothing holds them.
 */
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const variable = 'EARMARK_STAND_IN_PACE';

/**
 * `stepMs`: how long a step of training takes; `step`: the last one that may be taken; `tracks`: how many tracks an index process may end (null: any);
 * `estimates`: whether it is told yet what a run would take.
 */
export type Pace = { stepMs: number; step: number | null; tracks: number | null; estimates: boolean };

const unhurried: Pace = { stepMs: 4, step: null, tracks: null, estimates: true };

/** The pace that holds now; for stand-ins. */
export function paceNow(): Pace {
  const path = process.env[variable];
  return path === undefined ? unhurried : (JSON.parse(readFileSync(path, 'utf8')) as Pace);
}

/** Resolves when the pace allows it. `isOver` ends the wait too. */
export async function paced(isAllowed: (pace: Pace) => boolean, isOver: () => boolean): Promise<void> {
  while (!isOver() && !isAllowed(paceNow())) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Sets the pace of the stand-ins that this process starts. */
export class PaceMaker {
  readonly #folder = mkdtempSync(join(tmpdir(), 'earmark-pace-'));
  readonly #path = join(this.#folder, 'pace.json');
  #pace = unhurried;

  constructor() {
    this.set({});
    process.env[variable] = this.#path;
  }

  /** Changes what is given. */
  set(change: Partial<Pace>): void {
    this.#pace = { ...this.#pace, ...change };
    writeFileSync(`${this.#path}.tmp`, JSON.stringify(this.#pace));
    renameSync(`${this.#path}.tmp`, this.#path);
  }

  /** Takes the reins away from stand-ins that start later. */
  close(): void {
    if (process.env[variable] === this.#path) delete process.env[variable];
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
