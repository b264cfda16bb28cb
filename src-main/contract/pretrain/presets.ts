/** @file The presets that a person chooses from: how far a recipe is to be taken. */
import { withRate } from './kinds.ts';
import { recipes } from './recipes.ts';
import type { Recipe } from './recipes.ts';
import type { PretrainSettings, RecipeName } from './settings.ts';

export const presetNames = ['try', 'overnight', 'paper'] as const;
export type PresetName = (typeof presetNames)[number];

/** A preset: what it changes of a recipe's defaults. */
export type Preset = {
  name: PresetName;
  title: string;
  /** One sentence for a person who chooses. */
  about: (recipe: Recipe) => string;
  changes: (defaults: PretrainSettings) => PretrainSettings;
};

/** The presets of a recipe, from the quickest to the longest. */
export function presetsOf(recipe: RecipeName): readonly Preset[] {
  const { only } = recipes[recipe];
  return only === undefined ? presets : [{ name: 'try', title: only.title, about: () => only.about, changes: (defaults) => defaults }];
}

const presets: readonly Preset[] = [
  {
    name: 'try',
    title: 'Try it: minutes',
    about: () => 'Ten minutes at 8 kHz: enough to see that it learns, not enough to know your music.',
    changes: (defaults) => ({
      ...defaults,
      batch: Math.min(32, defaults.batch),
      ...recipes[defaults.recipe].tried,
      encoder: withRate(recipes[defaults.recipe].tried?.encoder ?? defaults.encoder, 8000),
      length: { unit: 'minutes', amount: 10 },
      checkpoints: { ...defaults.checkpoints, everyMinutes: 2 },
    }),
  },
  {
    name: 'overnight',
    title: 'Overnight',
    about: () => 'Eight hours at the full sample rate, on your whole library.',
    changes: (defaults) => ({ ...defaults, length: { unit: 'minutes', amount: 480 } }),
  },
  {
    name: 'paper',
    title: 'As in the paper',
    about: ({ publishedAbout }) => publishedAbout,
    changes: (defaults) => ({ ...defaults, ...recipes[defaults.recipe].published }),
  },
];
