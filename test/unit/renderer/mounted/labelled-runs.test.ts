// @vitest-environment happy-dom
/** @file Labels in the form of a run, what is missing, and what held-out tracks say beside a run's health. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { pretraining, Tag } from '../../../../src-main/contract/index.ts';
import { form, labels } from '../../../../src-renderer/state/pretraining.svelte.ts';
import { tags } from '../../../../src-renderer/state/tagging.svelte.ts';
import HealthPanel from '../../../../src-renderer/view/pretrain/HealthPanel.svelte';
import LabelsChoice from '../../../../src-renderer/view/pretrain/LabelsChoice.svelte';
import { act, show } from '../../../support/mount.svelte.ts';
import { answers, asked } from '../../../support/page-client.ts';

vi.mock('../../../../src-renderer/client/index.ts', () => import('../../../support/page-client.ts'));

const overview = {
  ...{ names: ['calm', 'loud'], isExclusive: false, labelled: 20, taught: 16, heldOut: 4, leftOut: 0, notFound: 2, columns: [] },
  notFoundRows: [
    { line: 3, text: 'gone/a.mp3' },
    { line: 9, text: 'gone/b.mp3' },
  ],
  each: [
    { name: 'calm', yes: 8, no: 8, heldOutYes: 2, heldOutNo: 2 },
    { name: 'loud', yes: 8, no: 8, heldOutYes: 2, heldOutNo: 2 },
  ],
  problem: null as string | null,
};
const tag = (id: number, name: string): Tag =>
  ({ id, kind: '', name, color: 0, tracks: 10, passages: 0, rejected: 0, createdAt: 0 }) as unknown as Tag;
const buttons = (place: HTMLElement, within: string): HTMLButtonElement[] => [
  ...place.querySelectorAll<HTMLButtonElement>(`[aria-label="${within}"] button`),
];

beforeEach(() => {
  answers['tags.list'] = () => [tag(1, 'calm'), tag(2, 'loud')];
  answers['pretrain.labels'] = () => overview;
  answers['host.browse'] = () => ({ path: '/home', parent: null, places: [], entries: [], audioFiles: 0 });
  form.chooseLabels(null);
  form.chooseRecipe('supervised');
});

describe('labels in the form', () => {
  it('are the person’s tags; how many tracks have them is said, and what is chosen goes along with the run', async () => {
    await tags.load();
    const { place } = show(LabelsChoice as never, {});
    expect(place.textContent).toContain('Choose what is to be learnt');
    expect(form.request()).toBeNull();
    act(() => buttons(place, 'Tags to learn').forEach((button) => button.click()));
    await expect.poll(() => labels.known).not.toBeNull();
    act(() => undefined);
    expect(place.textContent?.replace(/\s+/g, ' ')).toContain('20 chosen tracks are labelled: 16 to learn from, 4 held out.');
    expect([...place.querySelectorAll('tbody th')].map((row) => row.textContent)).toEqual(['calm', 'loud']);
    expect(form.request()?.settings.labels).toEqual({ from: { kind: 'tags', tagIds: [1, 2] }, names: [] });
    const last = asked.findLast(({ procedure }) => procedure === 'pretrain.labels');
    expect(last?.input).toMatchObject({ settings: { labels: { from: { tagIds: [1, 2] } } } });
    form.chooseExclusive(true);
    expect(form.settings.objective.kind).toBe('cross-entropy');
    form.chooseRecipe('clmr');
    expect(form.settings.labels).toBeNull();
    form.chooseRecipe('supervised');
    expect(form.settings.labels?.from).toEqual({ kind: 'tags', tagIds: [1, 2] });
  });

  it('say what is missing, as the core does', async () => {
    answers['pretrain.labels'] = () => ({ ...overview, problem: '“calm” has no track that it does not fit, so it cannot be learnt.' });
    const { place } = show(LabelsChoice as never, {});
    act(() => form.chooseLabels({ kind: 'tags', tagIds: [1 as never] }));
    await expect.poll(() => labels.problem).not.toBeNull();
    act(() => undefined);
    expect(place.querySelector('[role="alert"]')?.textContent).toContain('has no track that it does not fit');
  });

  it('ask for tags where there are none, and offer a table with its columns', async () => {
    answers['tags.list'] = () => [];
    await tags.load();
    answers['pretrain.labels'] = () => ({ ...overview, columns: [{ name: 'genre', kind: 'words', labels: 3 }] });
    const { place } = show(LabelsChoice as never, {});
    expect(place.textContent).toContain('You have not tagged anything yet');
    act(() => form.chooseLabels({ kind: 'table', path: '/home/labels.csv', columns: [] }));
    await expect.poll(() => labels.known?.columns).toHaveLength(1);
    act(() => undefined);
    const [column] = buttons(place, 'Columns to learn');
    expect(column?.textContent).toContain('genre');
    act(() => column?.click());
    expect(form.labels).toMatchObject({ kind: 'table', columns: ['genre'] });
    await expect.poll(() => labels.isAsking).toBe(false);
    act(() => undefined);
    expect(place.textContent).toContain('2 rows name no chosen track');
    expect([...place.querySelectorAll('.rows li')].map((row) => row.textContent)).toEqual(['Line 3: gone/a.mp3', 'Line 9: gone/b.mp3']);
  });
});

describe('the health of a run with labels', () => {
  it('has what held-out tracks say beside the untrained encoder and guessing', () => {
    const interval = (value: number) => ({ value, low: value - 0.1, high: value + 0.1 });
    const scores = { rocAuc: interval(0.8), averagePrecision: interval(0.7), accuracy: null };
    const heldOut = {
      ...{ step: 50, tracks: 12, isExclusive: false, loss: 0.5, scores, since: 0, best: { step: 50, score: 0.7, loss: 0.5 } },
      each: [{ name: 'calm', yes: 4, no: 8, rocAuc: 0.8, averagePrecision: null }],
      chance: { rocAuc: 0.5, averagePrecision: 0.33, accuracy: null },
      began: { ...scores, rocAuc: interval(0.6), labels: 1, isContinued: false },
      mfcc: { ...scores, rocAuc: interval(0.65), labels: 1 },
    } satisfies pretraining.HeldOut;
    const health = {
      ...{ rank: 9, dimensions: 512, deviationMean: 0.05, deviationLeast: 0.01, positive: 0.8, negative: 0.1 },
      ...{ positives: [1, 2], negatives: [2, 1], verdict: 'healthy', says: 'Healthy.', heldOut },
    } as unknown as pretraining.Health;
    const { place } = show(HealthPanel as never, { health, comparesViews: false, learnsLabels: true });
    const rows = [...place.querySelectorAll('.held-out tr')].map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent));
    expect(rows[1]).toEqual(['0.8000.700 to 0.900', '0.6000.500 to 0.700', '0.6500.550 to 0.750', '0.500']);
    expect(place.textContent).toContain('Tracks that share a label');
    expect(place.textContent).toContain('4 of 12');
    expect(place.textContent).not.toContain('Accuracy');
    const few = { ...heldOut, groupedBy: 'album', scores: { ...scores, rocAuc: { value: 1, low: null, high: null } } };
    const told = show(HealthPanel as never, { health: { ...health, heldOut: few }, comparesViews: false, learnsLabels: true }).place;
    expect(told.querySelector('.held-out td')?.textContent).toBe('1.000too few albums to tell');
    const { mfcc: _, ...earlier } = heldOut;
    const best = { ...earlier.best, step: 25, figures: { tracks: 12, scores: { ...scores, rocAuc: interval(0.9) }, each: heldOut.each } };
    const ended = { health: { ...health, heldOut: { ...earlier, best } }, comparesViews: false, learnsLabels: true, encoderStep: 25 };
    const shown = show(HealthPanel as never, ended).place;
    expect(shown.querySelector('.held-out td')?.textContent).toBe('0.9000.800 to 1.000');
    expect(shown.textContent).toContain('step 25, the best, which the encoder comes from');
    expect(shown.textContent).toContain('MFCC was not measured');
  });
});
