// @vitest-environment happy-dom
/** @file The first steps on their screen: a neuron is played, written on and sorted by; nothing that is typed is lost while more music is heard. */
import { describe, expect, it, vi } from 'vitest';
import type { ClearestNeurons, Encoder, HeardSegment } from '../../../../src-main/contract/index.ts';
import { encoders, library, route, startApp, undo } from '../../../../src-renderer/state/app.svelte.ts';
import { firstNeurons } from '../../../../src-renderer/state/first-steps.svelte.ts';
import { choice, player } from '../../../../src-renderer/state/listening.svelte.ts';
import { settings } from '../../../../src-renderer/state/app.svelte.ts';
import FirstSteps from '../../../../src-renderer/view/first-steps/FirstSteps.svelte';
import { libraryMemory } from '../../../../src-renderer/view/library/library-memory.ts';
import { act, show } from '../../../support/mount.svelte.ts';
import { answers, asked, tell, timesAsked } from '../../../support/page-client.ts';

vi.mock('../../../../src-renderer/client/index.ts', () => import('../../../support/page-client.ts'));

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function segment(trackId: number, title: string): HeardSegment {
  const about = {
    trackId: trackId as never,
    title,
    artist: 'Someone',
    labels: [],
  };
  return {
    ...about,
    row: trackId,
    segment: 2,
    startMs: 8000,
    durationMs: 4000,
    activation: 1,
  };
}

const found: ClearestNeurons = {
  tracks: 12,
  says: '',
  neurons: [
    {
      feature: 256,
      clarity: 0.8,
      top: [segment(1, 'Drums'), segment(2, 'More drums'), segment(3, 'Bells')],
      bottom: [segment(4, 'Pad')],
    },
    {
      feature: 193,
      clarity: 0.7,
      top: [segment(5, 'Low')],
      bottom: [segment(6, 'High')],
    },
  ],
};

function encoder(tracks: number): Encoder {
  const about = {
    id: 1 as never,
    name: 'Timbre statistics',
    architecture: 'timbre-statistics',
    sampleRate: 16_000,
    cropSamples: 64_000,
  };
  const index = {
    tracks,
    segments: tracks * 5,
    hopSamples: 64_000,
    waiting: 0,
  };
  return {
    ...about,
    dimensions: 316,
    source: 'built-in',
    origin: 'a formula',
    createdAt: 0,
    index,
    run: null,
    tagSet: null,
    spaces: [],
  };
}

async function steps(tracks: number): Promise<HTMLElement> {
  answers['encoders.list'] = () => [encoder(tracks)];
  answers['settings.get'] = () => ({
    theme: 'system',
    encoderId: 1,
    device: 'auto',
    watchFolders: true,
    indexAfterScan: true,
  });
  answers['listen.clearest'] = () => found;
  answers['listen.notes'] = () => [];
  answers['listen.summary'] = () => ({
    dimensions: 0,
    segments: 0,
    minima: '',
    maxima: '',
    means: '',
  });
  answers['library.folders'] = () => [{ id: 1, path: '/music' }];
  answers['library.summary'] = () => ({
    folders: 1,
    tracks,
    missing: 0,
    problems: 0,
    audioMs: 1,
    firstAddedAt: 1,
  });
  answers['library.problems'] = () => [];
  answers['published.list'] = () => [
    {
      name: 'clmr',
      title: 'CLMR',
      about: 'a',
      licence: 'l',
      page: 'p',
      servers: ['example.org'],
    },
    {
      name: 'none',
      title: 'Nowhere',
      about: 'a',
      licence: 'l',
      page: 'p',
      servers: [],
    },
  ];
  await settings.load();
  await encoders.load();
  await library.load();
  const { place } = show(FirstSteps as never, {});
  await turn();
  act(() => undefined);
  return place;
}

function button(place: HTMLElement, name: RegExp): HTMLButtonElement {
  const [one] = [...place.querySelectorAll('button')].filter((each) => name.test(each.textContent?.replaceAll(/\s+/g, ' ').trim() ?? ''));
  if (one === undefined) throw new Error(`There is no button ${name} in ${place.innerHTML}`);
  return one;
}

describe('the first steps', () => {
  it('play neurons by their names, most and least, and sort the music by one', async () => {
    const place = await steps(12);
    expect([...place.querySelectorAll('h4')].map((one) => one.textContent)).toEqual([
      'rhythm at 2–3 Hz, 55–420 Hzneuron 256',
      'dark rather than bright: how muchneuron 193',
    ]);
    act(() => button(place, /^Play Drums/).click());
    expect([player.now?.trackId, player.now?.segment?.startMs]).toEqual([1, 8000]);
    await player.next();
    expect(player.now?.title).toBe('More drums');
    act(() => button(place, /Sort your music by this/).click());
    expect([route.view, choice.sort[0]]).toEqual(['listen', { feature: 256, descending: true }]);
  });

  it('keep what a person hears as the neuron’s note, by Enter or by leaving the field, with undo', async () => {
    const place = await steps(12);
    const [field] = [...place.querySelectorAll('input')] as [HTMLInputElement];
    const type = (text: string): void => {
      field.value = text;
      field.dispatchEvent(new Event('input', { bubbles: true }));
    };
    act(() => type('a beat'));
    // More is heard while it is typed.
    act(() =>
      firstNeurons.follow({
        encoderId: 1 as never,
        tracks: 60,
        isGoingOn: false,
      }),
    );
    expect(field.value).toBe('a beat');
    expect(button(place, /^Choose again: 48 more tracks were heard$/).isConnected).toBe(true);
    act(() => field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true })));
    await turn();
    expect(asked.findLast(({ procedure }) => procedure === 'listen.setNote')?.input).toEqual({
      encoderId: 1,
      feature: 256,
      text: 'a beat',
    });
    expect(undo.nextLabel).toBe('Note on neuron 256 saved');
    act(() => type('something else'));
    act(() => field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true })));
    expect(field.value).toBe('a beat');
    await undo.undo();
    act(() => undefined);
    expect(field.value).toBe('');
  });

  it('count what is in the library alone: a folder that is taken out takes its tracks and passages along', async () => {
    startApp(window);
    await expect.poll(() => timesAsked('jobs.list')).toBeGreaterThan(0);
    await turn();
    const place = await steps(12);
    expect(place.textContent).toContain('12 tracks heard: 60 passages.');
    answers['encoders.list'] = () => [encoder(5)];
    answers['library.summary'] = () => ({
      folders: 1,
      tracks: 5,
      missing: 0,
      problems: 0,
      audioMs: 1,
      firstAddedAt: 1,
    });
    tell({ type: 'library.changed' });
    await expect.poll(() => place.textContent).toContain('5 tracks heard: 25 passages.');
    expect(place.textContent).toContain('5 tracks are in the library.');
  });

  it('name the published encoders that can be fetched, and stay until they are left', async () => {
    libraryMemory.set({ isInFirstSteps: false });
    const place = await steps(12);
    expect(libraryMemory.current.isInFirstSteps).toBe(true);
    expect(button(place, /^CLMR$/).textContent).toBe('CLMR');
    expect(place.textContent).not.toContain('Nowhere');
    act(() => button(place, /^Leave the first steps$/).click());
    expect(libraryMemory.current.isInFirstSteps).toBe(false);
  });
});
