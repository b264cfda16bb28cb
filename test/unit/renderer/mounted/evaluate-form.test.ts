// @vitest-environment happy-dom
/** @file The form of an evaluation asks for an encoder that is trained from scratch where that is ticked, and where it can be. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { DatasetCheck, EvaluationWish } from '../../../../src-main/contract/index.ts';
import { evaluateForm } from '../../../../src-renderer/state/evaluating.svelte.ts';
import EvaluateForm from '../../../../src-renderer/view/evaluate/EvaluateForm.svelte';
import { act, show } from '../../../support/mount.svelte.ts';
import { answers, asked } from '../../../support/page-client.ts';

vi.mock('../../../../src-renderer/client/index.ts', () => import('../../../support/page-client.ts'));

const known = {
  ...{ name: 'gtzan', title: 'GTZAN', about: '', holds: '', splits: [{ name: 'official', title: 'Official' }] },
  tasks: [{ name: 'genre', title: 'Genre', kind: 'classes' }],
};

/** A data set of one task. */
function check(kind: 'classes' | 'numbers', validation = 5): DatasetCheck {
  const counts = { train: 10, validation, test: 5 };
  const policies = { emptyLabels: '', labelOrder: '', ties: '', aggregation: '', groups: '' };
  return {
    ...{ dataset: 'gtzan', path: '/sets/gtzan', decoded: false, ok: true, counts, missing: [], broken: [] },
    manifest: {
      ...{
        earmark: '1',
        dataset: 'gtzan',
        task: 'genre',
        kind,
        labels: ['a', 'b'],
        split: 'official',
        sha256: 'a',
        counts,
        published: null,
      },
      ...{ labelCounts: null, leftOut: [], policies, notes: [] },
    },
  };
}

const words = (): string => document.body.textContent?.replace(/\s+/g, ' ') ?? '';
const inputOf = (label: string): HTMLInputElement =>
  [...document.querySelectorAll('label')].find((one) => one.textContent?.includes(label))?.querySelector('input') as HTMLInputElement;
const begin = (): HTMLButtonElement =>
  [...document.querySelectorAll('button')].find((one) => one.textContent?.trim() === 'Evaluate') as HTMLButtonElement;
const wish = (): EvaluationWish => asked.find(({ procedure }) => procedure === 'evaluate.start')?.input as EvaluationWish;

/** The form with a data set in it. */
async function shown(found: DatasetCheck): Promise<void> {
  answers['datasets.check'] = () => found;
  await evaluateForm.look('/sets/gtzan');
  show(EvaluateForm as never, { isBusy: false });
}

beforeEach(async () => {
  asked.length = 0;
  evaluateForm.isSupervised = false;
  evaluateForm.supervisedMinutes = 60;
  answers['datasets.list'] = () => [known];
  answers['evaluate.start'] = () => ({ jobId: 7 });
  await evaluateForm.load();
});

describe('an encoder that is trained from scratch', () => {
  it('is not trained unless it is ticked; what it costs is said, and its minutes go along', async () => {
    await shown(check('classes'));
    expect(words()).not.toContain('half an hour');
    act(() => begin().click());
    await expect.poll(() => wish()).toMatchObject({ supervised: null });
    asked.length = 0;
    act(() => inputOf('trained from scratch').click());
    expect(words()).toContain(
      'trains for 200 epochs at most; an epoch over all of MagnaTagATune takes about half an hour on two processor cores',
    );
    const minutes = inputOf('Minutes for each seed');
    expect(minutes.value).toBe('60');
    act(() => {
      minutes.value = '0';
      minutes.dispatchEvent(new Event('input', { bubbles: true }));
      minutes.dispatchEvent(new Event('change', { bubbles: true }));
    });
    expect(begin().disabled).toBe(true);
    act(() => {
      minutes.value = '2';
      minutes.dispatchEvent(new Event('input', { bubbles: true }));
      minutes.dispatchEvent(new Event('change', { bubbles: true }));
    });
    act(() => begin().click());
    await expect.poll(() => wish()).toMatchObject({ supervised: { unit: 'minutes', amount: 2 } });
  });

  it('cannot be ticked for numbers, and is not asked for then', async () => {
    evaluateForm.isSupervised = true;
    await shown(check('numbers'));
    expect(inputOf('trained from scratch').disabled).toBe(true);
    expect(words()).toContain('Trained so are tags and classes of a data set, with clips that validate.');
    act(() => begin().click());
    await expect.poll(() => wish()).toMatchObject({ supervised: null });
  });

  it('needs clips that validate', async () => {
    await shown(check('classes', 0));
    expect(inputOf('trained from scratch').disabled).toBe(true);
  });
});
