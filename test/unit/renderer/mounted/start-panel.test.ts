// @vitest-environment happy-dom
/** @file The start of a run that learns from an index, while that index is being made and when part of it is missing. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Encoder, Job, JobId } from '../../../../src-main/contract/index.ts';
import { encoders, jobs, library } from '../../../../src-renderer/state/app.svelte.ts';
import { form } from '../../../../src-renderer/state/pretraining.svelte.ts';
import StartPanel from '../../../../src-renderer/view/pretrain/StartPanel.svelte';
import { act, show } from '../../../support/mount.svelte.ts';
import { answers, asked } from '../../../support/page-client.ts';

vi.mock('../../../../src-renderer/client/index.ts', () => import('../../../support/page-client.ts'));

const statistics = (tracks: number, waiting: number): Encoder =>
  ({
    ...{
      id: 1,
      name: 'Timbre statistics',
      architecture: 'timbre-statistics',
      sampleRate: 16_000,
      cropSamples: 64_000,
      dimensions: 316,
    },
    ...{
      source: 'built-in',
      origin: '',
      createdAt: 0,
      run: null,
      tagSet: null,
      spaces: [],
    },
    index: { tracks, segments: 10 * tracks, hopSamples: 64_000, waiting },
  }) as unknown as Encoder;
const indexing = {
  id: 5 as JobId,
  kind: 'index',
  subject: '1',
  state: 'running',
  seen: false,
} as Job;
const textOf = (place: HTMLElement): string => place.textContent?.replace(/\s+/g, ' ') ?? '';

async function shown(tracks: number, waiting: number): Promise<HTMLElement> {
  answers['encoders.list'] = () => [statistics(tracks, waiting)];
  answers['library.summary'] = () => ({
    tracks: tracks + waiting,
    problems: 0,
  });
  await Promise.all([encoders.load(), library.load()]);
  return show(StartPanel as never, { onproblem: () => undefined }).place;
}

function button(place: HTMLElement, name: string): HTMLButtonElement | undefined {
  return [...place.querySelectorAll('button')].find((one) => one.textContent?.trim() === name);
}

beforeEach(() => {
  answers['pretrain.start'] = () => ({ runId: 7, jobId: 8 });
  jobs.update({ ...indexing, seen: true });
  form.chooseTime('minute');
});

describe('the start of what learns from an index', () => {
  it('waits for an index that is being made, or takes what has been heard by now', async () => {
    jobs.update(indexing);
    const place = await shown(12, 3);
    expect(textOf(place)).toContain('3 tracks have not been heard by timbre statistics yet; it begins when they have been.');
    act(() => button(place, 'Learn from what has been heard')?.click());
    await expect.poll(() => asked.findLast(({ procedure }) => procedure === 'pretrain.start')?.input).toMatchObject({ waits: false });
  });

  it('has nothing to take where too few have been heard', async () => {
    jobs.update(indexing);
    const place = await shown(3, 12);
    expect(textOf(place)).toContain('12 tracks have not been heard');
    expect(button(place, 'Learn from what has been heard')).toBeUndefined();
  });

  it('learns from the others where nothing is being made', async () => {
    const place = await shown(12, 1);
    expect(textOf(place)).toContain('1 track has not been heard by timbre statistics yet; it learns from the others.');
    expect(button(place, 'Learn from what has been heard')).toBeUndefined();
    act(() => button(place, 'Start')?.click());
    await expect.poll(() => asked.findLast(({ procedure }) => procedure === 'pretrain.start')?.input).not.toHaveProperty('waits');
  });
});
