/**
 * @file What a pickle may name, and what Earmark makes of it. Python's pickles name classes and functions to be called; here nothing is ever looked up
 * or called: the few names below are known and each has its own plain meaning, and every other name ends the reading with `WEIGHTS_UNSAFE`.
 *
 * Names of harmless classes (say, in a Lightning checkpoint's hyper-parameters) are refused too: a short list that is complete can be checked by eye,
 * a guess at what is harmless cannot. The refusal names the class and the way out.
 */
import { AppError } from '../../base/index.ts';
import type { ElementType } from './element-types.ts';
import { Malformed } from './unreadable.ts';

/** A class or function that a pickle named, and that is on the list. */
export class KnownName {
  readonly name: string;
  readonly kind: 'storage' | 'rebuild tensor' | 'rebuild parameter' | 'dictionary' | 'tuple' | 'inert';
  readonly elementType: ElementType | undefined;

  constructor(name: string, kind: KnownName['kind'], elementType?: ElementType) {
    this.name = name;
    this.kind = kind;
    this.elementType = elementType;
  }
}

/** Numbers that are stored beside the pickle. */
export class StorageReference {
  readonly key: string;
  readonly elementType: ElementType;
  readonly elements: number;

  constructor(key: string, elementType: ElementType, elements: number) {
    this.key = key;
    this.elementType = elementType;
    this.elements = elements;
  }
}

/** A tensor: a view of a storage. Offset and strides are in elements. */
export class TensorReference {
  readonly storage: StorageReference;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];

  constructor(storage: StorageReference, offset: number, shape: readonly number[], strides: readonly number[]) {
    this.storage = storage;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }
}

/** Where a group of stacked values begins. */
export const mark = Symbol('mark');

/** What a pickle is made of here: lists and tuples are arrays, dictionaries are maps. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleValue[]
  | Map<PickleValue, PickleValue>
  | Set<PickleValue>
  | KnownName
  | StorageReference
  | TensorReference;

const storages: Readonly<Record<string, ElementType>> = {
  FloatStorage: 'float32',
  DoubleStorage: 'float64',
  HalfStorage: 'float16',
  BFloat16Storage: 'bfloat16',
  LongStorage: 'int64',
  IntStorage: 'int32',
  ShortStorage: 'int16',
  CharStorage: 'int8',
  ByteStorage: 'uint8',
  BoolStorage: 'bool',
};
const dictionaries = new Set([
  'collections.OrderedDict',
  'pytorch_lightning.utilities.parsing.AttributeDict',
  'lightning_fabric.utilities.data.AttributeDict',
  'lightning.fabric.utilities.data.AttributeDict',
]);
const elementTypeNames = new Set(['float32', 'float64', 'float16', 'bfloat16', 'int64', 'int32', 'int16', 'int8', 'uint8', 'bool']);

/** Looks a name up in the list. @throws AppError `WEIGHTS_UNSAFE` for every name that is not on it */
export function knownName(module: string, name: string, path: string): KnownName {
  const whole = `${module}.${name}`;
  if ((module === 'torch' || module === 'torch.cuda') && Object.hasOwn(storages, name))
    return new KnownName(whole, 'storage', storages[name]);
  if (whole === 'torch._utils._rebuild_tensor_v2' || whole === 'torch._utils._rebuild_tensor')
    return new KnownName(whole, 'rebuild tensor');
  if (whole === 'torch._utils._rebuild_parameter') return new KnownName(whole, 'rebuild parameter');
  if (dictionaries.has(whole)) return new KnownName(whole, 'dictionary');
  if (whole === 'torch.Size') return new KnownName(whole, 'tuple');
  if (whole === 'torch.device' || (module === 'torch' && elementTypeNames.has(name))) return new KnownName(whole, 'inert');
  throw unsafe(path, whole);
}

/** `WEIGHTS_UNSAFE`: names what the file asked for. */
export function unsafe(path: string, what: string): AppError {
  return new AppError(
    'WEIGHTS_UNSAFE',
    `The file ${path} asks to build or run ${what}, which is more than weights; nothing in it was run. ` +
      'If you trust its source, save only the state dictionary of the model with PyTorch, or as safetensors, and import that.',
    { details: { path, what } },
  );
}

/** What calling a known name with these arguments stands for. @throws AppError `WEIGHTS_UNSAFE` when it may not be called */
export function callKnown(callee: PickleValue, given: PickleValue, path: string): PickleValue {
  if (!(callee instanceof KnownName)) throw unsafe(path, 'a call of something that is not a known class');
  if (!Array.isArray(given)) throw new Malformed('its pickle calls something without arguments');
  switch (callee.kind) {
    case 'rebuild tensor':
      return rebuildTensor(given);
    case 'rebuild parameter':
      if (!(given[0] instanceof TensorReference)) throw new Malformed('a parameter in it is not a tensor');
      return given[0];
    case 'dictionary':
      return dictionaryOf(given);
    case 'tuple':
      return Array.isArray(given[0]) ? [...given[0]] : [];
    case 'inert':
      return callee.name;
    case 'storage':
      throw unsafe(path, `a call of ${callee.name}`);
  }
}

function dictionaryOf(given: readonly PickleValue[]): Map<PickleValue, PickleValue> {
  const [pairs] = given;
  if (pairs instanceof Map) return new Map(pairs);
  if (!Array.isArray(pairs)) return new Map();
  return new Map(
    pairs.map((pair): [PickleValue, PickleValue] => {
      if (!Array.isArray(pair) || pair.length !== 2) throw new Malformed('a dictionary in it is not made of pairs');
      return [pair[0] ?? null, pair[1] ?? null];
    }),
  );
}

function rebuildTensor([storage, offset, shape, strides]: readonly PickleValue[]): TensorReference {
  const isSizes = (value: PickleValue | undefined): value is number[] =>
    Array.isArray(value) && value.every((size) => typeof size === 'number' && Number.isSafeInteger(size) && size >= 0);
  if (
    !(storage instanceof StorageReference) ||
    !isSizes(shape) ||
    !isSizes(strides) ||
    shape.length !== strides.length ||
    !isSizes([offset ?? -1])
  )
    throw new Malformed('a tensor in it is described in an unknown way');
  return new TensorReference(storage, Number(offset), shape, strides);
}
