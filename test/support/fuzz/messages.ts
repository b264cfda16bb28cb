/** @file Contract messages from a seed: of every procedure those that pass its validation, and beside them malformed ones. */
import { z } from 'zod';
import { contract, pretraining } from '../../../src-main/contract/index.ts';
import type { Random } from '../../../src-main/base/index.ts';
import { schemaValue } from './schema-values.ts';
import type { Hints, JsonSchema } from './schema-values.ts';

/** A message that is a call of this procedure, or one that only looks like it. */
export type FuzzMessage = { procedure: string; isValid: boolean; text: (id: string) => string };

/** What a message may name beside what the contract says: paths that are there to be named, and nothing else of the machine. */
export type FuzzPaths = { folders: readonly string[]; readable: readonly string[]; writable: readonly string[] };

type Procedure = { name: string; input: z.ZodType | null; json: JsonSchema };
type Contracted = { '~orpc': { inputSchema?: z.ZodType } };

const procedures: Procedure[] = Object.entries(contract).flatMap(([subject, verbs]) =>
  Object.entries(verbs as unknown as Record<string, Contracted>).map(([verb, { '~orpc': about }]) => {
    const input = about.inputSchema ?? null;
    const json = input === null ? {} : (z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }) as JsonSchema);
    return { name: `${subject}.${verb}`, input, json };
  }),
);

/** Every procedure's name. */
export const procedureNames: readonly string[] = procedures.map(({ name }) => name);

/** Numbers of things: most are there, some never were. */
const isId = /^(?:track|folder|encoder|job|tag|change|head|playlist|writing|run|file)Ids?$/;

function hintsFor(procedure: string, paths: FuzzPaths): Hints {
  return (name, random) => {
    const one = <Item>(from: readonly Item[]): Item => from[random.below(from.length)] as Item;
    if (isId.test(name)) return random.below(12) === 0 ? one([999, 2 ** 31, 2 ** 53 - 1]) : 1 + random.below(random.below(4) === 0 ? 8 : 3);
    if (name === 'device' && random.below(4) !== 0) return one(['cpu', 'auto']);
    // Few different ones: each makes weights.
    if (name === 'seed') return 1 + random.below(3);
    if (name === 'path' && (procedure === 'library.addFolder' || procedure === 'host.browse')) return one(paths.folders);
    if (name === 'path' && procedure.endsWith('.export')) return one(paths.writable);
    if (name === 'path' || name === 'paths' || name === 'folder' || (name === 'file' && procedure === 'data.restore'))
      return one([...paths.readable, ...paths.folders]);
    return undefined;
  };
}

/** Settings of a run: a recipe's own, with some of what the schema draws in place. */
function runSettings(drawn: unknown, random: Random): unknown {
  const base = structuredClone(random.below(2) === 0 ? pretraining.recipeDefaults.clmr : pretraining.recipeDefaults.vicreg) as Record<
    string,
    unknown
  >;
  // No more pairs than there are tracks.
  base['batch'] = 2 + random.below(4);
  if (typeof drawn !== 'object' || drawn === null) return base;
  for (const [key, value] of Object.entries(drawn)) if (key in base && random.below(4) === 0) base[key] = value;
  return base;
}

/** A value that passes a procedure's validation; null when none was found. */
function validInput({ name, input, json }: Procedure, random: Random, paths: FuzzPaths): { value: unknown } | null {
  if (input === null) return { value: undefined };
  const hints = hintsFor(name, paths);
  for (let attempt = 0; attempt < 60; attempt++) {
    const value = schemaValue(json, { random, hints, root: json }) as Record<string, unknown>;
    if (name.startsWith('pretrain.')) value['settings'] = runSettings(value['settings'], random);
    const plain = toPlain(value);
    if (input.safeParse(plain).success) return { value: plain };
  }
  return null;
}

/** As JSON carries it. */
function toPlain(value: unknown): unknown {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
}

const junk: unknown[] = [
  null,
  true,
  -1,
  1e308,
  '',
  'x',
  [],
  [[]],
  {},
  { json: {} },
  '__proto__',
  { __proto__: null, a: 1 },
  'x'.repeat(10_000),
];

/** Breaks a message somewhere: a value of another type, a field too many or too few, another path, headers, meta data, cut text. */
function malformed(procedure: string, value: unknown, random: Random): (id: string) => string {
  const [subject, verb] = procedure.split('.');
  const path = `/${subject}/${verb}`;
  const one = <Item>(from: readonly Item[]): Item => from[random.below(from.length)] as Item;
  const broken = structuredClone<unknown>(value);
  if (typeof broken === 'object' && broken !== null && !Array.isArray(broken)) {
    const keys = Object.keys(broken);
    if (keys.length > 0 && random.below(2) === 0) (broken as Record<string, unknown>)[one(keys)] = one(junk);
    else (broken as Record<string, unknown>)['unknown'] = one(junk);
  }
  const bodies: unknown[] = [
    { json: broken },
    { json: one(junk) },
    one(junk),
    { json: broken, meta: [[one([0, 1, 5, 7, 99]), 'a', 0]] },
    { json: broken, meta: one(junk) },
  ];
  const headers = one<unknown>([undefined, { 'content-type': 'multipart/form-data' }, { 'content-disposition': 'x' }, { a: 1 }, []]);
  const urls = [
    path,
    path,
    path,
    `${path}/`,
    `/${subject}`,
    '//',
    `/${subject}/constructor`,
    `/__proto__/${verb}`,
    `http://orpc${path}`,
    7,
  ];
  const payload = { u: one<unknown>(urls), b: one(bodies), h: headers, m: one([undefined, 'GET', 'DELETE', '']) };
  return (id) => JSON.stringify({ i: id, p: random.below(20) === 0 ? one(junk) : payload });
}

/** So many messages, the procedures in turn; one in `malformedEvery` is malformed. */
export function* fuzzMessages(
  random: Random,
  count: number,
  { paths, malformedEvery = 5 }: { paths: FuzzPaths; malformedEvery?: number },
): Generator<FuzzMessage> {
  for (let i = 0, made = 0; made < count; i++) {
    const procedure = procedures[i % procedures.length] as Procedure;
    const input = validInput(procedure, random, paths);
    if (input === null) throw new Error(`No message that passes the validation of ${procedure.name} was found.`);
    const { value } = input;
    const isValid = random.below(malformedEvery) !== 0;
    const path = `/${procedure.name.replace('.', '/')}`;
    const right = (id: string): string => JSON.stringify({ i: id, p: { u: path, b: value === undefined ? undefined : { json: value } } });
    yield { procedure: procedure.name, isValid, text: isValid ? right : malformed(procedure.name, value, random) };
    if (isValid) made++;
  }
}
