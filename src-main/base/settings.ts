/**
 * @file How a setting is declared: once, beside what it belongs to, with all that anybody asks of it: its first value, the values that it takes, and what
 * a person reads about it. Types, checks, forms and the command line follow from that. Pure, so that pages have it too.
 */

/** Numbers that a setting takes. */
export type NumberBounds = { least: number; most: number; isWhole: boolean; isMostLeftOut: boolean };

/** What a setting holds. */
export type SettingShape =
  | { kind: 'number'; bounds: NumberBounds }
  /** A number or nothing. */
  | { kind: 'optional'; bounds: NumberBounds }
  /** `{least, most}`, in that order. */
  | { kind: 'range'; bounds: NumberBounds }
  | { kind: 'list'; bounds: NumberBounds; mostItems: number }
  | { kind: 'choice'; values: readonly (string | number)[] }
  | { kind: 'toggle' }
  /** `{unit, amount}` */
  | { kind: 'length'; units: readonly { unit: string; bounds: NumberBounds }[] };

/** What a person reads about a setting. */
export type SettingText = {
  title: string;
  /** None for numbers without one, and for words. */
  unit?: string;
  about: string;
  /** Paper and section, or where else the first value comes from. */
  source: string;
  /** What the values of a choice are called, where that is not what they are. */
  words?: Readonly<Record<string, string>>;
  /** It counts only while a setting beside it has one of these values. */
  countsWhen?: { beside: string; is: readonly string[] };
  /** What settings that were stored before there was this one have in its place: how it was computed then. */
  before?: string | number | boolean | null;
};

/** A declared setting. `usual`: its first value. */
export type Setting<Value = unknown> = SettingText & { usual: Value; shape: SettingShape };

/** Settings by name; groups of them nest. */
export type Settings = { readonly [name: string]: Setting | Settings };

/** The values of declared settings. */
export type ValueOf<Declared> = Declared extends Setting<infer Value> ? Value : { [Name in keyof Declared]: ValueOf<Declared[Name]> };

/** Settings of which there are several kinds, by the kinds' names. */
export type Kinds = Readonly<Record<string, Settings>>;

/** The values of one kind or another, told apart by `Key`. */
export type KindValue<Key extends string, Declared extends Kinds> = {
  [Name in keyof Declared & string]: Record<Key, Name> & ValueOf<Declared[Name]>;
}[keyof Declared & string];

/** Bounds that a value is drawn between, uniformly. */
export type DrawnRange = { least: number; most: number };

type Bounds = SettingText & { least: number; most: number; isMostLeftOut?: boolean };

function boundsOf({ least, most, isMostLeftOut = false }: Bounds, isWhole = false): NumberBounds {
  return { least, most, isWhole, isMostLeftOut };
}

/** A number within bounds. */
export function number(usual: number, given: Bounds): Setting<number> {
  return { ...textOf(given), usual, shape: { kind: 'number', bounds: boundsOf(given) } };
}

/** A whole number within bounds. */
export function whole(usual: number, given: Bounds): Setting<number> {
  return { ...textOf(given), usual, shape: { kind: 'number', bounds: boundsOf(given, true) } };
}

/** A whole number within bounds, or nothing. */
export function optionalWhole(usual: number | null, given: Bounds): Setting<number | null> {
  return { ...textOf(given), usual, shape: { kind: 'optional', bounds: boundsOf(given, true) } };
}

/** From 0 to 1. */
export function probability(usual: number, text: SettingText): Setting<number> {
  return number(usual, { unit: 'probability', ...text, least: 0, most: 1 });
}

/** Two numbers within bounds, between which values are drawn. */
export function range(
  least: number,
  most: number,
  { within, ...text }: SettingText & { within: readonly [number, number] },
): Setting<DrawnRange> {
  const bounds = { least: within[0], most: within[1], isWhole: false, isMostLeftOut: false };
  return { ...text, usual: { least, most }, shape: { kind: 'range', bounds } };
}

/** Up to so many whole numbers, each within bounds. */
export function wholes(usual: readonly number[], given: Bounds & { mostItems: number }): Setting<readonly number[]> {
  const { mostItems, ...bounds } = given;
  return { ...textOf(bounds), usual: [...usual], shape: { kind: 'list', bounds: boundsOf(bounds, true), mostItems } };
}

/** One of some values. */
export function choice<const Value extends string | number>(
  usual: NoInfer<Value>,
  values: readonly Value[],
  text: SettingText,
): Setting<Value> {
  return { ...text, usual, shape: { kind: 'choice', values } };
}

/** Yes or no. */
export function toggle(usual: boolean, text: SettingText): Setting<boolean> {
  return { ...text, usual, shape: { kind: 'toggle' } };
}

/** An amount of one unit or another. */
export function length<const Unit extends string>(
  usual: { unit: NoInfer<Unit>; amount: number },
  units: readonly { unit: Unit; least: number; most: number; isWhole: boolean }[],
  text: SettingText,
): Setting<{ unit: Unit; amount: number }> {
  const shapes = units.map(({ unit, ...bounds }) => ({ unit, bounds: { ...bounds, isMostLeftOut: false } }));
  return { ...text, usual, shape: { kind: 'length', units: shapes } };
}

/** Only what a person reads. */
function textOf({ least: _, most: __, isMostLeftOut: ___, ...text }: Bounds): SettingText {
  return text;
}

/** False for a group of settings. */
export function isSetting(declared: Setting | Settings): declared is Setting {
  return typeof declared['title'] === 'string';
}

/** The first values of declared settings. */
export function usualOf<Declared extends Settings>(declared: Declared): ValueOf<Declared> {
  return Object.fromEntries(
    Object.entries(declared).map(([name, one]) => [name, isSetting(one) ? structuredClone(one.usual) : usualOf(one)]),
  ) as ValueOf<Declared>;
}
