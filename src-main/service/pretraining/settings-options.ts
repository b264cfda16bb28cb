/** @file A run's settings from the options of a command: recipe, preset, shortcuts, and any field by its path. */
import { AppError } from '../../base/index.ts';
import { pretraining } from '../../contract/index.ts';
import { takes } from './setting-rules.ts';

type Settings = pretraining.PretrainSettings;

/** The options that decide settings. `set`: `path=value` each. */
export type SettingsOptions = {
  recipe?: pretraining.RecipeName;
  preset?: pretraining.PresetName;
  steps?: number;
  epochs?: number;
  minutes?: number;
  batch?: number;
  chunk?: number;
  seed?: number;
  set?: string[];
};

const namesShown = 3;

/** Resolves and checks a run's settings. @throws AppError BAD_INPUT, naming the field, what it takes, and near names of one that is not there */
export function resolveSettings(options: SettingsOptions): Settings {
  const recipe = options.recipe ?? 'clmr';
  const defaults = pretraining.recipeDefaults[recipe];
  const preset = pretraining.presetsOf(recipe).find(({ name }) => name === options.preset);
  if (options.preset !== undefined && preset === undefined)
    throw new AppError('BAD_INPUT', `“${pretraining.recipes[recipe].title}” has one length of its own: leave --preset out.`);
  const settings = structuredClone<Settings>(preset?.changes(defaults) ?? defaults);
  const length = resolveLength(options);
  if (length !== undefined) settings.length = length;
  if (options.batch !== undefined) settings.batch = options.batch;
  if (options.chunk !== undefined) settings.chunk = options.chunk;
  if (options.seed !== undefined) settings.seed = options.seed;
  const changes = (options.set ?? []).map(parseChange);
  // A kind brings its own fields with it, so it is set before them.
  for (const change of changes.toSorted((a, b) => Number(b.isKind) - Number(a.isKind))) apply(settings, change);
  return checked(settings);
}

/** The length that the options name; undefined for none. @throws AppError BAD_INPUT for more than one */
export function resolveLength({ steps, epochs, minutes }: SettingsOptions): Settings['length'] | undefined {
  const named = Object.entries({ steps, epochs, minutes }).filter(([, amount]) => amount !== undefined);
  if (named.length > 1)
    throw new AppError('BAD_INPUT', `A run has one length: give one of ${named.map(([unit]) => `--${unit}`).join(', ')}.`);
  const [first] = named;
  if (first === undefined) return undefined;
  const length = { unit: first[0], amount: first[1] } as Settings['length'];
  checked({ ...structuredClone(pretraining.recipeDefaults.clmr), length });
  return length;
}

/** Every field of settings that holds a value, with it: `optimizer.learningRate`. */
export function flatten(settings: object, prefix = ''): Map<string, unknown> {
  const all = new Map<string, unknown>();
  for (const [name, value] of Object.entries(settings)) {
    const path = `${prefix}${name}`;
    if (isRecord(value)) for (const [inner, one] of flatten(value, `${path}.`)) all.set(inner, one);
    else all.set(path, value);
  }
  return all;
}

/** As {@link flatten}, without those that do nothing beside the others. */
export function inUse(settings: Settings): Map<string, unknown> {
  return new Map([...flatten(settings)].filter(([path]) => counts(settings, path)));
}

/** A place inside a setting, a bound of a range for example, counts as that does. */
function counts(settings: Settings, path: string): boolean {
  const names = path.split('.');
  const field = names.map((_, i) => pretraining.fieldAt(names.slice(0, i + 1).join('.'), settings)).find((one) => one !== undefined);
  return field === undefined || pretraining.isInUse(settings, field);
}

type Change = { path: string; value: unknown; isKind: boolean };

function parseChange(text: string): Change {
  const at = text.indexOf('=');
  if (at < 1) throw new AppError('BAD_INPUT', `“${text}” sets nothing. Write it as path=value, for example optimizer.learningRate=0.001.`);
  const path = text.slice(0, at).trim();
  return { path, value: parseValue(text.slice(at + 1).trim()), isKind: kindPaths.includes(path) };
}

const kindPaths = ['encoder.architecture', 'optimizer.kind', 'objective.kind'];

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function apply(settings: Settings, { path, value }: Change): void {
  const names = path.split('.');
  const last = names.pop() ?? '';
  const parent = names.reduce<unknown>((at, name) => (isRecord(at) && Object.hasOwn(at, name) ? at[name] : undefined), settings);
  if (!isRecord(parent) || !Object.hasOwn(parent, last)) throw unknownPath(settings, path);
  if (isRecord(parent[last]) && !isRecord(value)) throw severalSettings(path, parent[last]);
  if (path === 'encoder.architecture' && isKey(pretraining.encoderDefaults, value))
    settings.encoder = pretraining.withRate(pretraining.encoderDefaults[value], settings.encoder.sampleRate);
  else if (path === 'optimizer.kind' && isKey(pretraining.optimizerDefaults, value))
    settings.optimizer = structuredClone(pretraining.optimizerDefaults[value]);
  else if (path === 'objective.kind' && isKey(pretraining.objectiveDefaults, value))
    settings.objective = structuredClone(pretraining.objectiveDefaults[value]);
  else parent[last] = value;
}

function isKey<Table extends object>(table: Table, key: unknown): key is keyof Table {
  return typeof key === 'string' && Object.hasOwn(table, key);
}

function checked(settings: unknown): Settings {
  const result = pretraining.pretrainSettingsSchema.safeParse(settings);
  if (result.success) return result.data;
  const says = result.error.issues.map(({ path, message }) => {
    const names = path.map(String);
    const allowed = takes(settings, names);
    const value = names.reduce<unknown>(
      (at, name) => (isRecord(at) || Array.isArray(at) ? (at as Record<string, unknown>)[name] : at),
      settings,
    );
    // A rule over several fields has words of its own.
    if (allowed === null) return `${names.join('.')}: ${message}`;
    return `${names.join('.')} takes ${allowed}, not ${typeof value === 'number' ? value : JSON.stringify(value)}.`;
  });
  throw new AppError('BAD_INPUT', says.join(' '), { details: { paths: result.error.issues.map(({ path }) => path.join('.')) } });
}

function severalSettings(path: string, held: object): AppError {
  const names = [...flatten(held, `${path}.`).keys()];
  const more = names.length > namesShown ? ' …' : '';
  return new AppError('BAD_INPUT', `${path} holds several settings. Set ${names.slice(0, namesShown).join(', ')}${more} one by one.`, {
    details: { path },
  });
}

function unknownPath(settings: Settings, path: string): AppError {
  const known = [...flatten(settings).keys()];
  const lastName = (text: string): string => text.slice(text.lastIndexOf('.') + 1);
  const distanceOf = (one: string): number => Math.min(distance(one, path), distance(lastName(one), lastName(path)) + 1);
  const sorted = known.toSorted((a, b) => distanceOf(a) - distanceOf(b)).slice(0, namesShown);
  const near = sorted.filter((one, i) => i === 0 || distanceOf(one) <= path.length / 3);
  return new AppError('BAD_INPUT', `There is no setting ${path} in this recipe. Did you mean ${near.join(' or ')}?`, {
    details: { path, near },
  });
}

/** Levenshtein's distance: letters to insert, drop or exchange. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (const [i, letter] of [...one].entries()) {
    const next = [i + 1];
    for (const [j, against] of [...other].entries())
      next.push(Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, (row[j] ?? 0) + (letter === against ? 0 : 1)));
    row = next;
  }
  return row.at(-1) ?? 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
