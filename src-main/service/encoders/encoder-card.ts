/** @file The card of an encoder that is given away: what it is, how it was trained, how well it does and beside what, how to run it. Markdown. */
import { countOf, formatCount } from '../../base/index.ts';
import { encoderTitles } from '../../contract/index.ts';
import { heldOutSection } from './held-out-section.ts';
import type { Store, StoredEncoder, StoredHead } from '../../store/index.ts';
import { encoderSettings } from './encoder-settings.ts';
import type { SharedHead } from './shared-head.ts';

type CardStore = Pick<Store, 'encoders' | 'heads' | 'runs'>;

/** What goes along. */
type Along = { head: SharedHead | null; notes: number };

const origins = {
  imported: 'Its weights were imported from a file of somebody else; their licence is the one that they were published under.',
  untrained: 'Its weights were drawn by chance: it is there to compare with.',
  trained: 'It was trained with Earmark on a library of music.',
  'built-in': 'It has no weights and learnt nothing: what it tells of sound is a formula.',
};

/** The text of the card. It names no file, no folder, no track. */
export function encoderCard(store: CardStore, encoder: StoredEncoder, along: Along): string {
  const { name, architecture, sampleRate, cropSamples, dimensions, source } = encoder;
  const titles: Readonly<Record<string, string>> = encoderTitles;
  const seconds = (cropSamples / sampleRate).toFixed(2);
  const lines = [
    '---',
    'license: other',
    'library_name: earmark',
    'tags: [music, audio, feature-extraction, earmark]',
    '---',
    '',
    `# ${plain(name)}`,
    '',
    `${titles[architecture] ?? architecture}: ${formatCount(cropSamples)} samples of mono sound at ${formatCount(sampleRate)} Hz (${seconds} s, full scale ±1) become ${countOf(dimensions, 'number')}. ${origins[source]}`,
    '',
    ...contents(along, architecture),
    '## Settings',
    '',
    '```json',
    JSON.stringify(encoderSettings(encoder), null, 2),
    '```',
    '',
    ...training(store, encoder),
    ...figures(store, encoder),
    '## Use',
    '',
    'In Earmark: `earmark import weights` with this folder or bundle, or drop the bundle on the window. Elsewhere, with the folder’s `onnx/`:',
    '',
    '```python',
    'import numpy, onnxruntime',
    'encoder = onnxruntime.InferenceSession("onnx/model.onnx")',
    `embeddings = encoder.run(None, {encoder.get_inputs()[0].name: numpy.zeros((4, ${cropSamples}), numpy.float32)})[0]  # [4, ${dimensions}]`,
    '```',
  ];
  return `${lines.join('\n')}\n`;
}

function contents({ head, notes }: Along, architecture: string): string[] {
  const rows = [
    '| `model.safetensors` | the weights, by their published names |',
    '| `earmark.json` | settings, and what was heard in its neurons |',
    ...(head === null
      ? []
      : [
          `| \`head.safetensors\` | ${countOf(head.labels.length, 'tag')} (${plain(head.title)}); a sigmoid of its outputs gives probabilities |`,
        ]),
    ...(architecture === 'onnx' ? [] : ['| `onnx/` | the same to run elsewhere, in a model’s folder; any batch |']),
  ];
  const noted = notes === 0 ? [] : ['', `${countOf(notes, 'neuron has a note', 'neurons have notes')} on what it hears.`];
  return ['| file | what |', '|---|---|', ...rows, ...noted, ''];
}

/** The run that it comes from, without what it learnt from. */
function training({ runs }: CardStore, { run: taken }: StoredEncoder): string[] {
  const run = runs.list().find(({ id }) => id === taken?.id);
  if (taken === null || run === undefined) return [];
  const { step } = taken;
  const kept = run.checkpoints.find((one) => one.step === step);
  const rows: [string, string][] = [
    ['recipe', run.settings.recipe],
    ['tracks', formatCount(run.tracks)],
    ['steps', formatCount(step)],
    ...(kept === undefined
      ? []
      : ([
          ['loss', kept.loss.toPrecision(4)],
          ['rank of the embedding', kept.rank.toFixed(1)],
        ] as [string, string][])),
    ['Earmark', run.codeVersion],
  ];
  return [
    '## Training',
    '',
    '| | |',
    '|---|---|',
    ...rows.map(([name, value]) => `| ${name} | ${value} |`),
    '',
    '```json',
    JSON.stringify(run.settings, null, 2),
    '```',
    '',
    ...(run.health?.heldOut === undefined ? [] : heldOutSection(run.health.heldOut, step)),
  ];
}

/** How well tags are told apart on it, beside chance and the other encoders of the library that learnt the same tags. */
function figures({ heads, encoders }: CardStore, encoder: StoredEncoder): string[] {
  const own = trainedHead(heads.list(encoder.id));
  const measured = own?.labels.filter(({ rocAuc }) => rocAuc !== null) ?? [];
  if (own === undefined || measured.length === 0) return [];
  const names = new Set(measured.map(({ kind, name }) => `${kind} ${name}`));
  const others = encoders.list().filter(({ id }) => id !== encoder.id);
  const rows = [encoder, ...others].flatMap((one) => {
    const labels =
      trainedHead(heads.list(one.id))?.labels.filter(({ kind, name, rocAuc }) => rocAuc !== null && names.has(`${kind} ${name}`)) ?? [];
    if (labels.length === 0) return [];
    const mean = (values: (number | undefined)[]): string =>
      (values.reduce<number>((sum, value) => sum + (value ?? 0), 0) / values.length).toFixed(3);
    const what = one.id === encoder.id ? 'this encoder' : `${one.source}: ${encoderText(one)}`;
    return [
      `| ${what} | ${labels.length} | ${mean(labels.map(({ rocAuc }) => rocAuc?.value))} | ${mean(labels.map(({ averagePrecision }) => averagePrecision?.value))} |`,
    ];
  });
  const chance = measured.reduce((sum, label) => sum + (label.chance ?? 0), 0) / measured.length;
  return [
    '## Figures',
    '',
    `Tags of one library learnt on frozen embeddings, by cross-validation over ${own.groupedBy === 'album' ? 'albums' : 'artists'}; means over tags.`,
    '',
    '| encoder | tags | ROC-AUC | average precision |',
    '|---|---|---|---|',
    ...rows,
    `| chance | ${measured.length} | 0.500 | ${chance.toFixed(3)} |`,
    '',
  ];
}

function trainedHead(heads: readonly StoredHead[]): StoredHead | undefined {
  return heads.find(({ source }) => source === 'trained');
}

function encoderText({ architecture, sampleRate }: StoredEncoder): string {
  return `${architecture} at ${sampleRate} Hz`;
}

/** A name on one line, so that it can be no heading or table of its own. */
function plain(text: string): string {
  return text.replaceAll(/[\s|`<>]+/g, ' ').trim();
}
