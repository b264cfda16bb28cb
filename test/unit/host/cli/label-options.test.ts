/** @file Tags as they are named on the command line. */
import { expect, it } from 'vitest';
import { labelSource, labelWish } from '../../../../src-main/host/cli/verbs/label-options.ts';
import { temporaryStore } from '../../../support/store-data.ts';

it('a tag with a comma in its name is named in quotes, by an option of its own, or as it is', () => {
  const store = temporaryStore();
  const names = ['calm, slow', 'loud', 'calm', 'say "hi"'];
  const ids = new Map(names.map((name) => [name, store.tags.create({ kind: '', name }).tag.id]));
  const of = (...tags: string[]): unknown => {
    const wish = labelWish({ tags });
    if (wish === null) throw new Error('no labels');
    return (labelSource({ store } as never, wish) as { tagIds: unknown }).tagIds;
  };
  const [slow, loud, calm, hi] = names.map((name) => ids.get(name));
  expect(of('calm, slow')).toEqual([slow]);
  expect(of('"calm, slow", loud')).toEqual([slow, loud]);
  expect(of('loud', 'calm, slow')).toEqual([loud, slow]);
  expect(of('calm,loud')).toEqual([calm, loud]);
  expect(of('"say ""hi""",calm')).toEqual([hi, calm]);
});

it.each(['calm,,loud', '', '"calm" slow', 'calm,'])('%j names no tags, which is told with how to write them', (text) => {
  expect(() => labelWish({ tags: [text] })).toThrow(/Write them as --tags calm,loud; a name with a comma in it/);
});
