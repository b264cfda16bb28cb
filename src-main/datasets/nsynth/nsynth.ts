/** @file NSynth (Engel et al. 2017): 305 979 single notes of 4 seconds, with pitch and family of their instruments. */
import { AppError } from '../../base/index.ts';
import type { DatasetFolder, Part } from '../dataset.ts';
import { parts } from '../dataset.ts';
import { defineDataset } from '../define.ts';
import type { NamedClip } from '../define.ts';
import { jsonEntries } from '../json-entries.ts';

const folders = { train: 'nsynth-train', validation: 'nsynth-valid', test: 'nsynth-test' } as const;
const families = ['bass', 'brass', 'flute', 'guitar', 'keyboard', 'mallet', 'organ', 'reed', 'string', 'synth_lead', 'vocal'];
const labelsOf = { pitch: Array.from({ length: 128 }, (_, pitch) => String(pitch)), family: families };
const fieldOf = { pitch: 'pitch', family: 'instrument_family' } as const;
type Task = keyof typeof labelsOf;

/** NSynth, as the folder that holds `nsynth-train`, `nsynth-valid` and `nsynth-test`. */
export const nsynth = defineDataset({
  name: 'nsynth',
  title: 'NSynth',
  about: 'Engel et al. 2017, https://magenta.tensorflow.org/datasets/nsynth',
  holds: 'nsynth-train, nsynth-valid and nsynth-test, each with examples.json and audio',
  tasks: [
    { name: 'pitch', title: 'Pitch', kind: 'classes' },
    { name: 'family', title: 'Family of the instrument', kind: 'classes' },
  ],
  splits: [{ name: 'official', title: 'As published' }],
  isIn: async (folder) => {
    const names = await folder.list('');
    return parts.some((part) => names.includes(`${folders[part]}/`));
  },
  read: async (folder, { task }) => {
    const clips: NamedClip[] = [];
    for (const part of parts) for await (const clip of clipsOf(folder, { part, task })) clips.push(clip);
    return {
      ...{ labels: labelsOf[task], clips, leftOut: [], notes: [], leastSeconds: 4, artistIs: 'instrument' },
      published: { train: 289205, validation: 12678, test: 4096 },
      policies: {
        emptyLabels: 'Every note has one pitch and one family.',
        labelOrder: task === 'pitch' ? 'MIDI pitches 0 to 127.' : 'The numbers of the families in examples.json, 0 to 10.',
        ties: 'None: the order is not one of frequency.',
        aggregation: 'By note.',
      },
    };
  },
});

async function* clipsOf(folder: DatasetFolder, { part, task }: { part: Part; task: Task }): AsyncGenerator<NamedClip, void> {
  const path = `${folders[part]}/examples.json`;
  const pieces = await folder.pieces(path);
  if (pieces === null)
    throw new AppError('BAD_INPUT', `${path} is not there. NSynth’s three parts must lie side by side in ${folder.path}.`);
  // One array a class, for hundreds of thousands of notes.
  const answers = labelsOf[task].map((_, place) => [place]);
  for await (const [name, value] of jsonEntries(pieces, path)) {
    const note = fieldsOf(value, { path, name });
    const place = note[fieldOf[task]];
    const instrument = note['instrument_str'];
    yield {
      ...{ id: name, path: `${folders[part]}/audio/${name}.wav`, part },
      artist: typeof instrument === 'string' ? instrument : null,
      answers: answers[place as number] ?? [typeof place === 'number' ? place : Number.NaN],
    };
  }
}

/** @throws AppError BAD_INPUT for a note without the fields, or with another numbering of families */
function fieldsOf(value: unknown, { path, name }: { path: string; name: string }): Readonly<Record<string, unknown>> {
  const note = (value ?? {}) as Readonly<Record<string, unknown>>;
  const lacking = Object.values(fieldOf).find((field) => !(field in note));
  if (lacking !== undefined)
    throw new AppError('BAD_INPUT', `The note ${name} of ${path} has no field “${lacking}”.`, { details: { path } });
  const [family, called] = [note['instrument_family'], note['instrument_family_str']];
  if (typeof called === 'string' && typeof family === 'number' && families[family] !== called)
    throw new AppError(
      'BAD_INPUT',
      `${path} has another order of families: number ${family} is “${called}” there, and “${families[family] ?? 'none'}” is published.`,
    );
  return note;
}
