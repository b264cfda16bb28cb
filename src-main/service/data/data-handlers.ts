/** @file The procedures of the library as a whole, each one line. */
import type { Handlers } from '../../contract/index.ts';
import type { DataKeeper } from './data-keeper.ts';

/** Makes the handlers of the subject `data`. */
export function dataHandlers(data: DataKeeper): Handlers['data'] {
  return {
    state: () => data.state(),
    backUp: () => data.backUp(),
    restore: ({ file }) => data.restore(file),
    salvage: () => data.salvage(),
    dismissNotice: () => data.dismissNotice(),
    exportLibrary: ({ path }) => data.exportLibrary(path),
    importLibrary: ({ path }) => data.importLibrary(path),
  };
}
