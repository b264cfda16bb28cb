/** @file What Earmark says of an encoder that it gives away, beside its weights: `earmark.json` in a model's folder or a bundle. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readRegularFile } from '../../base/index.ts';
import { poolings } from '../../learn/index.ts';
import type { Pooling } from '../../learn/index.ts';
import { Budget } from './budget.ts';
import { withFile } from './byte-source.ts';
import { isZip } from './pytorch.ts';
import { Malformed } from './unreadable.ts';
import { ZipArchive } from './zip.ts';

/** The file's name. */
export const bundleName = 'earmark.json';
const format = 'earmark-encoder';

/** What somebody heard in a neuron. */
export type BundleNote = { feature: number; text: string };

/** Notes on the neurons of a feature space besides the embedding: an output, as it is pooled. */
export type BundleSpace = { output: string; pooling: Pooling; notes: BundleNote[] };

/**
 * `labels`: names of the head's outputs; null where it has no head. `notes`: on the neurons of the embedding; `spaces`: on those of layers, which earlier
 * versions do not write and pass over.
 */
export type EncoderBundle = {
  name: string;
  head: { title: string; labels: string[] } | null;
  notes: BundleNote[];
  spaces: BundleSpace[];
};

const [mostBytes, mostNotes, longestNote, mostLabels, longestName] = [8 * 2 ** 20, 65_536, 10_000, 4096, 200] as const;
const [mostSpaces, longestOutput] = [1024, 1000] as const;

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
  const { format: kind, name, head, notes, spaces } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  if (kind !== format) throw new Malformed(`its ${bundleName} is not a description of an encoder`);
  const listed: unknown[] = Array.isArray(spaces) ? spaces.slice(0, mostSpaces) : [];
  return { name: isName(name) ? name : '', head: headOf(head), notes: notesOf(notes), spaces: listed.flatMap(spaceOf) };
}

function spaceOf(space: unknown): BundleSpace[] {
  const { output, pooling, notes } = (typeof space === 'object' && space !== null ? space : {}) as Record<string, unknown>;
  const pooled = poolings.find((one) => one === pooling);
  if (pooled === undefined || typeof output !== 'string' || output === '' || output.length > longestOutput) return [];
  const own = notesOf(notes);
  return own.length === 0 ? [] : [{ output, pooling: pooled, notes: own }];
}

function notesOf(notes: unknown): BundleNote[] {
  const list: unknown[] = Array.isArray(notes) ? notes.slice(0, mostNotes) : [];
  return list.flatMap(noteOf);
}

function headOf(head: unknown): EncoderBundle['head'] {
  const { title, labels } = (typeof head === 'object' && head !== null ? head : {}) as Record<string, unknown>;
  if (!isName(title) || !Array.isArray(labels) || labels.length > mostLabels || !labels.every(isName)) return null;
  return { title, labels };
}

function noteOf(note: unknown): BundleNote[] {
  const { feature, text } = (typeof note === 'object' && note !== null ? note : {}) as Record<string, unknown>;
  const isNote =
    Number.isInteger(feature) && (feature as number) >= 0 && typeof text === 'string' && text.trim() !== '' && text.length <= longestNote;
  return isNote ? [{ feature: feature as number, text }] : [];
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '' && value.length <= longestName;
}
