/**
 * @file Reads Python pickles (protocols 0 to 5, PEP 3154 and 574) into plain values. It is a reader of data, not an interpreter: names are looked up in
 * the list of `pickle-objects.ts` only, and whatever would call, build or import anything else ends it with `WEIGHTS_UNSAFE`.
 */
import type { Budget } from './budget.ts';
import { PickleCursor } from './pickle-cursor.ts';
import { callKnown, knownName, KnownName, mark, StorageReference, unsafe } from './pickle-objects.ts';
import type { PickleValue } from './pickle-objects.ts';
import { Malformed } from './unreadable.ts';

type Stacked = PickleValue | typeof mark;
type Step = (machine: PickleMachine) => void;

/** A pickle's value, the storages it refers to, and the offset of the byte after it. */
export type Unpickled = { value: PickleValue; storages: StorageReference[]; end: number };

/** Reads one pickle. `budget` limits what it makes. @throws Malformed, AppError `WEIGHTS_UNSAFE` */
export function unpickle(bytes: Uint8Array, { path, budget, start = 0 }: { path: string; budget: Budget; start?: number }): Unpickled {
  const machine = new PickleMachine(new PickleCursor(bytes, start), path, budget);
  return { value: machine.run(), storages: machine.storages, end: machine.cursor.at };
}

class PickleMachine {
  readonly cursor: PickleCursor;
  readonly path: string;
  readonly stack: Stacked[] = [];
  readonly memo = new Map<number, PickleValue>();
  readonly storages: StorageReference[] = [];
  readonly budget: Budget;

  constructor(cursor: PickleCursor, path: string, budget: Budget) {
    this.cursor = cursor;
    this.path = path;
    this.budget = budget;
  }

  run(): PickleValue {
    for (;;) {
      const code = this.cursor.byte();
      if (code === stop) return this.pop();
      const step = steps.get(code);
      if (step === undefined) throw new Malformed(`its pickle has the unknown instruction 0x${code.toString(16)}`);
      step(this);
    }
  }

  push(value: PickleValue): void {
    this.stack.push(value);
  }

  /** Pushes a new container: a byte of a pickle can make one of a hundred. */
  pushNew(value: PickleValue): void {
    this.budget.takeValues(1);
    this.push(value);
  }

  /** Calls what is known; copies are paid for value by value, since a pickle can ask for the same one again and again. */
  call(callee: PickleValue, given: PickleValue): void {
    const [first] = Array.isArray(given) ? given : [];
    const copied = Array.isArray(first) ? first.length : first instanceof Map ? first.size : 0;
    this.budget.takeValues(1 + copied);
    this.push(callKnown(callee, given, this.path));
  }

  pop(): PickleValue {
    const value = this.stack.pop();
    if (value === undefined || value === mark) throw new Malformed('its pickle takes a value where there is none');
    return value;
  }

  top(): PickleValue {
    const value = this.pop();
    this.push(value);
    return value;
  }

  /** Everything above the last mark, which is taken away. */
  sinceMark(): PickleValue[] {
    const at = this.stack.lastIndexOf(mark);
    if (at < 0) throw new Malformed('its pickle ends a group that was not begun');
    const values = this.stack.splice(at).slice(1);
    return values.filter((value) => value !== mark);
  }

  remember(index: number): void {
    this.memo.set(index, this.top());
  }

  recall(index: number): void {
    const value = this.memo.get(index);
    if (value === undefined) throw new Malformed('its pickle refers to a value that it does not have');
    this.push(value);
  }

  append(values: readonly PickleValue[]): void {
    const list = this.top();
    if (!Array.isArray(list)) throw new Malformed('its pickle appends to what is no list');
    for (const value of values) list.push(value);
  }

  setItems(values: readonly PickleValue[]): void {
    const map = this.top();
    if (!(map instanceof Map) || values.length % 2 !== 0) throw new Malformed('its pickle fills what is no dictionary');
    for (let i = 0; i < values.length; i += 2) map.set(values[i] ?? null, values[i + 1] ?? null);
  }

  name(module: PickleValue, name: PickleValue): void {
    if (typeof module !== 'string' || typeof name !== 'string')
      throw new Malformed('its pickle names a class by something that is no text');
    this.push(knownName(module, name, this.path));
  }

  /** A new object of a class: only plain containers may be made so, and empty. */
  create(callee: PickleValue, given: PickleValue): void {
    if (!(callee instanceof KnownName) || (callee.kind !== 'dictionary' && callee.kind !== 'tuple'))
      throw unsafe(this.path, callee instanceof KnownName ? `an object of ${callee.name}` : 'an object of an unknown class');
    this.call(callee, given);
  }

  /** Attributes given to an object: a state dictionary's own (`_metadata`) are of no use here and dropped; anything else is refused. */
  build(): void {
    const state = this.pop();
    if (!(this.top() instanceof Map) || !(state instanceof Map)) throw unsafe(this.path, 'the state of an object that is no dictionary');
  }

  /** `('storage', type, key, location, elements)`: numbers beside the pickle. */
  persistent(reference: PickleValue): void {
    if (!Array.isArray(reference)) throw new Malformed('its pickle refers to numbers in an unknown way');
    const [kind, type, key, , elements] = reference;
    const isKnown = kind === 'storage' && type instanceof KnownName && type.elementType !== undefined;
    if (!isKnown || typeof key !== 'string' || typeof elements !== 'number' || !Number.isSafeInteger(elements) || elements < 0)
      throw new Malformed('its pickle refers to numbers in an unknown way');
    const storage = new StorageReference(key, type.elementType, elements);
    this.storages.push(storage);
    this.pushNew(storage);
  }
}

const stop = 0x2e;

/** Instructions by their code; those that import, call or build are under "objects". */
const steps = new Map<number, Step>([
  // Frame and protocol
  [0x80, (m) => m.cursor.skip(1)],
  [0x95, (m) => m.cursor.skip(8)],
  // Stack and memo
  [0x28, (m) => m.stack.push(mark)],
  [0x30, (m) => void (m.stack.at(-1) === mark ? m.stack.pop() : m.pop())],
  [0x31, (m) => void m.sinceMark()],
  [0x32, (m) => m.push(m.top())],
  [0x70, (m) => m.remember(m.cursor.decimal())],
  [0x71, (m) => m.remember(m.cursor.byte())],
  [0x72, (m) => m.remember(m.cursor.uint32())],
  [0x94, (m) => m.remember(m.memo.size)],
  [0x67, (m) => m.recall(m.cursor.decimal())],
  [0x68, (m) => m.recall(m.cursor.byte())],
  [0x6a, (m) => m.recall(m.cursor.uint32())],
  // Numbers and texts
  [0x4e, (m) => m.push(null)],
  [0x88, (m) => m.push(true)],
  [0x89, (m) => m.push(false)],
  [0x49, (m) => m.push(m.cursor.decimalOrBoolean())],
  [0x4c, (m) => m.push(m.cursor.decimal())],
  [0x46, (m) => m.push(Number(m.cursor.line()))],
  [0x47, (m) => m.push(m.cursor.float64BigEndian())],
  [0x4a, (m) => m.push(m.cursor.int32())],
  [0x4b, (m) => m.push(m.cursor.byte())],
  [0x4d, (m) => m.push(m.cursor.uint16())],
  [0x8a, (m) => m.push(m.cursor.long(m.cursor.byte()))],
  [0x8b, (m) => m.push(m.cursor.long(m.cursor.uint32()))],
  [0x53, (m) => m.pushNew(m.cursor.quoted())],
  [0x56, (m) => m.pushNew(m.cursor.line())],
  [0x58, (m) => m.pushNew(m.cursor.text(m.cursor.uint32()))],
  [0x8c, (m) => m.pushNew(m.cursor.text(m.cursor.byte()))],
  [0x8d, (m) => m.pushNew(m.cursor.text(m.cursor.uint64()))],
  [0x54, (m) => m.pushNew(m.cursor.text(m.cursor.uint32()))],
  [0x55, (m) => m.pushNew(m.cursor.text(m.cursor.byte()))],
  [0x42, (m) => m.pushNew(m.cursor.bytes(m.cursor.uint32()).slice())],
  [0x43, (m) => m.pushNew(m.cursor.bytes(m.cursor.byte()).slice())],
  [0x8e, (m) => m.pushNew(m.cursor.bytes(m.cursor.uint64()).slice())],
  [0x96, (m) => m.pushNew(m.cursor.bytes(m.cursor.uint64()).slice())],
  // Containers
  [0x5d, (m) => m.pushNew([])],
  [0x29, (m) => m.pushNew([])],
  [0x7d, (m) => m.pushNew(new Map())],
  [0x8f, (m) => m.pushNew(new Set())],
  [0x6c, (m) => m.pushNew(m.sinceMark())],
  [0x74, (m) => m.pushNew(m.sinceMark())],
  [0x91, (m) => m.pushNew(new Set(m.sinceMark()))],
  [0x64, dictionaryFromMark],
  [0x85, (m) => m.pushNew([m.pop()])],
  [0x86, (m) => m.pushNew([m.pop(), m.pop()].toReversed())],
  [0x87, (m) => m.pushNew([m.pop(), m.pop(), m.pop()].toReversed())],
  [0x61, (m) => m.append([m.pop()])],
  [0x65, (m) => m.append(m.sinceMark())],
  [0x73, (m) => m.setItems([m.pop(), m.pop()].toReversed())],
  [0x75, (m) => m.setItems(m.sinceMark())],
  [0x90, addToSet],
  // Objects
  [0x63, (m) => m.name(m.cursor.line(), m.cursor.line())],
  [0x93, stackGlobal],
  [0x52, reduce],
  [0x81, newObject],
  [0x62, (m) => m.build()],
  [0x51, (m) => m.persistent(m.pop())],
  [0x50, (m) => m.persistent(m.cursor.line())],
  [0x69, (m) => refuseInstance(m)],
  [0x6f, (m) => refuse(m, 'an object (OBJ)')],
  [0x92, (m) => refuse(m, 'an object with named arguments (NEWOBJ_EX)')],
  [0x82, (m) => refuse(m, 'a registered extension (EXT1)')],
  [0x83, (m) => refuse(m, 'a registered extension (EXT2)')],
  [0x84, (m) => refuse(m, 'a registered extension (EXT4)')],
  [0x97, (m) => refuse(m, 'a buffer outside the file')],
  [0x98, (m) => refuse(m, 'a buffer outside the file')],
]);

function dictionaryFromMark(machine: PickleMachine): void {
  const values = machine.sinceMark();
  machine.pushNew(new Map());
  machine.setItems(values);
}

function addToSet(machine: PickleMachine): void {
  const values = machine.sinceMark();
  const set = machine.top();
  if (!(set instanceof Set)) throw new Malformed('its pickle adds to what is no set');
  for (const value of values) set.add(value);
}

function stackGlobal(machine: PickleMachine): void {
  const name = machine.pop();
  machine.name(machine.pop(), name);
}

function reduce(machine: PickleMachine): void {
  const given = machine.pop();
  machine.call(machine.pop(), given);
}

function newObject(machine: PickleMachine): void {
  const given = machine.pop();
  machine.create(machine.pop(), given);
}

function refuseInstance(machine: PickleMachine): never {
  const module = machine.cursor.line();
  throw unsafe(machine.path, `${module}.${machine.cursor.line()}`);
}

function refuse(machine: PickleMachine, what: string): never {
  throw unsafe(machine.path, what);
}
