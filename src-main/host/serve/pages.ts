/** @file The built renderer as a fixed set of files: what is not in the set when `serve` starts is not there. */
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { AppError } from '../../base/index.ts';

/** A file ready to send. */
export type Page = { type: string; bytes: Buffer; isImmutable: boolean };

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/** Content security policy of the page; the same in every host. */
export const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "connect-src 'self' ws://127.0.0.1:* ws://localhost:*",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "form-action 'none'",
].join('; ');

/**
 * Reads every file of the built renderer.
 * @param directory `out/renderer`
 * @throws AppError NOT_FOUND when it was not built
 */
export function readPages(directory: string): Map<string, Page> {
  const pages = new Map<string, Page>();
  let names: string[];
  try {
    names = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  } catch (cause) {
    throw new AppError('NOT_FOUND', `The interface is not built: ${directory} is missing. Run \`npm run build\`, or \`npm start\`.`, {
      cause,
    });
  }
  for (const name of names) {
    const type = types[extname(name)];
    if (type === undefined) continue;
    const path = `/${name.replaceAll('\\', '/')}`;
    pages.set(path, { type, bytes: readFileSync(join(directory, name)), isImmutable: path.startsWith('/assets/') });
  }
  const index = pages.get('/index.html');
  if (index === undefined)
    throw new AppError('NOT_FOUND', `The interface is not built: ${directory} has no index.html. Run \`npm run build\`.`);
  pages.set('/', index);
  return pages;
}
