/** @file Labels of a head that came with the encoder, on the real core with a seeded library. */
import { expect, it, onTestFinished } from 'vitest';
import type { EncoderId, HeadLabel } from '../../../../src-main/contract/index.ts';
import { openSeededCore } from '../../../support/seed/core.ts';

const quiet = new AbortController().signal;

it('name the tag that was made when one was accepted, until it is gone', async () => {
  const core = await openSeededCore({ tracks: 12, tags: true });
  onTestFinished(() => core.close());
  const { heads, suggest, tags } = core.handlers;
  const encoderId = core.services.store.settings.get().encoderId as EncoderId;
  const cello = async (): Promise<{ headId: number; label: HeadLabel }> => {
    const [head] = (await heads.list({ encoderId }, quiet)).filter(({ source }) => source === 'published');
    const label = head?.labels.find(({ name }) => name === 'cello');
    if (head === undefined || label === undefined) throw new Error('There is no such label.');
    return { headId: head.id, label };
  };
  const { headId, label } = await cello();
  expect(label.tagId).toBeNull();
  const place = { headId, label: label.label } as never as { headId: never; label: number };
  const page = await suggest.tracks({ ...place, offset: 0, limit: 1, atLeast: 0, includeAnswered: true }, quiet);
  const trackIds = page.rows.map(({ trackId }) => trackId);
  const { change } = await suggest.answer({ ...place, trackIds, answer: 'yes' }, quiet);
  const made = (await tags.list(undefined, quiet)).find(({ name }) => name === 'cello');
  expect(made?.tracks).toBe(1);
  expect((await cello()).label.tagId).toBe(made?.id);
  await tags.undo({ changeId: change?.id as never }, quiet);
  expect((await cello()).label.tagId).toBeNull();
});
