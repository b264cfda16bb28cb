/** @file Values that a JSON schema allows, drawn from a seed: ordinary ones, the ends of every range, and texts that break things. */
import type { Random } from '../../../src-main/base/index.ts';

/** What is used of a JSON schema. */
export type JsonSchema = {
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  prefixItems?: JsonSchema[];
  minItems?: number;
  maxItems?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  default?: unknown;
};

/** Values for fields of a name, in place of those that the schema alone would give; undefined leaves it to the schema. */
export type Hints = (name: string, random: Random) => unknown;

const oddTexts = [
  ...[
    '',
    ' ',
    'a',
    'rain',
    '51, 61, 100-110',
    'all',
    "'; drop table tracks; --",
    '%',
    '_',
    '*',
    '"',
    '\\',
    '\0',
    '\u001b[2J',
    '\u202e',
    '\ud800',
  ],
  ...[
    '🎷',
    'İ',
    'ß',
    'é',
    'e\u0301',
    '-1',
    '1e999',
    'NaN',
    'null',
    '__proto__',
    'constructor',
    'NOT AND OR ( "',
    'a:b',
    'a* OR b',
    '<b>',
    '../..',
    '/',
    'auto',
    'cpu',
  ],
];
const oddNumbers = [0, -0, 1, -1, 0.5, 2 ** 31, 2 ** 32, 2 ** 53 - 1, -(2 ** 53 - 1), 1e-300, 1e300, 5, 10, 100];

/** One value. `name`: of the field that it is for. */
export function schemaValue(
  schema: JsonSchema,
  { random, hints, root, name = '' }: { random: Random; hints: Hints; root: JsonSchema; name?: string },
): unknown {
  const draw = (of: JsonSchema, field = name): unknown => schemaValue(of, { random, hints, root, name: field });
  const hinted = hints(name, random);
  if (hinted !== undefined && schema.type !== 'object' && schema.type !== 'array') return hinted;
  if (schema.$ref !== undefined) return random.below(3) === 0 ? null : draw(resolved(schema.$ref, root));
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return pick(random, schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return draw(pick(random, choices));
  if (schema.allOf !== undefined) return Object.assign({}, ...schema.allOf.map((one) => draw(one))) as unknown;
  switch (schema.type) {
    case 'null':
      return null;
    case 'boolean':
      return random.below(2) === 0;
    case 'string':
      return textOf(schema, random);
    case 'integer':
    case 'number':
      return numberOf(schema, random);
    case 'array':
      if (schema.prefixItems !== undefined) return schema.prefixItems.map((item) => draw(item));
      return Array.from({ length: lengthOf(schema, random) }, () => draw(schema.items ?? {}));
    case 'object': {
      const required = new Set(schema.required ?? []);
      const fields = Object.entries(schema.properties ?? {}).filter(([key]) => required.has(key) || random.below(2) === 0);
      return Object.fromEntries(fields.map(([key, of]) => [key, draw(of, key)]));
    }
    default:
      return pick<unknown>(random, [null, true, 1, 'x', [], {}, { a: [1, { b: null }] }]);
  }
}

function resolved(reference: string, root: JsonSchema): JsonSchema {
  if (reference === '#') return root;
  return root.$defs?.[reference.replace('#/$defs/', '')] ?? {};
}

function textOf({ minLength = 0, maxLength = 300 }: JsonSchema, random: Random): string {
  const text =
    random.below(20) === 0 ? 'x'.repeat(Math.min(maxLength, 5000)) : pick(random, oddTexts).repeat(random.below(8) === 0 ? 3 : 1);
  return text.padEnd(minLength, 'a').slice(0, maxLength);
}

function numberOf(schema: JsonSchema, random: Random): number {
  const least = schema.minimum ?? schema.exclusiveMinimum ?? -(2 ** 53 - 1);
  const most = schema.maximum ?? schema.exclusiveMaximum ?? 2 ** 53 - 1;
  const isWhole = schema.type === 'integer';
  const within = (value: number): number => Math.min(most, Math.max(least, isWhole ? Math.round(value) : value));
  switch (random.below(4)) {
    case 0:
      return within(pick(random, oddNumbers));
    case 1:
      return within(random.below(2) === 0 ? least : most);
    case 2:
      return within(least + random.uniform() * Math.min(most - least, 10));
    default:
      return within(least + random.uniform() * (most - least));
  }
}

function lengthOf({ minItems = 0, maxItems = 20 }: JsonSchema, random: Random): number {
  const wanted = random.below(40) === 0 ? 500 : random.below(4);
  return Math.min(maxItems, Math.max(minItems, wanted));
}

function pick<Item>(random: Random, from: readonly Item[]): Item {
  return from[random.below(from.length)] as Item;
}
