import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../../src-main/store/index.ts';
import { DataPaths } from '../../src-main/store/data-directory.ts';
import { removeStoreLeftovers } from '../../src-main/store/leftovers.ts';

let root: string;
const modeOf = (...names: string[]): string => (statSync(join(root, ...names)).mode & 0o7777).toString(8);

beforeEach(() => {
  root = join(mkdtempSync(join(tmpdir(), 'earmark-private-')), 'data');
});
afterEach(() => rmSync(join(root, '..'), { recursive: true }));

describe.skipIf(process.platform === 'win32')('a data directory', () => {
  it('is its owner’s alone when it is made', () => {
    openStore(root).close();
    expect(modeOf()).toBe('700');
    expect([modeOf('earmark.db'), modeOf('encoders'), modeOf('index'), modeOf('cache')]).toEqual(['600', '700', '700', '700']);
  });

  it('becomes so when an earlier version left it open to others', () => {
    openStore(root).close();
    for (const name of ['.', 'encoders', 'cache']) chmodSync(join(root, name), 0o755);
    chmodSync(join(root, 'earmark.db'), 0o644);
    const store = openStore(root);
    expect([modeOf(), modeOf('encoders'), modeOf('cache'), modeOf('earmark.db')]).toEqual(['700', '700', '700', '600']);
    expect([modeOf('earmark.db-wal'), modeOf('lock')]).toEqual(['600', '600']);
    store.close();
  });

  it('stays open itself where it holds other things too; what is Earmark’s in it does not', () => {
    mkdirSync(root, { mode: 0o755 });
    chmodSync(root, 0o755);
    writeFileSync(join(root, 'holiday.txt'), '', { mode: 0o644 });
    openStore(root).close();
    expect([modeOf(), modeOf('holiday.txt'), modeOf('earmark.db'), modeOf('encoders')]).toEqual(['755', '644', '600', '700']);
  });

  it('is rid of what a process was writing when it died', async () => {
    openStore(root).close();
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    const left = [
      ['encoders', `1.safetensors.${pid}-0123456789ab.tmp`],
      ['runs', '1', 'checkpoints', `step-1.json.${pid}-0123456789ab.tmp`],
    ];
    const live = ['encoders', `2.safetensors.${process.pid}-0123456789ab.tmp`];
    mkdirSync(join(root, 'runs/1/checkpoints'), { recursive: true });
    for (const names of [...left, live]) writeFileSync(join(root, ...names), '');
    await removeStoreLeftovers(new DataPaths(root));
    expect(left.map((names) => existsSync(join(root, ...names)))).toEqual([false, false]);
    expect(existsSync(join(root, ...live))).toBe(true);
  });
});
