/** @file The contract's procedures about similar music, each one line to the service that carries it out. */
import type { Handlers } from '../../contract/index.ts';
import type { Similar } from './similar.ts';

/** Makes the handlers of `similar`. */
export function similarHandlers(similar: Similar): Handlers['similar'] {
  return {
    find: (query) => similar.find(query),
    explain: (input) => similar.explain(input),
    status: ({ encoderId }) => similar.status(encoderId),
    openFile: async ({ name, bytes }) => ({ fileId: await similar.files.open(name, bytes) }),
    sendPiece: ({ fileId, offset, piece }) => similar.files.send(fileId, offset, piece),
    encodeFile: ({ fileId, encoderId }, signal) => similar.files.encode(fileId, encoderId, signal),
    stopEncoding: () => similar.files.stop(),
    forgetFile: ({ fileId }) => similar.files.forget(fileId),
    path: (wish) => similar.path(wish),
    radio: (wish) => similar.radio(wish),
  };
}
