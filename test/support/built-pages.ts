/** @file The built interface, which `serve` hands to browsers: made when it is not there. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const top = fileURLToPath(new URL('../..', import.meta.url));

/** Builds the interface of a fresh checkout, as `npm run build` does; what is built already stays. @throws Error when it cannot be built */
export function needBuiltPages(): void {
  if (existsSync(`${top}/out/renderer/index.html`)) return;
  const built = spawnSync(process.execPath, ['src-main/host/start/build.mjs', 'renderer'], { cwd: top, encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`The interface could not be built: ${built.stderr}`);
}
