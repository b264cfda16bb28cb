import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openBrowser } from '../../../../src-main/host/serve/open-browser.ts';

it('the browser is opened without its arguments telling the token, through a file that only its owner can read', () => {
  const folder = mkdtempSync(join(tmpdir(), 'earmark-open-'));
  const link = 'http://127.0.0.1:4747/#token=very-secret</script>';
  const started: string[][] = [];
  const forget = openBrowser(link, folder, (program, args) => started.push([program, ...args]));
  expect(started).toHaveLength(1);
  expect(JSON.stringify(started)).not.toContain('secret');
  const path = fileURLToPath(started[0]?.at(-1) ?? '');
  if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readFileSync(path, 'utf8')).toContain('location.replace("http://127.0.0.1:4747/#token=very-secret\\u003c/script>")');
  forget();
  expect(existsSync(path)).toBe(false);
  expect(readdirSync(folder)).toEqual([]);
  rmSync(folder, { recursive: true });
});
