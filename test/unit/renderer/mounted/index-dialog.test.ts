// @vitest-environment happy-dom
/** @file The dialog that indexes asks for the outputs that were ticked, tells what they take, and says so when it cannot. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Encoder, EncoderId } from '../../../../src-main/contract/index.ts';
import { library } from '../../../../src-renderer/state/app.svelte.ts';
import IndexDialog from '../../../../src-renderer/view/encoders/IndexDialog.svelte';
import { act, show } from '../../../support/mount.svelte.ts';
import { answers, asked } from '../../../support/page-client.ts';
import { importedEncoder } from '../../../support/some-encoder.ts';

vi.mock('../../../../src-renderer/client/index.ts', () => import('../../../support/page-client.ts'));

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const index = { tracks: 4, segments: 40, hopSamples: 59_049, waiting: 0 };
const encoder: Encoder = {
  ...importedEncoder,
  index,
  spaces: [
    {
      encoderId: 2 as EncoderId,
      output: 'block-3',
      pooling: 'max',
      title: 'Block 3, maximum',
      dimensions: 256,
      index,
    },
  ],
};
const outputs = [
  { name: 'first', title: 'First convolution', dimensions: 128 },
  { name: 'block-3', title: 'Block 3', dimensions: 256 },
  { name: 'embedding', title: 'Embedding', dimensions: 512 },
];

beforeEach(async () => {
  asked.length = 0;
  answers['encoders.outputs'] = () => outputs;
  answers['encoders.index'] = () => ({ jobId: 7 });
  answers['library.summary'] = () => ({
    folders: 1,
    tracks: 100_000,
    missing: 0,
    problems: 0,
    audioMs: 100_000 * 240_000,
    firstAddedAt: 0,
  });
  answers['library.folders'] = () => [];
  answers['library.problems'] = () => [];
  await library.load();
});

function box(title: string): HTMLInputElement {
  const [found] = [...document.querySelectorAll('label')].filter((one) => one.textContent?.includes(title));
  return found?.querySelector('input') as HTMLInputElement;
}

function click(element: HTMLElement | null | undefined): void {
  act(() => element?.click());
}

function button(name: string): HTMLButtonElement | undefined {
  return [...document.querySelectorAll('button')].find((one) => one.textContent?.trim() === name);
}

function words(): string {
  return document.body.textContent?.replace(/\s+/g, ' ') ?? '';
}

describe('the index dialog', () => {
  it('finds an output among many by its name, and keeps what is ticked in sight', async () => {
    const many = Array.from({ length: 300 }, (_, i) => ({
      name: `/model/${i}/Add:0`,
      title: `/model/${i}/Add:0`,
      dimensions: 8,
    }));
    answers['encoders.outputs'] = () => [...many, { name: 'embedding', title: 'Embedding', dimensions: 512 }];
    show(IndexDialog as never, { encoder });
    await turn();
    act(() => undefined);
    const titles = (): (string | undefined)[] =>
      [...document.querySelectorAll('ul[aria-label="Outputs"] .title')].map((one) => one.textContent?.trim());
    expect(titles()).toHaveLength(200);
    expect(words()).toContain('301 outputs, of which 200 are shown.');
    const field = [...document.querySelectorAll('label')].find((one) => one.textContent?.includes('Search outputs'))?.control;
    act(() => {
      (field as HTMLInputElement).value = '/299/';
      field?.dispatchEvent(new Event('input', { bubbles: true }));
    });
    expect(titles()).toEqual(['Embedding', '/model/299/Add:0']);
  });

  it('lists the embedding first, then layers in their order, and how each is indexed', async () => {
    show(IndexDialog as never, { encoder });
    expect(document.querySelector('ul[aria-label="Outputs"]')?.getAttribute('aria-busy')).toBe('true');
    await turn();
    act(() => undefined);
    const rows = [...document.querySelectorAll('ul[aria-label="Outputs"] li')].map((row) => row.textContent?.replace(/\s+/g, ' ').trim());
    expect(rows).toEqual(['Embedding indexed 512 neurons', 'First convolution 128 neurons', 'Block 3 256 neurons']);
    expect(box('Embedding').checked).toBe(true);
    expect(words()).not.toContain('Layers are pooled');
  });

  it('asks for what is ticked, layers pooled as was chosen, and the embedding as it is', async () => {
    show(IndexDialog as never, { encoder });
    await turn();
    act(() => undefined);
    click(box('Block 3'));
    click([...document.querySelectorAll<HTMLInputElement>('input[type="radio"]')].find((one) => one.value === 'max'));
    expect(words()).toContain('How strongly a sound occurs at all, however short it is.');
    act(() => document.querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true, bubbles: true })));
    await turn();
    expect(asked.find(({ procedure }) => procedure === 'encoders.index')?.input).toEqual({
      ...{ encoderId: 1, hopSamples: 59_049 },
      outputs: [
        { output: 'embedding', pooling: 'mean' },
        { output: 'block-3', pooling: 'max' },
      ],
    });
  });

  it('says how much it takes where that is much, and lets nobody index nothing', async () => {
    show(IndexDialog as never, { encoder });
    await turn();
    act(() => undefined);
    // 8.96 million segments of 512 numbers, each twice in four bytes.
    expect(words()).toContain('This takes about 36.71 GB on the disk. A larger hop or fewer layers take less.');
    click(box('Embedding'));
    expect(button('Index now')?.disabled).toBe(true);
    expect(words()).not.toContain('on the disk');
  });

  it('says why the layers are not there', async () => {
    answers['encoders.outputs'] = () => {
      throw new Error('There is no kind of encoder called ear.');
    };
    show(IndexDialog as never, { encoder });
    await turn();
    act(() => undefined);
    expect(document.querySelector('[role="alert"]')?.textContent).toBe('There is no kind of encoder called ear.');
  });
});
