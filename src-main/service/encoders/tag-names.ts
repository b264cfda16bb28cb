/** @file Names of a head's outputs, in a file of the person's. */
import { AppError, readRegularFile } from '../../base/index.ts';

/** A file with a name for each of a head's outputs is no longer than this. */
const mostBytes = 2 ** 20;
const [mostNames, longestName] = [4096, 200];
const advice = 'Name a file with one tag a line, or a JSON list of tags.';

/**
 * Reads names in their order: one a line, a JSON list, a JSON object with such a list under `tags` or `labels`, or one with a name for each number
 * (`id2label` of Hugging Face's config.json too).
 * @throws AppError BAD_INPUT for what is no such file; codes of the file system
 */
export async function readTagNames(path: string): Promise<string[]> {
  const bytes = await readRegularFile(path, { mostBytes, advice });
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  const names = /^\s*[[{]/.test(text) ? namesInJson(text) : text.trimEnd().split(/\r?\n/);
  const trimmed = names?.map((name) => name.trim());
  const isNamed = trimmed !== undefined && trimmed.length > 0 && trimmed.length <= mostNames;
  if (isNamed && trimmed.every((name) => name !== '' && name.length <= longestName && !/\p{Cc}/u.test(name)))
    return distinct(trimmed, path);
  const says = `${path} is no list of tags: 1 to ${mostNames} names, each of 1 to ${longestName} characters that can be seen, with no empty line between.`;
  throw new AppError('BAD_INPUT', `${says} ${advice}`, { details: { path } });
}

/** Two tags of one name could not be told apart. @throws AppError BAD_INPUT */
function distinct(names: readonly string[], path: string): string[] {
  const known = new Set<string>();
  for (const name of names) {
    const key = name.toLowerCase();
    if (known.has(key))
      throw new AppError('BAD_INPUT', `${path} names “${name}” twice. Each output of a head needs a name of its own.`, {
        details: { path },
      });
    known.add(key);
  }
  return [...names];
}

/** Null for JSON of another form. */
function namesInJson(text: string): string[] | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (isTexts(value)) return value;
  if (typeof value !== 'object' || value === null) return null;
  const inside = value as Record<string, unknown>;
  const list = [inside['tags'], inside['labels']].find(isTexts);
  if (list !== undefined) return list;
  const numbered = inside['id2label'] ?? value;
  if (typeof numbered !== 'object' || numbered === null) return null;
  const entries = Object.entries(numbered);
  const ordered = entries.map((_, index) => (numbered as Record<string, unknown>)[String(index)]);
  return isTexts(ordered) ? ordered : null;
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
