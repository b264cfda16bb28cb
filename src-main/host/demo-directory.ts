/** @file Where the demo library of this installation lies. */
import { fileURLToPath } from 'node:url';

/**
 * The folder `resources/demo`, from the sources as from the build, which lie as deep. An application that is packed as one archive keeps the folder
 * beside it (electron-builder's `asarUnpack`): decoders, which know nothing of archives, read these files.
 */
export function demoDirectory(from = import.meta.url): string {
  return fileURLToPath(new URL('../../resources/demo', from)).replace(/(?<=[\\/]app\.asar)(?=[\\/])/, '.unpacked');
}
