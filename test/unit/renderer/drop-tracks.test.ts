/** @file Dropping tracks on an element. */
import { expect, it } from 'vitest';
import { tracksMime } from '../../../src-renderer/lib/drag.ts';
import { takesTracks } from '../../../src-renderer/view/library/drop-tracks.ts';

/** An element that takes tracks, what is heard of it, and a way to drag something over it that has such a type and text. */
function place(): { heard: unknown[]; drag: (type: string, mime: string, text?: string) => boolean; detach: () => void } {
  const element = new EventTarget();
  const heard: unknown[] = [];
  const detach = takesTracks({ take: (ids) => heard.push([...ids]), onover: (isOver) => heard.push(isOver) })(element);
  const drag = (type: string, mime: string, text = ''): boolean => {
    const dataTransfer = { types: [mime], getData: (asked: string) => (asked === mime ? text : '') };
    return !element.dispatchEvent(Object.assign(new Event(type, { cancelable: true }), { dataTransfer }));
  };
  return { heard, drag, detach };
}

it('lets tracks be dropped, and says while they are over it', () => {
  const { heard, drag } = place();
  expect(drag('dragover', tracksMime)).toBe(true);
  drag('dragleave', tracksMime);
  drag('dragover', tracksMime);
  expect(drag('drop', tracksMime, '[3, 9]')).toBe(true);
  expect(heard).toEqual([true, false, true, false, [3, 9]]);
});

it('leaves everything else to others', () => {
  const { heard, drag } = place();
  expect(drag('dragover', 'text/plain')).toBe(false);
  expect(drag('drop', 'text/plain', '[3]')).toBe(false);
  expect(drag('drop', tracksMime, '[]')).toBe(false);
  expect(heard).toEqual([false, false]);
});

it('takes nothing more once it is detached', () => {
  const { heard, drag, detach } = place();
  detach();
  expect(drag('drop', tracksMime, '[3]')).toBe(false);
  expect(heard).toEqual([]);
});
