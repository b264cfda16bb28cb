/** @file A data set's folder in memory. Large texts come in pieces that are cut anywhere, as a disk's blocks cut them. */
import type { DatasetFolder } from '../../../src-main/datasets/index.ts';

/** Files by their paths. `pieceLength`: characters of a piece. */
export function memoryFolder(files: Readonly<Record<string, string>>, pieceLength = 4093): DatasetFolder {
  const known = new Map(Object.entries(files));
  return {
    path: '/sets/here',
    readText: async (path) => known.get(path) ?? null,
    pieces: async (path) => {
      const text = known.get(path);
      return text === undefined ? null : cut(text, pieceLength);
    },
    list: async (path) => {
      const folder = path === '' || path.endsWith('/') ? path : `${path}/`;
      const names = [...known.keys()].filter((one) => one.startsWith(folder)).map((one) => one.slice(folder.length));
      return [...new Set(names.map((name) => name.replace(/\/.*/, '/')))].toSorted();
    },
  };
}

async function* cut(text: string, length: number): AsyncGenerator<string, void> {
  for (let at = 0; at < text.length; at += length) yield text.slice(at, at + length);
}
