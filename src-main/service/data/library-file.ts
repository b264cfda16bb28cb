/** @file Reads the file that holds all that people made, and gives what it means the numbers of another library. */
import { AppError } from '../../base/index.ts';
import { anyLibraryFileSchema, libraryFileSchema, libraryFileVersion } from '../../contract/index.ts';
import type { LibraryFile } from '../../contract/index.ts';

/** Reads the text of such a file. @throws AppError BAD_INPUT with what is wrong where */
export function parseLibraryFile(content: string, path: string): LibraryFile {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (cause) {
    throw new AppError('BAD_INPUT', `${path} is not JSON. Choose a file that \`earmark export library\` made.`, { cause });
  }
  const head = anyLibraryFileSchema.safeParse(value);
  if (!head.success) throw new AppError('BAD_INPUT', `${path} is not a library that Earmark exported.`);
  if (head.data.version > libraryFileVersion)
    throw new AppError(
      'BAD_INPUT',
      `${path} was exported by a newer Earmark (version ${head.data.version} of the file). Import it with that one.`,
    );
  const parsed = libraryFileSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError('BAD_INPUT', `${path} cannot be read at ${issue?.path.join('.') ?? 'its beginning'}: ${issue?.message ?? ''}.`);
}

/** Which names mean which list, within what a smart playlist asks. */
const references: Record<string, 'tracks' | 'tags' | 'encoders' | 'folders'> = {
  trackId: 'tracks',
  trackIds: 'tracks',
  tagId: 'tags',
  tagIds: 'tags',
  withoutTagIds: 'tags',
  encoderId: 'encoders',
  folderId: 'folders',
};

/**
 * The same value with every number of a track, tag, encoder or folder replaced.
 * @param replace gives the new number; what it throws passes through
 */
export function replaceReferences(
  value: unknown,
  replace: (list: 'tracks' | 'tags' | 'encoders' | 'folders', id: number) => number,
): unknown {
  if (Array.isArray(value)) return value.map((one: unknown) => replaceReferences(one, replace));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value as Record<string, unknown>).map(([key, inner]) => {
    const list = references[key];
    if (list === undefined) return [key, replaceReferences(inner, replace)];
    if (typeof inner === 'number') return [key, replace(list, inner)];
    return [key, Array.isArray(inner) ? inner.map((id: unknown) => (typeof id === 'number' ? replace(list, id) : id)) : inner];
  });
  return Object.fromEntries(entries) as unknown;
}
