// @vitest-environment happy-dom
/** @file The keyboard when what has it is taken away. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keepFocus } from '../../../../src-renderer/lib/keep-focus.ts';

let main: HTMLElement;
let stop: () => void;
const byId = (id: string): HTMLElement => document.getElementById(id) ?? expect.fail(`no ${id}`);
const focused = (): string => document.activeElement?.id ?? '';
/** Another observer of the same part, made later, is told later. */
const settled = (): Promise<void> =>
  new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      observer.disconnect();
      resolve();
    });
    observer.observe(main, { childList: true, subtree: true });
    main.append(document.createComment(''));
  });

beforeEach(() => {
  document.body.innerHTML = `
    <button id="outside">Outside</button>
    <main>
      <div id="view">
        <button id="first">First</button>
        <section id="panel"><p id="row"><button id="begin">Begin</button></p><div><input id="hidden" tabindex="-1" /><button id="off" disabled>Off</button><button id="next">Next</button></div></section>
      </div>
    </main>`;
  main = document.querySelector('main') ?? expect.fail();
  stop = keepFocus(main) as () => void;
});
afterEach(() => stop());

it('goes to the first control of the smallest part that is still there', async () => {
  byId('begin').focus();
  byId('begin').remove();
  await settled();
  expect(focused()).toBe('next');
  byId('next').focus();
  byId('panel').remove();
  await settled();
  expect(focused()).toBe('first');
});

it('goes nowhere where the whole view goes, or something else has taken it, or nothing had it', async () => {
  byId('begin').focus();
  byId('begin').remove();
  byId('outside').focus();
  await settled();
  expect(focused()).toBe('outside');
  byId('next').focus();
  byId('next').blur();
  await settled();
  byId('panel').remove();
  await settled();
  expect(focused()).toBe('');
  byId('first').focus();
  byId('view').remove();
  await settled();
  expect(focused()).toBe('');
});

it('is left alone once the part is shown no longer', async () => {
  byId('begin').focus();
  stop();
  byId('begin').remove();
  await settled();
  expect(focused()).toBe('');
});
