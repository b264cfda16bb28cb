// @vitest-environment happy-dom
/** @file The dialog that imports weights asks the core for what was said in it: the file, its head, and the names of the head's tags. */
import { describe, expect, it, vi } from 'vitest';
import { ClientError } from '../../../../src-renderer/client/errors.ts';
import { route } from '../../../../src-renderer/state/app.svelte.ts';
import { form, place } from '../../../../src-renderer/state/pretraining.svelte.ts';
import ImportDialog from '../../../../src-renderer/view/encoders/ImportDialog.svelte';
import { act, show } from '../../../support/mount.svelte.ts';
import { answers, asked } from '../../../support/page-client.ts';

vi.mock('../../../../src-renderer/client/index.ts', () => import('../../../support/page-client.ts'));

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function field(label: string): HTMLInputElement {
  const [found] = [...document.querySelectorAll('label')].filter((one) => one.textContent?.trim() === label);
  return document.getElementById(found?.getAttribute('for') ?? '') as HTMLInputElement;
}

function write(label: string, text: string): void {
  act(() => {
    field(label).value = text;
    field(label).dispatchEvent(new Event('input', { bubbles: true }));
  });
}

function press(name: string): void {
  const [found] = [...document.querySelectorAll('button')].filter((one) => one.textContent?.trim() === name && one.tabIndex >= 0);
  act(() => found?.click());
}

describe('the import dialog', () => {
  it('begins with the file that was chosen, and sends its head and the names along', async () => {
    answers['host.browse'] = ({ path }: { path: string }) => ({
      path: path ?? '/home',
      parent: null,
      places: [],
      entries: [],
      audioFiles: 0,
    });
    show(ImportDialog as never, { given: '/weights/clmr.zip' });
    await turn();
    expect(field('File on this machine').value).toBe('/weights/clmr.zip');
    write('File of its head (optional)', '/weights/finetuner_checkpoint_200.pt');
    write('Name (optional)', 'CLMR');
    press('Import');
    await turn();
    const sent = asked.find(({ procedure }) => procedure === 'encoders.importWeights');
    expect(sent?.input).toEqual({ path: '/weights/clmr.zip', name: 'CLMR', headPath: '/weights/finetuner_checkpoint_200.pt' });
  });

  it('leads to what learns from the library, where there are no weights', async () => {
    show(ImportDialog as never, {});
    await turn();
    form.chooseTime('overnight');
    press('learns from your own library');
    expect([form.time, place.page, route.view]).toEqual(['minute', { page: 'new' }, 'pretrain']);
  });

  it('asks for the kind of patches where the file leaves it open, and sends it along', async () => {
    let refusals = 0;
    answers['encoders.importWeights'] = () => {
      if (refusals++ === 0) throw new ClientError('BAD_INPUT', 'Say which: square or tall.', { patches: ['square', 'tall'] });
      return null;
    };
    asked.length = 0;
    show(ImportDialog as never, { given: '/weights/myna-base.pth' });
    await turn();
    const choice = (): HTMLElement | null => document.querySelector('[aria-label^="Patches"]');
    expect(choice()).toBeNull();
    press('Import');
    await turn();
    act(() => undefined);
    expect(document.querySelector('[role="alert"]')?.textContent).toContain('Say which');
    expect(choice()).not.toBeNull();
    act(() => choice()?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true })));
    await turn();
    const [option] = [...document.querySelectorAll<HTMLElement>('[role="option"]')].filter((one) => one.textContent?.includes('Tall'));
    for (const type of ['pointermove', 'pointerdown', 'pointerup', 'click'])
      act(() => option?.dispatchEvent(new PointerEvent(type, { bubbles: true, pointerType: 'mouse' })));
    press('Import');
    await turn();
    delete answers['encoders.importWeights'];
    expect(asked.filter(({ procedure }) => procedure === 'encoders.importWeights').map(({ input }) => input)).toEqual([
      { path: '/weights/myna-base.pth' },
      { path: '/weights/myna-base.pth', patches: 'tall' },
    ]);
  });

  it('shows what an ONNX file takes and gives, and sends what the file does not say', async () => {
    answers['encoders.inspectOnnx'] = () => ({
      inputs: [{ name: 'audio', type: 1, shape: ['batch', 1, null] }],
      ...{ outputs: [{ name: 'z', type: 1, shape: ['batch', 4] }], values: ['inner', 'z'], sampleRate: null },
    });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    show(ImportDialog as never, { given: '/weights/other.onnx' });
    vi.runAllTimers();
    vi.useRealTimers();
    await turn();
    await turn();
    act(() => undefined);
    expect(document.body.textContent).toContain('Takes audio [batch, 1, ?]; gives z [batch, 4].');
    const rate = document.querySelector<HTMLInputElement>('[aria-label="Sample rate in hertz"]');
    act(() => {
      if (rate !== null) rate.value = '16000';
      rate?.dispatchEvent(new Event('input', { bubbles: true }));
    });
    write('Embedding (an output, or any value inside)', 'inner');
    press('Import');
    await turn();
    const sent = asked.findLast(({ procedure }) => procedure === 'encoders.importWeights');
    expect(sent?.input).toEqual({ path: '/weights/other.onnx', onnx: { sampleRate: 16_000, output: 'inner' } });
  });

  it('fills the field that was entered last from the list of files', async () => {
    answers['host.browse'] = () => ({
      ...{ path: '/weights', parent: '/', places: [], audioFiles: 0 },
      entries: [{ name: 'head.pt', path: '/weights/head.pt', kind: 'file', readable: true }],
    });
    show(ImportDialog as never, { given: '/weights/clmr.zip' });
    await turn();
    act(() => field('File of its head (optional)').dispatchEvent(new FocusEvent('focus')));
    press('head.pt');
    expect(field('File of its head (optional)').value).toBe('/weights/head.pt');
    expect(field('File on this machine').value).toBe('/weights/clmr.zip');
  });
});
