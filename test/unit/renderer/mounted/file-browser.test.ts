// @vitest-environment happy-dom
/** @file The list of folders under a path that is typed: where it begins, and that it takes the place of nothing that was typed. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import FileBrowser from '../../../../src-renderer/view/browse/FileBrowser.svelte';
import { show } from '../../../support/mount.svelte.ts';
import { answers, asked } from '../../../support/page-client.ts';

vi.mock('../../../../src-renderer/client/index.ts', () => import('../../../support/page-client.ts'));

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** What is asked of the core and told to the page, after what waits has come. */
async function begunWith(typed?: string): Promise<{ paths: unknown[]; told: string[] }> {
  const told: string[] = [];
  show(FileBrowser as never, { files: 'none', onfolder: (path: string) => told.push(path), ...(typed === undefined ? {} : { typed }) });
  vi.runAllTimers();
  await turn();
  const paths = asked.flatMap(({ procedure, input }) => (procedure === 'host.browse' ? [(input as { path: unknown }).path] : []));
  return { paths, told };
}

describe('the list of folders', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    asked.length = 0;
    answers['host.browse'] = ({ path }: { path: string | null }) => ({
      ...{ path: path ?? '/home', parent: null },
      ...{ places: [], entries: [], audioFiles: 0 },
    });
    return () => vi.useRealTimers();
  });

  it('begins with the home folder where nothing was typed, and tells it', async () => {
    expect(await begunWith()).toEqual({ paths: [null], told: ['/home'] });
    asked.length = 0;
    expect(await begunWith(' ')).toEqual({ paths: [null], told: ['/home'] });
  });

  it('begins with what was typed before it was there, and leaves that as it is', async () => {
    expect(await begunWith('/music')).toEqual({ paths: ['/music'], told: [] });
  });
});
