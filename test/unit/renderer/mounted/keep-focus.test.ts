// @vitest-environment happy-dom
/** @file The keyboard when what has it is taken away or moved. */
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
/** What goes on when this element, or another, is taken away. */
async function goesFrom(id: string, taken: string = id): Promise<string> {
  byId(id).focus();
  byId(taken).remove();
  await settled();
  return focused();
}

beforeEach(() => {
  document.body.innerHTML = `
    <button id="outside">Outside</button>
    <main>
      <div id="view">
        <button id="first">First</button>
        <section id="panel"><p id="row"><button id="begin">Begin</button></p><div><input id="hidden" tabindex="-1" /><button id="off" disabled>Off</button><button id="next">Next</button></div></section>
        <ul id="list"><li id="a"><button id="a1">A</button><button id="a2">A</button></li><li id="b"><button id="b1">B</button><button id="b2">B</button></li><li id="c"><button id="c1" tabindex="-1">C</button></li></ul>
        <div id="table" tabindex="0"><p id="cell"><button id="in" tabindex="-1">In</button></p></div>
      </div>
    </main>`;
  main = document.querySelector('main') ?? expect.fail();
  stop = keepFocus(main) as () => void;
});
afterEach(() => stop());

it('goes to the control nearest to it, of the smallest part that has one', async () => {
  expect(await goesFrom('begin')).toBe('next');
  expect(await goesFrom('next', 'panel')).toBe('a1');
  byId('list').remove();
  byId('table').remove();
  byId('view').append(document.createElement('p'));
  byId('view').insertAdjacentHTML('beforeend', '<button id="last">Last</button>');
  expect(await goesFrom('last')).toBe('first');
});

it('goes to what stands in its place, and not to what stands above', async () => {
  byId('next').focus();
  byId('next').insertAdjacentHTML('beforebegin', '<button id="above">Above</button>');
  byId('next').insertAdjacentHTML('afterend', '<button id="instead">Instead</button>');
  byId('next').remove();
  await settled();
  expect(focused()).toBe('instead');
});

it('goes to the next row of a list, and from the last one to the one before it', async () => {
  expect(await goesFrom('a2', 'a')).toBe('b1');
  expect(await goesFrom('b2', 'b')).toBe('c1');
  byId('list').insertAdjacentHTML('afterbegin', '<li><button id="d1">D</button></li>');
  await settled();
  expect(await goesFrom('c1', 'c')).toBe('d1');
});

it('knows the place also where what stood before it goes with it', async () => {
  byId('b1').focus();
  byId('b').remove();
  byId('a').remove();
  await settled();
  expect(focused()).toBe('c1');
});

it('goes to the table around it', async () => {
  expect(await goesFrom('in')).toBe('table');
});

it('stays with what is moved', async () => {
  byId('a2').focus();
  byId('list').append(byId('a'));
  await settled();
  expect(focused()).toBe('a2');
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
  expect(await goesFrom('first', 'view')).toBe('');
});

it('is left alone once the part is shown no longer', async () => {
  stop();
  expect(await goesFrom('begin')).toBe('');
});
