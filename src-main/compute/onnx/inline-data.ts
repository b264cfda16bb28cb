/** @file Takes the data that an ONNX file keeps in other files of its folder into the file, so that it is one file from then on. */
import { realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { AppError } from '../../base/index.ts';
import { withFile } from '../tensors/byte-source.ts';
import { Malformed } from '../tensors/unreadable.ts';
import { isOutside, varintField } from './foreign-model.ts';
import { fieldsOf, parts, texts } from './protobuf-reader.ts';

/** ONNX files, and what ONNX Runtime takes of one, end at 2 GB. */
const mostBytes = 2 ** 31 - 2 ** 20;

/**
 * The file's bytes with all data of its graph in it.
 * @throws Malformed; AppError WEIGHTS_UNSAFE for data outside the file's folder, FILE_GONE
 */
export function inlineData(bytes: Uint8Array, path: string): Uint8Array {
  const graphs = parts(bytes, 7);
  if (!graphs.some((graph) => parts(graph, 5).some(isOutside))) return bytes;
  const beside: Beside = { path, left: new Map() };
  const pieces: Uint8Array[] = [];
  for (const { field, bytes: inner, whole } of fieldsOf(bytes)) {
    if (field !== 7 || inner === null) pieces.push(whole);
    else pieces.push(...wrapped(7, inlineGraph(inner, beside)));
  }
  return joined(pieces);
}

/** How many bytes of each file beside the model may still be read: a file gives what it holds once, whatever the model says. */
type Beside = { path: string; left: Map<string, number> };

function inlineGraph(graph: Uint8Array, beside: Beside): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (const { field, bytes, whole } of fieldsOf(graph)) {
    if (field !== 5 || bytes === null || !isOutside(bytes)) pieces.push(whole);
    else pieces.push(...wrapped(5, inlineTensor(bytes, beside)));
  }
  return joined(pieces);
}

/** A tensor whose place is told by `location`, `offset` and `length` becomes one that holds its bytes. */
function inlineTensor(tensor: Uint8Array, { path, left }: Beside): Uint8Array {
  const told = new Map(parts(tensor, 13).map((entry) => [texts(entry, 1)[0] ?? '', texts(entry, 2)[0] ?? '']));
  const file = inFolder(path, told.get('location') ?? '');
  const data = withFile(file, (source) => {
    const offset = Number(told.get('offset') ?? 0);
    const length = told.has('length') ? Number(told.get('length')) : source.size - offset;
    const rest = (left.get(file) ?? source.size) - length;
    if (!(length >= 0 && rest >= 0)) throw new Malformed(`it reads more from ${told.get('location')} beside it than that file holds`);
    left.set(file, rest);
    return source.read(offset, length).slice();
  });
  const kept = [...fieldsOf(tensor)].filter(({ field }) => field !== 13 && field !== 14 && field !== 9).map(({ whole }) => whole);
  return joined([...kept, ...wrapped(9, data)]);
}

/** @throws AppError WEIGHTS_UNSAFE for a file that does not lie in the model's folder or below it */
function inFolder(path: string, location: string): string {
  const unsafe = new AppError(
    'WEIGHTS_UNSAFE',
    `${path} wants to read ${location === '' ? 'a file without a name' : location}, which is outside its own folder. Nothing was read. Save the model as one file.`,
    { details: { path, location } },
  );
  const parted = location.split(/[\\/]/);
  if (location === '' || isAbsolute(location) || /^[A-Za-z]:/.test(location) || parted.includes('..')) throw unsafe;
  const folder = realpathSync(dirname(path));
  let real: string;
  try {
    real = realpathSync(join(folder, ...parted));
  } catch (cause) {
    throw new AppError(
      'FILE_GONE',
      `${path} keeps data in ${location} beside it, and that file is not there. Put it there, or save the model as one file.`,
      { details: { path, location }, cause },
    );
  }
  const inside = relative(folder, real);
  if (inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) throw unsafe;
  return real;
}

function wrapped(field: number, bytes: Uint8Array): Uint8Array[] {
  return [varintField(field, bytes.byteLength), bytes];
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const length = pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
  if (length > mostBytes) throw new Malformed('with the data beside it, it is larger than the 2 GB that an ONNX file may have');
  return Buffer.concat(pieces, length);
}
