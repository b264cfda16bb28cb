/** @file `backup`, `restore`, `export library` and `doctor` as a person types them. */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { earmarkJson, runEarmark } from '../support/run-earmark.ts';
import { openingError, temporaryDirectory } from '../support/store-data.ts';

type Report = { file: string; bytes: number; tables: Record<string, number> };

describe('backup and restore', () => {
  it('say where, how large and how many rows; what was restored can be taken back; a damaged database is told and mended', async () => {
    const data = join(temporaryDirectory(), 'data');
    const file = join(temporaryDirectory(), 'mine.db');
    await runEarmark(data, 'encoders', 'create', '--seed', '1');
    const made = await earmarkJson<Report>(data, 'backup', file);
    expect(made).toMatchObject({ file, bytes: statSync(file).size, tables: { encoders: 2, tracks: 0 } });
    await runEarmark(data, 'encoders', 'create', '--seed', '2');
    const restored = await earmarkJson<Report & { kept: string }>(data, 'restore', file);
    expect(restored).toMatchObject({ file, tables: { encoders: 2 } });
    expect((await earmarkJson<Report>(data, 'restore', '--undo')).tables['encoders']).toBe(3);
    const refused = await runEarmark(data, 'backup', join(data, 'library.json'), '--json');
    expect([refused.code, JSON.parse(refused.stdout)]).toMatchObject([1, { error: { code: 'BAD_INPUT' } }]);
    const away = join(data, 'drive that is not plugged in');
    const missed = await runEarmark(data, 'backup', join(away, 'mine.db'));
    expect([missed.code, missed.stderr]).toEqual([1, expect.stringContaining(`There is no folder ${away}, so nothing was backed up.`)]);
    expect(existsSync(away)).toBe(false);
    expect((await runEarmark(data, 'restore')).code).toBe(2);
    const path = join(data, 'earmark.db');
    const good = readFileSync(path);
    writeFileSync(path, Buffer.concat([good.subarray(0, 4096), Buffer.alloc(good.length - 4096, 0x5a)]));
    expect(openingError(data).code).toBe('DATABASE_DAMAGED');
    const doctor = await runEarmark(data, 'doctor', '--json');
    expect(doctor.code).toBe(1);
    expect(JSON.parse(doctor.stdout)).toMatchObject({
      checks: [{ name: 'Database', ok: false, message: expect.stringMatching(/restore --newest/) as string }],
    });
    await earmarkJson<Report>(data, 'restore', file);
    expect((await earmarkJson<unknown[]>(data, 'encoders')).toString()).not.toBe('');
    const library = join(temporaryDirectory(), 'library.json');
    await earmarkJson(data, 'export', 'library', library);
    expect(await earmarkJson(data, 'import', 'library', library)).toMatchObject({ changeId: null, unplaced: [] });
  });
});
