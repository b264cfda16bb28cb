/** @file The demo library on the command line, as it comes with Earmark. */
import { describe, expect, it } from 'vitest';
import type { Track } from '../../src-main/contract/index.ts';
import type { ScanResult } from '../../src-main/service/index.ts';
import { allTracks } from '../support/demo/catalogue.ts';
import { earmarkJson, runEarmark } from '../support/run-earmark.ts';
import { temporaryDirectory } from '../support/store-data.ts';

type Added = ScanResult & { folder: { id: number; path: string }; wasThere: boolean };

describe('earmark demo', () => {
  it('adds every track of the demo library, says that it is there the second time, and takes it out and in again', async () => {
    const data = temporaryDirectory();
    const all = allTracks().length;
    const first = await earmarkJson<Added>(data, 'demo');
    expect(first).toMatchObject({ wasThere: false, added: all, failed: [], passedOver: [{ what: 'other', why: 'other', count: 2 }] });
    const { rows } = await earmarkJson<{ rows: Track[] }>(data, 'tracks', '--search', 'tuba polka');
    expect(rows).toMatchObject([
      { title: 'Tuba Polka', artist: 'Saltbrook Brass', album: 'Market Square', genre: 'Brass Band', format: 'Opus' },
    ]);
    expect(rows[0]?.durationMs).toBeGreaterThan(16_000);
    expect(await earmarkJson<Added>(data, 'demo')).toMatchObject({ wasThere: true, added: 0, unchanged: all, folder: first.folder });
    expect((await runEarmark(data, 'demo')).stdout).toBe(`The demo library is there already, with ${all} tracks; nothing was done.\n`);
    expect(await earmarkJson(data, 'demo', '--remove')).toEqual({ folder: first.folder });
    expect(await earmarkJson(data, 'tracks')).toMatchObject({ total: 0 });
    expect(await earmarkJson(data, 'demo', '--remove')).toEqual({ folder: null });
    expect(await earmarkJson<Added>(data, 'demo')).toMatchObject({ wasThere: false, added: 0, unchanged: all });
    expect(await earmarkJson(data, 'tracks')).toMatchObject({ total: all });
  });
});
