/** @file What a person reads about every setting of a run, in the order in which settings are shown. All of it is declared beside the settings. */
import { augmentationSettings } from '../../audio/augment/settings.ts';
import {
  encoderChoices,
  encoderTitles,
  labelObjectives,
  objectiveSettings,
  optimizerSettings,
  optimizerText,
  projectorSettings,
  scheduleSettings,
  standsUpon,
  viewObjectives,
} from '../../learn/about.ts';
import { choice } from '../../base/settings.ts';
import type { Kinds } from '../../base/settings.ts';
import { fieldOf, fieldsOf, kindFieldsOf, onlyWhen } from './declared.ts';
import type { Condition, Field } from './declared.ts';
import { runSettings } from './run-settings.ts';
import { recipeNames } from './settings.ts';
import type { PretrainSettings } from './settings.ts';

/** Projector, transforms and chunks count where two views are compared; negatives of other moments are drawn from the whole batch. */
const withViews = { path: 'objective.kind', is: viewObjectives };
/** A batch can be computed in chunks where each clip is embedded by itself. */
const inChunks = { path: 'objective.kind', is: [...viewObjectives, ...labelObjectives] };

/** Every family of encoders learns from views and from labels; what predicts or masks wants its own. */
const withAnyEncoder = { path: 'objective.kind', is: [...viewObjectives, ...labelObjectives] };
const architecture = choice<string>('sample-cnn', Object.keys(encoderChoices), {
  title: 'Encoder',
  about: 'What hears the sound. Another one brings settings of its own.',
  source: 'the recipe’s paper: the default',
  words: encoderTitles,
});

/** Waves go through the chain of transforms; what stands upon timbre statistics is given these, with an equaliser. */
const [hearing, standing] = [
  Object.keys(encoderChoices).filter((name) => standsUpon(name) === null),
  Object.keys(encoderChoices).filter((name) => standsUpon(name) !== null),
];
const ofWaves = { path: 'encoder.architecture', is: hearing };
const ofStatistics = { path: 'encoder.architecture', is: standing };
const { equaliser, ...chain } = augmentationSettings;
/** Only waves are decoded and kept. */
const wavesOnly = ['cacheMegabytes'];

/** In the order in which they are shown. What a recipe is made of besides its encoder (its kind of objective) is no field to fill in. */
export const fields: readonly Field[] = [
  ...onlyWhen(withAnyEncoder, [fieldOf('Encoder', 'encoder.architecture', architecture)]),
  ...kindFieldsOf('Encoder', { path: 'encoder', key: 'architecture' }, encoderChoices),
  ...onlyWhen(withViews, fieldsOf('Projector', 'projector', projectorSettings)),
  ...kindFieldsOf('Objective', { path: 'objective', key: 'kind' }, objectiveSettings),
  fieldOf('Optimiser', 'optimizer.kind', choice<string>('adam', Object.keys(optimizerSettings), optimizerText)),
  ...kindFieldsOf('Optimiser', { path: 'optimizer', key: 'kind' }, optimizerSettings),
  ...fieldsOf('Schedule', 'schedule', scheduleSettings),
  ...onlyWhen(withViews, onlyWhen(ofWaves, fieldsOf('Augmentation', 'augmentation', chain))),
  ...onlyWhen(withViews, onlyWhen(ofStatistics, fieldsOf('Augmentation', 'augmentation', { equaliser }))),
  ...fieldsOf('Run', '', runSettings).flatMap((field) => {
    if (wavesOnly.includes(field.path)) return onlyWhen(ofWaves, [field]);
    return field.path === 'chunk' ? onlyWhen(inChunks, [field]) : [field];
  }),
];

const byPath = Map.groupBy(fields, ({ path }) => path);
/** Where it stands of which kind something is. */
const kindPaths = ['encoder.architecture', 'objective.kind', 'optimizer.kind'];

/** The row about a setting, of several that kinds declare differently that of the settings' own; undefined for a place that holds none. */
export function fieldAt(path: string, settings: unknown): Field | undefined {
  const found = byPath.get(path) ?? [];
  return found.find(({ countsWhen }) => countsWhen.every((one) => !kindPaths.includes(one.path) || isMet(settings, one))) ?? found[0];
}

/** False for a setting that does nothing beside the others: the hidden layers of a linear projector, say. */
export function isInUse(settings: PretrainSettings, { countsWhen }: Field): boolean {
  return countsWhen.every((condition) => isMet(settings, condition));
}

function isMet(settings: unknown, { path, is }: Condition): boolean {
  return is.includes(String(path.split('.').reduce(valueIn, settings)));
}

function valueIn(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

const namesOf = (kinds: Kinds): string[] => Object.keys(kinds);

/** What a recipe is made of, by its place: the names there are. */
export const recipeParts: Readonly<Record<string, readonly string[]>> = {
  recipe: recipeNames,
  'encoder.architecture': namesOf(encoderChoices),
  'objective.kind': namesOf(objectiveSettings),
};
