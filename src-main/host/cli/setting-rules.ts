/** @file What each setting of a run takes, in words, read from the contract's schema. */
import { pretraining } from '../../contract/index.ts';

/** A part of the schema as JSON Schema writes it. */
type Part = {
  type?: string;
  enum?: unknown[];
  const?: unknown;
  minimum?: number;
  maximum?: number;
  exclusiveMaximum?: number;
  items?: Part;
  properties?: Record<string, Part>;
  oneOf?: Part[];
  anyOf?: Part[];
};

/** For example `a whole number from 2 to 8192`; null for a place that no setting has. */
export function takes(settings: unknown, path: readonly string[]): string | null {
  let part: Part | undefined = pretraining.pretrainSettingsSchema.toJSONSchema() as Part;
  let value = settings;
  for (const name of path) {
    part = partOf(part, name, value);
    if (part === undefined) return null;
    value = valueIn(value, name);
  }
  return describe(part);
}

/** A setting inside a part; of a part with several kinds, in the kind that the value is. */
function partOf(part: Part, name: string, value: unknown): Part | undefined {
  const options = part.oneOf ?? part.anyOf;
  if (options === undefined) return part.type === 'array' ? part.items : part.properties?.[name];
  const kinds = options.map((option) => option.properties?.[name]).filter((one) => one !== undefined);
  if (kinds.length > 0 && kinds.every((one) => one.const !== undefined)) return { enum: kinds.map((one) => one.const) };
  const isChosen = (option: Part): boolean =>
    Object.entries(option.properties ?? {}).every(([key, { const: wanted }]) => wanted === undefined || wanted === valueIn(value, key));
  return options.find(isChosen)?.properties?.[name];
}

function valueIn(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function describe(part: Part): string {
  if (part.enum !== undefined) return `one of ${part.enum.join(', ')}`;
  if (part.const !== undefined) return typeof part.const === 'string' ? part.const : JSON.stringify(part.const);
  const options = part.oneOf ?? part.anyOf;
  if (options !== undefined) return [...new Set(options.map(describe))].join(' or ');
  switch (part.type) {
    case 'integer':
      return `a whole number ${bounds(part)}`;
    case 'number':
      return `a number ${bounds(part)}`;
    case 'boolean':
      return 'true or false';
    case 'null':
      return 'null';
    case 'array':
      return `a list such as [512], each ${describe(part.items ?? {})}`;
    default:
      return `{${Object.keys(part.properties ?? {}).join(', ')}}`;
  }
}

function bounds({ minimum, maximum, exclusiveMaximum }: Part): string {
  return exclusiveMaximum === undefined ? `from ${minimum} to ${maximum}` : `from ${minimum} to below ${exclusiveMaximum}`;
}
