/** @file Opening a view: its table takes the keyboard, unless the person is elsewhere by then; and what devices are called. */
import { describe, expect, it } from 'vitest';
import type { Device } from '../../../src-main/contract/index.ts';
import type { Api } from '../../../src-renderer/client/index.ts';
import { longDeviceName, shortDeviceName } from '../../../src-renderer/lib/devices.ts';
import { FocusWish } from '../../../src-renderer/state/focus-wish.svelte.ts';
import { HostState } from '../../../src-renderer/state/host.svelte.ts';
import { RouteState } from '../../../src-renderer/state/route.svelte.ts';

describe('a view that is opened', () => {
  const link = { isConnected: true };

  it('gives its table the keyboard from where it was, or from nowhere', () => {
    const wish = new FocusWish();
    wish.open(link);
    expect(wish.isOpen).toBe(true);
    expect(wish.settle(link)).toBe(true);
    wish.open(null);
    expect(wish.settle(null)).toBe(true);
    wish.open(link);
    expect(wish.settle(null)).toBe(true);
  });

  it('gives it from what has gone meanwhile', () => {
    const wish = new FocusWish();
    wish.open(null);
    expect(wish.settle({ isConnected: false })).toBe(true);
  });

  it('leaves the keyboard where the person has taken it', () => {
    const wish = new FocusWish();
    wish.open(link);
    expect(wish.settle({ isConnected: true })).toBe(false);
    expect(wish.isOpen).toBe(false);
  });

  it('asks once', () => {
    const wish = new FocusWish();
    expect(wish.settle(null)).toBe(false);
    wish.open(link);
    wish.settle(link);
    expect(wish.settle(link)).toBe(false);
  });

  it('asks whenever it is gone to, also when it is shown already', () => {
    const route = new RouteState();
    route.go('library');
    expect(route.focus.isOpen).toBe(true);
    route.focus.settle(null);
    route.go('library');
    expect(route.focus.isOpen).toBe(true);
  });

  it('asks when the address changes to another view, and not when it stays', () => {
    const page = Object.assign(new EventTarget(), { location: { hash: '' } });
    const route = new RouteState();
    route.follow(page as unknown as Window);
    expect(route.focus.settle(null)).toBe(true);
    page.dispatchEvent(new Event('hashchange'));
    expect(route.focus.isOpen).toBe(false);
    page.location.hash = '#/listen';
    page.dispatchEvent(new Event('hashchange'));
    expect(route.view).toBe('listen');
    expect(route.focus.isOpen).toBe(true);
  });
});

describe('devices', () => {
  const device = (id: string, available: boolean, isAutomatic = false): Device => {
    return { id, name: id.toUpperCase(), available, reason: '', isAutomatic };
  };

  async function hostWith(devices: Device[]): Promise<HostState> {
    const host = new HostState({ devices: { list: () => Promise.resolve(devices) } } as unknown as Api);
    await host.loadDevices();
    return host;
  }

  it('have a short name, and a long one without signs of trade marks', () => {
    const processor = { id: 'cpu', name: 'Intel(R) Xeon(R) Processor  @ 2.20GHz' };
    expect(shortDeviceName(processor)).toBe('CPU');
    expect(longDeviceName(processor)).toBe('CPU · Intel Xeon Processor @ 2.20GHz');
    expect(shortDeviceName({ id: 'webgpu', name: 'GPU (WebGPU)' })).toBe('GPU · WebGPU');
    expect(longDeviceName({ id: 'webgpu', name: 'GPU (WebGPU)' })).toBe('GPU (WebGPU)');
    expect(shortDeviceName({ id: 'new-one', name: 'Something new' })).toBe('Something new');
  });

  it('are chosen by name, or automatically as the core says', async () => {
    const host = await hostWith([device('cuda', false), device('webgpu', true), device('cpu', true, true)]);
    expect(host.deviceOf('cuda')?.id).toBe('cuda');
    expect(host.deviceOf('auto')?.id).toBe('cpu');
    expect((await hostWith([])).deviceOf('auto')).toBeUndefined();
  });
});
