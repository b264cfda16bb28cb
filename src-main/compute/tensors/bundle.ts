/** @file What Earmark says of an encoder that it gives away, beside its weights: `earmark.json` in a model's folder or a bundle. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readRegularFile } from '../../base/index.ts';
import { Budget } from './budget.ts';
import { withFile } from './byte-source.ts';
import { isZip } from './pytorch.ts';
import { Malformed } from './unreadable.ts';
import { ZipArchive } from './zip.ts';

/** The file's name. */
export const bundleName = 'earmark.json';
const format = 'earmark-encoder';

/** `labels`: names of the head's outputs; null where it has no head. `notes`: what somebody heard in the encoder's neurons. */
export type EncoderBundle = {
  name: string;
  head: { title: string; labels: string[] } | null;
  notes: { feature: number; text: string }[];
};

const [mostBytes, mostNotes, longestNote, mostLabels, longestName] = [8 * 2 ** 20, 65_536, 10_000, 4096, 200] as const;

/** The text of such a file; `more`: what other programs and people may want to know. */
export function bundleText(bundle: EncoderBundle, more: Record<string, unknown>): string {
  return `${JSON.stringify({ format, version: 1, ...bundle, ...more }, null, 2)}\n`;
}

/** What lies beside the weights in a folder or an archive; null where nothing does. @throws Malformed for a file of that name that is none; codes of the file system */
export async function readBundle(path: string, isFolder: boolean): Promise<EncoderBundle | null> {
  if (isFolder) {
    const file = join(path, bundleName);
    if (!existsSync(file)) return null;
    return bundleOf(await readRegularFile(file, { mostBytes, advice: 'A description of an encoder is shorter.' }));
  }
  return withFile(path, (source) => {
    if (!isZip(source.read(0, Math.min(4, source.size)))) return null;
    const archive = new ZipArchive(source, new Budget(source.size));
    const name = archive.names.find((one) => one === bundleName || /^[^/]+\/earmark\.json$/.test(one));
    if (name === undefined) return null;
    const member = archive.source(name);
    if (member.size > mostBytes) throw new Malformed(`its ${bundleName} is longer than any description of an encoder`);
    return bundleOf(member.read(0, member.size));
  });
}

/** Parts that are none are left out; a file of another kind altogether is refused. */
function bundleOf(bytes: Uint8Array): EncoderBundle {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new Malformed(`its ${bundleName} is not JSON`);
  }
  const { format: kind, name, head, notes } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  if (kind !== format) throw new Malformed(`its ${bundleName} is not a description of an encoder`);
  const list: unknown[] = Array.isArray(notes) ? notes.slice(0, mostNotes) : [];
  return { name: isName(name) ? name : '', head: headOf(head), notes: list.flatMap(noteOf) };
}

function headOf(head: unknown): EncoderBundle['head'] {
  const { title, labels } = (typeof head === 'object' && head !== null ? head : {}) as Record<string, unknown>;
  if (!isName(title) || !Array.isArray(labels) || labels.length > mostLabels || !labels.every(isName)) return null;
  return { title, labels };
}

function noteOf(note: unknown): EncoderBundle['notes'] {
  const { feature, text } = (typeof note === 'object' && note !== null ? note : {}) as Record<string, unknown>;
  const isNote =
    Number.isInteger(feature) && (feature as number) >= 0 && typeof text === 'string' && text.trim() !== '' && text.length <= longestNote;
  return isNote ? [{ feature: feature as number, text }] : [];
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '' && value.length <= longestName;
}
