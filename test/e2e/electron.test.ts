import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron } from 'playwright-core';
import type { ElectronApplication, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { electronPath, whyNoWindow } from '../../src-main/host/start/electron-binary.mjs';
import { top } from '../support/files.ts';

const program = electronPath();
const why =
  program === null ? 'no Electron binary' : whyNoWindow({ environment: process.env, platform: process.platform, userId: null, args: [] });

describe.skipIf(why !== null)(why === null ? 'Electron' : `Electron (skipped: ${why})`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'earmark-electron-'));
  let app: ElectronApplication;
  let page: Page;

  beforeAll(async () => {
    app = await _electron.launch({
      timeout: 600_000,
      executablePath: program ?? '',
      args: [top, '--data', folder, '--no-sandbox'],
      cwd: top,
    });
    page = await app.firstWindow({ timeout: 600_000 });
    page.setDefaultTimeout(600_000);
  });
  afterAll(async () => {
    await app.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('opens the app’s own page, connected to the core', async () => {
    expect(page.url()).toMatch(/^earmark-app:\/\/app\/index\.html/);
    await page
      .getByRole('button', { name: /add folder/i })
      .first()
      .waitFor();
  });

  it('gives the page neither Node nor Electron', async () => {
    expect(
      await page.evaluate(() => ['require', 'process', 'module', 'electron', 'ipcRenderer'].filter((name) => name in globalThis)),
    ).toEqual([]);
  });

  it('stays on its page and opens no window', async () => {
    await page.evaluate(() => {
      window.open('https://example.com/');
      window.location.href = 'https://example.com/';
    });
    await page.waitForFunction(() => document.readyState === 'complete');
    expect(page.url()).toMatch(/^earmark-app:/);
    expect(app.windows()).toHaveLength(1);
  });

  it('reads no media that is no track’s', async () => {
    expect(await page.evaluate(async () => (await fetch('earmark-media://library/media/audio/999')).status)).toBe(404);
    expect(await page.evaluate(async () => (await fetch('earmark-media://library/etc/passwd')).status)).toBe(404);
  });

  it('brings the page a new wire when the core dies', async () => {
    await app.evaluate(({ app: electronApp, dialog }) => {
      dialog.showMessageBox = async () => ({ response: 0, checkboxChecked: false });
      const core = electronApp.getAppMetrics().find((metric) => metric.name === 'Earmark core' || metric.serviceName === 'Earmark core');
      if (core !== undefined) process.kill(core.pid, 'SIGKILL');
    });
    await page
      .getByRole('button', { name: /add folder/i })
      .first()
      .waitFor();
    const status = (): Promise<number> => page.evaluate(async () => (await fetch('earmark-media://library/media/audio/999')).status);
    // 503 while there is no core.
    await expect.poll(status).toBe(404);
  });
});
