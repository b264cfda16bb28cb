/**
 * @file Opens the browser on a link with a token. The link itself must not be an argument of the browser's: every user of the machine can list those. So
 * the browser is given a file that only its owner can read, which leads there.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What starts a browser on an address; replaced in tests. */
export type BrowserStart = (program: string, args: string[]) => void;

/**
 * @param link where to
 * @param folder where the file is made; nobody else can enter it
 * @returns takes the file away again
 */
export function openBrowser(link: string, folder: string, start: BrowserStart = startProgram): () => void {
  const path = join(folder, `open-${randomBytes(6).toString('hex')}.html`);
  writeFileSync(path, page(link), { flag: 'wx', mode: 0o600 });
  const address = pathToFileURL(path).href;
  if (process.platform === 'darwin') start('open', [address]);
  else if (process.platform === 'win32') start('cmd', ['/c', 'start', '', address]);
  else start('xdg-open', [address]);
  return () => rmSync(path, { force: true });
}

function page(link: string): string {
  const text = JSON.stringify(link).replaceAll('<', '\\u003c');
  return `<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><title>Earmark</title><script>location.replace(${text})</script>\n`;
}

function startProgram(program: string, args: string[]): void {
  // Without a browser the link is on the terminal.
  spawn(program, args, { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref();
}
