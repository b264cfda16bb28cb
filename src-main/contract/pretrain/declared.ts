/** @file From declared settings to schemas that check them, and to the rows that people read. */
import { z } from 'zod';
import { isSetting } from '../../base/settings.ts';
import type { Kinds, KindValue, NumberBounds, Setting, SettingText, Settings, SettingShape, ValueOf } from '../../base/settings.ts';

/** A setting as a form, a table or a command shows it; `path` is its place in the settings, for example `optimizer.learningRate`. */
export type Field = {
  path: string;
  group: 'Encoder' | 'Projector' | 'Objective' | 'Optimiser' | 'Schedule' | 'Augmentation' | 'Run';
  shape: SettingShape;
  /** Empty for numbers without one. */
  unit: string;
  /** It counts only while each of these settings has one of its values. */
  countsWhen: readonly Condition[];
} & Omit<SettingText, 'unit' | 'before' | 'countsWhen'>;

/** What another setting must be. */
export type Condition = { path: string; is: readonly string[] };

/** Checks a value of a type, and takes one of that type. */
type SchemaOf<Value> = z.ZodType<Value, Value>;

/** A schema of settings, strict: names that were not declared are refused. */
export function schemaOf<Declared extends Settings>(declared: Declared): SchemaOf<ValueOf<Declared>> {
  return objectOf(declared) as unknown as SchemaOf<ValueOf<Declared>>;
}

/** A schema of one kind or another; `key` names the kind. */
export function kindsSchemaOf<Key extends string, Declared extends Kinds>(key: Key, kinds: Declared): SchemaOf<KindValue<Key, Declared>> {
  const options = Object.entries(kinds).map(([kind, declared]) => z.strictObject({ [key]: z.literal(kind), ...partsOf(declared) }));
  const union = z.discriminatedUnion(key, options as unknown as [z.ZodObject, ...z.ZodObject[]]);
  return union as unknown as SchemaOf<KindValue<Key, Declared>>;
}

/** A schema of one setting. */
export function settingSchemaOf<Value>(setting: Setting<Value>): SchemaOf<Value> {
  const schema = shapeSchemaOf(setting.shape);
  return (setting.before === undefined ? schema : schema.default(setting.before)) as SchemaOf<Value>;
}

/** The schemas of settings by name, for an object that holds them among others. */
export function settingSchemasOf<Declared extends Settings>(
  declared: Declared,
): { [Name in keyof Declared]: SchemaOf<ValueOf<Declared[Name]>> } {
  return partsOf(declared) as unknown as { [Name in keyof Declared]: SchemaOf<ValueOf<Declared[Name]>> };
}

function objectOf(declared: Settings): z.ZodObject {
  return z.strictObject(partsOf(declared));
}

function partsOf(declared: Settings): Record<string, z.ZodType> {
  return Object.fromEntries(Object.entries(declared).map(([name, one]) => [name, isSetting(one) ? settingSchemaOf(one) : objectOf(one)]));
}

function shapeSchemaOf(shape: SettingShape): z.ZodType {
  switch (shape.kind) {
    case 'number':
      return numberOf(shape.bounds);
    case 'optional':
      return numberOf(shape.bounds).nullable();
    case 'range': {
      const bound = numberOf(shape.bounds);
      const isOrdered = (value: { least: number; most: number }): boolean => value.least <= value.most;
      return z.strictObject({ least: bound, most: bound }).refine(isOrdered, { error: 'The least may not be above the most.' });
    }
    case 'list':
      return z.array(numberOf(shape.bounds)).max(shape.mostItems);
    case 'choice':
      return z.literal([...shape.values]);
    case 'toggle':
      return z.boolean();
    case 'length': {
      const units = shape.units.map(({ unit, bounds }) => z.strictObject({ unit: z.literal(unit), amount: numberOf(bounds) }));
      return z.discriminatedUnion('unit', units as unknown as [z.ZodObject, ...z.ZodObject[]]);
    }
  }
}

function numberOf({ least, most, isWhole, isMostLeftOut }: NumberBounds): z.ZodNumber {
  const number = (isWhole ? z.int() : z.number()).min(least);
  return isMostLeftOut ? number.lt(most) : number.max(most);
}

/** The rows about settings below a path, in the order in which they are declared. */
export function fieldsOf(group: Field['group'], path: string, declared: Settings): Field[] {
  return Object.entries(declared).flatMap(([name, one]) => {
    const own = path === '' ? name : `${path}.${name}`;
    return isSetting(one) ? [fieldOf(group, own, one)] : fieldsOf(group, own, one);
  });
}

/** The row about one setting. */
export function fieldOf(group: Field['group'], path: string, setting: Setting): Field {
  const { usual: _, before: __, unit = '', countsWhen, ...text } = setting;
  const conditions = countsWhen === undefined ? [] : [{ path: path.replace(/[^.]*$/, countsWhen.beside), is: countsWhen.is }];
  return { ...text, path, group, unit, countsWhen: conditions };
}

/** The same rows, which count only under a further condition. */
export function onlyWhen(condition: Condition, fields: readonly Field[]): Field[] {
  return fields.map((field) => ({ ...field, countsWhen: [...field.countsWhen, condition] }));
}

/**
 * The rows about settings of several kinds. What kinds declare alike has one; where they declare a name differently each declaration has a row of its own,
 * which counts for its kinds.
 * @param place of the kinds' settings, and the name there that tells the kind
 */
export function kindFieldsOf(group: Field['group'], place: { path: string; key: string }, kinds: Kinds): Field[] {
  const all = Object.entries(kinds).flatMap(([kind, declared]) => fieldsOf(group, place.path, declared).map((field) => ({ kind, field })));
  return [...Map.groupBy(all, ({ field }) => field.path).values()].flatMap((named) => {
    const declarations = [...Map.groupBy(named, ({ field }) => JSON.stringify(field)).values()];
    return declarations.flatMap((same) => {
      const fields = same.slice(0, 1).map(({ field }) => field);
      return declarations.length === 1
        ? fields
        : onlyWhen({ path: `${place.path}.${place.key}`, is: same.map(({ kind }) => kind) }, fields);
    });
  });
}
