/** @file Items of an MP4 file's tag, as iTunes writes them: a box named after the field, or one of free form with a name inside; in it `data` boxes. */
import { boxesIn, boxOf } from './mp4-boxes.ts';
import { ownName } from './open-tag.ts';
import type { Field, FieldName, OpenTag } from './open-tag.ts';

/** Names of items; the genre has an older form too, with a number of a list. */
const names: Record<Exclude<FieldName, 'custom' | 'mood'>, readonly string[]> = {
  genre: ['\xa9gen', 'gnre'],
  comment: ['\xa9cmt'],
  grouping: ['\xa9grp'],
};
const freeForm = '----';
const owner = 'com.apple.iTunes';
const utf8 = 1;

/** What the field is among items. */
export function itemField(field: Field): Pick<OpenTag, 'form' | 'isField' | 'make' | 'seed'> {
  const types = field.name === 'mood' || field.name === 'custom' ? [] : names[field.name];
  const [name] = types;
  return {
    form: 'mp4',
    isField: (item) => types.includes(typeOf(item)) || nameOf(item) === ownName(field),
    make: (values) => {
      if (values.length === 0) return [];
      const data = values.map(dataOf);
      if (name !== undefined) return [boxOf(name, ...data)];
      const own = field.name === 'custom' ? field.customName : 'MOOD';
      return [
        boxOf(freeForm, boxOf('mean', Buffer.alloc(4), Buffer.from(owner)), boxOf('name', Buffer.alloc(4), Buffer.from(own)), ...data),
      ];
    },
    seed: () => [],
  };
}

function dataOf(value: string): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(utf8, 0);
  return boxOf('data', head, Buffer.from(value, 'utf8'));
}

function typeOf(item: Buffer): string {
  return item.toString('latin1', 4, 8);
}

/** The name of an item of free form, in capitals; empty for others. */
function nameOf(item: Buffer): string {
  if (typeOf(item) !== freeForm) return '';
  const parts = boxesIn(item, 8, item.length);
  const text = (type: string): string => {
    const box = parts.find((part) => part.type === type);
    return box === undefined ? '' : item.toString('utf8', box.content + 4, box.end);
  };
  return text('mean') === owner ? text('name').toUpperCase() : '';
}
