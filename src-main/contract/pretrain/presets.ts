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

/** Whose picture of the sound has one size whatever the rate, so that a lower one saves nothing and leaves bands above half of it empty. */
const seesPictures = ({ defaults }: Recipe): boolean =>
  defaults.encoder.architecture === 'resnet' || defaults.encoder.architecture === 'vit';

/** The rate of “Try it” for encoders that hear waves, whose work is in proportion to it. */
const triedRate = 8000;

const presets: readonly Preset[] = [
  {
    name: 'try',
    title: 'Try it: minutes',
    about: (recipe) =>
      `Ten minutes${seesPictures(recipe) ? '' : ' at 8 kHz'}: enough to see that it learns, not enough to know your music.`,
    changes: (defaults) => {
      const recipe = recipes[defaults.recipe];
      const encoder = recipe.tried?.encoder ?? defaults.encoder;
      return {
        ...defaults,
        batch: Math.min(32, defaults.batch),
        ...recipe.tried,
        encoder: seesPictures(recipe) ? encoder : withRate(encoder, triedRate),
        length: { unit: 'minutes', amount: 10 },
        checkpoints: { ...defaults.checkpoints, everyMinutes: 2 },
      };
    },
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
