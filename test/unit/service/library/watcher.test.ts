/** @file Watches of folders with thousands of directories. */
import { mkdirSync, watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type { FolderId } from '../../../../src-main/contract/index.ts';
import { closedAtOnce, FolderWatcher } from '../../../../src-main/service/library/watcher.ts';
import { temporaryDirectory } from '../../../support/store-data.ts';

describe('a folder that is not watched any more', () => {
  it('lets go of its directories some at a time, between which others have their turn', async () => {
    const root = temporaryDirectory();
    const directories = Array.from({ length: closedAtOnce + 1 }, (_, i) => join(root, String(i)));
    for (const directory of directories) mkdirSync(directory);
    const watcher = new FolderWatcher(() => undefined);
    watcher.watch(1 as FolderId, directories);
    const one = watch(root);
    one.close();
    const close = vi.spyOn(Object.getPrototypeOf(one) as FSWatcher, 'close');
    watcher.unwatch(1 as FolderId);
    expect(watcher.isWatching(1 as FolderId)).toBe(false);
    expect(close).toHaveBeenCalledTimes(closedAtOnce);
    await setImmediate();
    await setImmediate();
    expect(close).toHaveBeenCalledTimes(directories.length);
    vi.restoreAllMocks();
  });
});
