// @vitest-environment happy-dom
/** @file What Similar and the other pages that read an index say while they wait, and where the index is damaged. */
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Component } from 'svelte';
import { encoders, host, library, settings } from '../../../../src-renderer/state/app.svelte.ts';
import { suggestions } from '../../../../src-renderer/state/tagging.svelte.ts';
import { musicPath, queryFiles, radio, similar, similarMemory, similarQuery } from '../../../../src-renderer/state/retrieval.svelte.ts';
import { ClientError } from '../../../../src-renderer/client/errors.ts';
import AboutSection from '../../../../src-renderer/view/settings/AboutSection.svelte';
import { trackExample } from '../../../../src-renderer/view/similar/examples.ts';
import FileProgress from '../../../../src-renderer/view/similar/FileProgress.svelte';
import FindBar from '../../../../src-renderer/view/similar/FindBar.svelte';
import FindPage from '../../../../src-renderer/view/similar/FindPage.svelte';
import PathPage from '../../../../src-renderer/view/similar/PathPage.svelte';
import RadioPage from '../../../../src-renderer/view/similar/RadioPage.svelte';
import ThresholdBar from '../../../../src-renderer/view/tags/ThresholdBar.svelte';
import { features } from '../../../../src-renderer/state/listening.svelte.ts';
import { act, show } from '../../../support/mount.svelte.ts';
import { answers, asked, timesAsked } from '../../../support/page-client.ts';
import { waitFor } from '../../../support/wait-for.ts';

vi.mock('../../../../src-renderer/client/index.ts', () => import('../../../support/page-client.ts'));

const example = (id: number) => trackExample({ trackId: id, title: `Track ${id}`, artist: 'Someone' } as never);
const damage = (): never => {
  throw new ClientError('INDEX_DAMAGED', 'activations-0000.f32 is not whole.', { part: 'index' });
};
const wordsOf = (place: HTMLElement): string => (place.textContent ?? '').replaceAll(/\s+/g, ' ');

beforeEach(async () => {
  asked.length = 0;
  for (const procedure of Object.keys(answers)) answers[procedure] = undefined;
  answers['encoders.list'] = () => [{ id: 1, name: 'CLMR', origin: 'a file', index: { segments: 10, hopSamples: 1 }, head: null }];
  answers['settings.get'] = () => ({ encoderId: 1 });
  await Promise.all([settings.load(), encoders.load(), library.load().catch(() => undefined), similarMemory.load()]);
  asked.length = 0;
});

describe('a page whose index is damaged', () => {
  it.each<[string, Component, () => Promise<void> | void]>([
    [
      'Find',
      FindPage as Component,
      () => {
        answers['similar.find'] = damage;
        similarQuery.clear();
        similarQuery.add('like', [example(1)]);
        similar.show(similarQuery.forEncoder(1 as never));
      },
    ],
    [
      'Path',
      PathPage as Component,
      () => {
        answers['similar.path'] = damage;
        musicPath.setEnd('from', example(1));
        musicPath.setEnd('to', example(2));
      },
    ],
    [
      'Radio',
      RadioPage as Component,
      async () => {
        answers['similar.radio'] = damage;
        await radio
          .start({ encoderId: 1 as never, seeds: [example(1)], filter: similarQuery.filter, perArtist: null } as never)
          .catch(() => undefined);
      },
    ],
  ])('offers to repair it: %s', async (_, page, ask) => {
    await ask();
    const shown = show(page as never, {});
    await waitFor(() => expect(wordsOf(shown.place)).toContain('activations-0000.f32'));
    const repair = [...shown.place.querySelectorAll('button')].find((button) => wordsOf(button).trim() === 'Repair the index');
    act(() => repair?.click());
    expect(asked.find(({ procedure }) => procedure === 'encoders.index')?.input).toMatchObject({ encoderId: 1, repair: true });
  });
});

describe('sound that is encoded for a query', () => {
  it('is named with how far it is and the time left, and can be given up', () => {
    const shown = show(FileProgress as never, {});
    expect(wordsOf(shown.place)).toBe('');
    act(() => queryFiles.hear({ name: 'Elvish theme', audioSeconds: 50, totalSeconds: 205, secondsLeft: 12 }));
    expect(wordsOf(shown.place)).toContain('Listening to Elvish theme 50 s of 3 min · 12 s left');
    act(() => shown.control('Give up Elvish theme').click());
    expect(timesAsked('similar.stopEncoding')).toBe(1);
    act(() => queryFiles.hear(null));
    expect(wordsOf(shown.place)).toBe('');
  });

  it('is not begun again by itself once a person gave it up', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    answers['similar.find'] = () => {
      throw new ClientError('CANCELLED', 'Listening to “Elvish theme” was stopped.');
    };
    similarQuery.clear();
    similarQuery.add('like', [example(7)]);
    similar.show(similarQuery.forEncoder(1 as never));
    await vi.advanceTimersByTimeAsync(1000);
    expect(similar.error).not.toBeNull();
    expect(wordsOf(show(FindPage as never, {}).place)).toContain('Listening to “Elvish theme” was stopped.');
    similar.follow(true);
    similar.follow(false);
    await vi.advanceTimersByTimeAsync(1000);
    expect(timesAsked('similar.find')).toBe(1);
    answers['similar.find'] = () => ({ considered: 0, rows: [], neurons: [], method: 'exact' });
    similar.refresh();
    await vi.advanceTimersByTimeAsync(1000);
    expect(similar.answer).not.toBeNull();
    expect(timesAsked('similar.find')).toBe(2);
  });
});

describe('an encoder whose neurons hardly differ', () => {
  const floats = (...values: number[]): string => Buffer.from(Float32Array.from(values).buffer).toString('base64');

  it.each([
    [2.000_01, true],
    [3, false],
  ])('is told of beside results, up to %d: %s', async (most, isTold) => {
    answers['listen.summary'] = () => ({
      dimensions: 2,
      segments: 9,
      minima: floats(2, 2),
      maxima: floats(most, 2.000_01),
      means: floats(2, 2),
    });
    answers['listen.notes'] = () => [];
    await features.load(1 as never);
    expect(wordsOf(show(FindBar as never, {}).place).includes('hardly differ')).toBe(isTold);
  });
});

describe('accepting by probability', () => {
  it.each([
    [true, false],
    [false, true],
  ])('is offered where it is clear of chance: %s', async (isClear, isOff) => {
    answers['suggest.tracks'] = () => ({ total: 3, rows: [] });
    answers['suggest.thresholds'] = () => [{ atLeast: 0.5, precision: 0.4, low: 0.2, recall: 0.5, isClear, tracks: 3 }];
    suggestions.show({ headId: (isClear ? 1 : 2) as never, label: 0 });
    await waitFor(() => expect(suggestions.threshold?.isClear).toBe(isClear));
    const shown = show(ThresholdBar as never, {});
    const button = [...shown.place.querySelectorAll('button')].find((one) => wordsOf(one).includes('Accept'));
    expect(button?.disabled).toBe(isOff);
    expect(wordsOf(shown.place).includes('No surer here than chance')).toBe(isOff);
  });
});

describe('a check of the installation', () => {
  it('says which check goes on and the time left', async () => {
    let finish: () => void = () => undefined;
    answers['host.doctor'] = () => new Promise((resolve) => (finish = () => resolve([])));
    const checking = host.check();
    const shown = show(AboutSection as never, {});
    const progress = { done: 500, total: 1000, unit: 'segments', audioSeconds: 0, rate: 100, secondsLeft: 5, detail: '', failed: 0 };
    act(() => host.hear({ check: 'Indexes', progress }));
    expect(wordsOf(shown.place)).toContain('Indexes 500 of 1 000 segments · 100 segments/s · 5 s left');
    finish();
    await checking;
    expect(host.doctoring).toBeNull();
  });
});
