/** @file A zip archive that holds files of weights beside each other, as CLMR's are published: `clmr_checkpoint_10000.pt`, `mlp_….ckpt`. */
import { Budget } from './budget.ts';
import type { ByteSource } from './byte-source.ts';
import { openTensors } from './open-tensors.ts';
import type { OpenTensors } from './open-tensors.ts';
import { isPyTorchArchive, isZip } from './pytorch.ts';
import { Malformed } from './unreadable.ts';
import { ZipArchive } from './zip.ts';

/** A file of weights; `path` is what to call it in a sentence. */
export type WeightsFile = OpenTensors & { path: string; name: string };

const endings = /\.(ckpt|pt|pth|bin|safetensors)$/i;
const [mostMembers, mostFiles] = [10_000, 32];

/**
 * The files of weights that a file is, or that an archive holds; archives within archives are not looked into.
 * @throws Malformed, AppError `WEIGHTS_UNSAFE`
 */
export function weightsFiles(source: ByteSource, path: string): WeightsFile[] {
  const start = source.read(0, Math.min(4, source.size));
  if (!isZip(start)) return [{ ...openTensors(source, path), path, name: path }];
  const budget = new Budget(source.size);
  const archive = new ZipArchive(source, budget);
  if (isPyTorchArchive(archive)) return [{ ...openTensors(source, path), path, name: path }];
  if (archive.names.length > mostMembers) throw new Malformed(`its archive holds ${archive.names.length} files`);
  const names = archive.names.filter((name) => endings.test(name) && !name.split('/').some(isHidden));
  if (names.length === 0)
    throw new Malformed('it is a zip archive, but not one of PyTorch (no data.pkl), and it holds no files of weights');
  if (names.length > mostFiles)
    throw new Malformed(`its archive holds ${names.length} files of weights, and Earmark looks at ${mostFiles}`);
  return names.map((name) => {
    const inside = `${path} (${name})`;
    return { ...openTensors(archive.source(name), inside, budget), path: inside, name };
  });
}

/** What macOS adds to archives. */
function isHidden(part: string): boolean {
  return part.startsWith('.') || part === '__MACOSX';
}
