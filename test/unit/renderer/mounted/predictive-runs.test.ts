// @vitest-environment happy-dom
/** @file Runs that predict what comes next are told in words of their own: nothing of pairs, views and projectors. */
import { describe, expect, it, vi } from 'vitest';
import { pretraining } from '../../../../src-main/contract/index.ts';
import { viewPair } from '../../../../src-renderer/state/pretraining.svelte.ts';
import ComparePage from '../../../../src-renderer/view/pretrain/ComparePage.svelte';
import HealthPanel from '../../../../src-renderer/view/pretrain/HealthPanel.svelte';
import RunSettings from '../../../../src-renderer/view/pretrain/RunSettings.svelte';
import ViewPair from '../../../../src-renderer/view/pretrain/ViewPair.svelte';
import { act, show } from '../../../support/mount.svelte.ts';
import { answers } from '../../../support/page-client.ts';

vi.mock('../../../../src-renderer/client/index.ts', () => import('../../../support/page-client.ts'));

const run = (recipe: pretraining.RecipeName, id: number) =>
  ({
    ...{ id, name: recipe, state: 'done', step: 10, last: null, health: null, tracks: 3, activeSeconds: 1, checkpoints: [], jobId: null },
    ...{ device: null, deviceWanted: 'auto', codeVersion: '1', continuesRunId: null, selection: { kind: 'library' }, createdAt: 0 },
    settings: pretraining.recipeDefaults[recipe],
  }) as unknown as pretraining.Run;
const health = {
  ...{ rank: 9, dimensions: 256, deviationMean: 0.05, deviationLeast: 0.01, positive: 0.8, negative: 0.1 },
  ...{ positives: [1, 2], negatives: [2, 1], verdict: 'healthy', says: 'Healthy.' },
} as unknown as pretraining.Health;
const titlesOf = (place: HTMLElement, what: string): (string | null)[] => [...place.querySelectorAll(what)].map((one) => one.textContent);

describe('a run that predicts', () => {
  it('lists the settings that count, alone and beside a run of two views', () => {
    const alone = titlesOf(show(RunSettings as never, { run: run('cpc', 1) }).place, 'dt');
    expect(alone).toContain('Steps ahead');
    expect(alone).not.toEqual(expect.arrayContaining([expect.stringMatching(/^(Projector|Hidden layers|Reverb.*)$/)]));
    answers['runs.curves'] = () => new Promise(() => undefined);
    const both = show(ComparePage as never, { one: run('cpc', 1), other: run('vicreg', 2) }).place;
    const rows = [...both.querySelectorAll('tr')].map((row) => titlesOf(row, 'th, td').map((text) => text?.trim()));
    expect(rows).toContainEqual(['Projector', '–', 'Layers with ReLU']);
    expect(rows).toContainEqual(['Steps ahead', '20', '–']);
  });

  it('says what its similarities are of', () => {
    const keys = (comparesViews: boolean): (string | undefined)[] =>
      titlesOf(show(HealthPanel as never, { health, comparesViews }).place, '.key').map((text) => text?.replace(/[\d.]+$/, '').trim());
    expect(keys(true)).toEqual(['Same track', 'Different tracks']);
    expect(keys(false)).toEqual(['Prediction and its track', 'Prediction and other tracks']);
  });

  it('draws a passage, which has no letter', async () => {
    let drawn = (_: unknown): void => undefined;
    answers['pretrain.hear'] = () => new Promise((resolve) => (drawn = resolve));
    const selection = { kind: 'library' } as const;
    const { place } = show(ViewPair as never, { settings: run('cpc', 1).settings, selection });
    let drawing = Promise.resolve();
    act(() => {
      drawing = viewPair.draw({ settings: run('cpc', 1).settings, selection });
    });
    expect(place.textContent).toContain('A passage is being drawn.');
    expect(place.textContent).not.toMatch(/pair/);
    const view = { startMs: 0, applied: [], wave: '', spectrogram: 'AA==', bands: 1, frames: 1 };
    drawn({ trackId: 1, title: 'Song', artist: '', sampleRate: 8000, views: [view] });
    await drawing;
    act(() => undefined);
    expect(titlesOf(place, 'button')).toEqual(expect.arrayContaining([expect.stringContaining('Another passage')]));
    expect([...place.querySelectorAll('figure button')].map((button) => button.getAttribute('aria-label'))).toEqual(['Play the passage']);
  });
});
