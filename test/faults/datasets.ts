/** @file Faults in how labelled data sets are read: parts, answers, what is left out, and what a folder may not do. */
import { faultsOf } from './fault.ts';
import type { Fault } from './fault.ts';

export const datasetFaults: readonly Fault[] = [
  ...faultsOf(
    'src-main/datasets/magnatagatune/magnatagatune.ts',
    ['test/unit/datasets/magnatagatune.test.ts'],
    [
      ['data sets: the folder rule', 'place < 12', 'place < 11'],
      ['data sets: short clips of the other split', "split === 'lee' && shortClips.has(id)", "split === 'pons' && shortClips.has(id)"],
    ],
  ),
  ...faultsOf(
    'src-main/datasets/define.ts',
    ['test/unit/datasets/define.test.ts', 'test/unit/datasets/registry.test.ts', 'test/unit/datasets/magnatagatune.test.ts'],
    [
      ['data sets: few artists are not told', 'artists < leastGroups', 'artists <= 0'],
      ['data sets: ids named twice', 'before === undefined ? (whyRefused', 'before !== null ? (whyRefused'],
      ['data sets: tags that are no 0 or 1', 'answer === 0 || answer === 1', 'answer >= 0'],
      ['data sets: leaks where there are none', "found.has('train') && found.has('test')", "found.has('train')"],
    ],
  ),
  ...faultsOf(
    'src-main/datasets/part-hash.ts',
    [
      'test/unit/datasets/registry.test.ts',
      'test/unit/datasets/gtzan.test.ts',
      'test/unit/datasets/msd.test.ts',
      'test/unit/datasets/emomusic.test.ts',
      'test/parity/dataset-values.test.ts',
    ],
    [['data sets: own parts', "place < 8 ? 'validation'", "place < 7 ? 'validation'"]],
  ),
  ...faultsOf(
    'src-main/datasets/giantsteps/artist-parts.ts',
    ['test/unit/datasets/giantsteps.test.ts', 'test/parity/dataset-values.test.ts'],
    [
      ['data sets: artists’ parts', 'round < 2', 'round < 1'],
      ['data sets: artists by their letters', 'name.toLowerCase()', 'name'],
    ],
  ),
  ...faultsOf(
    'src-main/datasets/giantsteps/keys.ts',
    ['test/unit/datasets/giantsteps.test.ts', 'test/parity/dataset-values.test.ts'],
    [['data sets: keys', "'G#': 'Ab'", "'G#': 'Bb'"]],
  ),
  ...faultsOf(
    'src-main/datasets/emomusic/emomusic.ts',
    ['test/unit/datasets/emomusic.test.ts', 'test/parity/dataset-values.test.ts'],
    [
      ['data sets: artists with signs', ".replace(/[^a-z\\s]/g, '')", ''],
      [
        'data sets: arousal and valence',
        'numberIn(cells.mean_arousal), numberIn(cells.mean_valence)',
        'numberIn(cells.mean_valence), numberIn(cells.mean_arousal)',
      ],
    ],
  ),
  ...faultsOf(
    'src-main/datasets/fma/fma.ts',
    ['test/unit/datasets/fma.test.ts'],
    [
      ['data sets: sizes', 'sizes.indexOf(size) + 1', 'sizes.length'],
      ['data sets: unreadable files', '133297', '133298'],
    ],
  ),
  ...faultsOf(
    'src-main/datasets/manifest.ts',
    ['test/unit/datasets/registry.test.ts', 'test/unit/datasets/magnatagatune.test.ts'],
    [
      ['data sets: a hash without parts', '\\t${part}\\t', '\\t'],
      ['data sets: a hash of an order', 'clips.toSorted(byId)) hash', 'clips) hash'],
    ],
  ),
  ...faultsOf(
    'src-main/datasets/clip-path.ts',
    [
      'test/unit/datasets/registry.test.ts',
      'test/unit/datasets/gtzan.test.ts',
      'test/unit/datasets/msd.test.ts',
      'test/unit/datasets/emomusic.test.ts',
      'test/parity/dataset-values.test.ts',
    ],
    [['data sets: paths that lead out', "path.split('/').includes('..')", "path === '..'"]],
  ),
  ...faultsOf(
    'src-main/datasets/gtzan/gtzan.ts',
    ['test/unit/datasets/gtzan.test.ts'],
    [['data sets: a file broken elsewhere', 'audio === kaggle && ', '']],
  ),
  ...faultsOf(
    'src-main/datasets/mtg-jamendo/mtg-jamendo.ts',
    ['test/unit/datasets/mtg-jamendo.test.ts'],
    [['data sets: low copies', "names.some((name) => name.endsWith('.low.mp3'))", 'names.length === 0']],
  ),
  ...faultsOf(
    'src-main/datasets/nsynth/nsynth.ts',
    ['test/unit/datasets/nsynth.test.ts'],
    [['data sets: families by another name', 'families[family] !== called', 'families[family] === undefined']],
  ),
  ...faultsOf(
    'src-main/datasets/pons-lists.ts',
    [
      'test/unit/datasets/registry.test.ts',
      'test/unit/datasets/gtzan.test.ts',
      'test/unit/datasets/msd.test.ts',
      'test/unit/datasets/emomusic.test.ts',
      'test/parity/dataset-values.test.ts',
    ],
    [['data sets: another order of labels', 'found[at]?.toLowerCase() === labels[at]?.toLowerCase()', 'found[at] !== undefined']],
  ),
  ...faultsOf(
    'src-main/service/datasets/clip-files.ts',
    ['test/e2e/dataset-verbs.test.ts'],
    [['data sets: cut files', 'seconds >= leastSeconds - toleranceSeconds', 'seconds >= 0']],
  ),
  ...faultsOf(
    'src-main/service/datasets/dataset-folder.ts',
    ['test/unit/service/datasets/'],
    [
      [
        'data sets: links that lead out',
        'real.startsWith(this.#root.endsWith(sep)',
        "real !== ''||real.startsWith(this.#root.endsWith(sep)",
      ],
    ],
  ),
  ...faultsOf(
    'src-main/datasets/number-in.ts',
    ['test/unit/datasets/define.test.ts', 'test/unit/datasets/emomusic.test.ts'],
    [['data sets: empty numbers', "cell.trim() === ''", 'cell === null']],
  ),
];
