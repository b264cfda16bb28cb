import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeDeadTemporaries, temporaryPath, writeWhole } from '../../../src-main/base/index.ts';

let folder: string;
let deadProcess: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'earmark-temporary-'));
  deadProcess = spawnSync(process.execPath, ['-e', '']).pid;
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('what dead processes left', () => {
  const dead = (name: string): string => `${name}.${deadProcess}-0123456789ab.tmp`;
  const former = 'run.json.01234567-89ab-cdef-0123-456789abcdef.tmp';

  it('is removed, and what live ones write is not', async () => {
    const live = basename(temporaryPath(join(folder, 'a.json')));
    const others = ['a.json', 'notes.tmp', 'x.1-2.tmp', former];
    for (const name of [live, dead('a.json'), dead('b.json'), ...others]) writeFileSync(join(folder, name), '');
    await removeDeadTemporaries(folder);
    expect(readdirSync(folder).sort()).toEqual([live, ...others].sort());
    await removeDeadTemporaries(folder, { alsoFormer: true });
    expect(readdirSync(folder)).not.toContain(former);
    expect(readdirSync(folder)).toContain(live);
  });

  it('is removed beside a file that is written anew, and nothing else', async () => {
    for (const name of [dead('a.json'), dead('b.json')]) writeFileSync(join(folder, name), '');
    await writeWhole(join(folder, 'a.json'), '{}', 'write it');
    expect(readdirSync(folder).sort()).toEqual(['a.json', dead('b.json')].sort());
  });
});
