// @vitest-environment happy-dom
/** @file The player's bar with its real state and decks, on media elements without sound: what is clicked while something plays leaves it playing. */
import { createRawSnippet } from 'svelte';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { PlayableSegment } from '../../../../src-renderer/lib/playable.ts';
import PlayerBar from '../../../../src-renderer/player/PlayerBar.svelte';
import { PlayerState } from '../../../../src-renderer/state/player.svelte.ts';
import { act, show } from '../../../support/mount.svelte.ts';
import type { Mounted } from '../../../support/mount.svelte.ts';
import { waitFor } from '../../../support/wait-for.ts';

const SilentAudio = globalThis.Audio;
const nothing = createRawSnippet(() => ({ render: () => '<span></span>' }));
const row = (segment: number): PlayableSegment => ({
  trackId: 7,
  title: 'Knolls',
  artist: 'Someone',
  segment,
  startMs: segment * 2000,
  durationMs: 2000,
});

let player: PlayerState;
let bar: Mounted<Record<string, unknown>>;
let media: HTMLAudioElement[];

beforeEach(() => {
  media = [];
  vi.stubGlobal(
    'Audio',
    class extends SilentAudio {
      constructor() {
        super();
        media.push(this);
      }
    },
  );
  player = new PlayerState();
  bar = show(PlayerBar as never, {
    player,
    urlOf: (trackId: number, form: string) => `http://localhost/${form}/${trackId}`,
    lengthOf: async () => 60_000,
    shape: null,
    profile: null,
    note: '',
    marked: null,
    onmark: () => undefined,
    passageTools: nothing,
    tools: nothing,
  });
});

const playing = (): HTMLAudioElement | undefined => media.find((one) => !one.paused);

/** The sound has come to a time. */
function hear(positionMs: number): void {
  const element = playing();
  if (element === undefined) throw new Error('Nothing plays.');
  element.currentTime = positionMs / 1000;
  act(() => element.dispatchEvent(new Event('timeupdate')));
}

const changes: [string, () => void][] = [
  ['the volume is changed', () => slide('0.4')],
  ['the sound is muted', () => bar.control('Mute').click()],
  ['repeating is switched on and off', () => [1, 2].forEach(() => bar.control('Repeat the segment or track').click())],
  ['going on is switched on and off', () => [1, 2].forEach(() => bar.control('Play on into the track after a segment').click())],
];

function slide(value: string): void {
  const volume = bar.control('Volume') as HTMLInputElement;
  volume.value = value;
  volume.dispatchEvent(new Event('input', { bubbles: true }));
}

describe('the player bar', () => {
  it.each(changes)('still offers to pause after %s, and pauses', (_what, change) => {
    act(() => player.playTrack({ id: 7, title: 'Knolls', artist: 'Someone', durationMs: 60_000 }));
    act(change);
    expect(media.filter((one) => !one.paused)).toHaveLength(1);
    act(() => bar.control('Pause').click());
    expect(playing()).toBeUndefined();
    expect(bar.control('Play').isConnected).toBe(true);
  });

  it.each(changes)('ends a segment at its end after %s', (_what, change) => {
    act(() => player.playSegment(row(3)));
    act(change);
    hear(7995);
    expect(playing()).toBeUndefined();
    expect(bar.control('Play').isConnected).toBe(true);
  });

  it.each(changes)('goes on with the audition after %s', (_what, change) => {
    act(() => player.startAudition([row(3), row(8)]));
    act(change);
    hear(7995);
    expect(player.now?.segment?.number).toBe(8);
    expect(playing()?.currentTime).toBe(16);
    expect(bar.place.textContent).toContain('Audition 2 of 2');
  });

  it('begins the next segment of an audition unheard before its turn, so that it is there when its turn comes', () => {
    act(() => player.startAudition([row(3), row(8)]));
    const [first, next] = media as [HTMLAudioElement, HTMLAudioElement];
    act(() => slide('0.5'));
    hear(7700);
    expect([first.paused, next.paused, next.currentTime]).toEqual([false, true, 15.75]);
    hear(7800);
    expect([first.paused, next.paused, next.volume, first.volume]).toEqual([false, false, 0, 0.25]);
    act(() => slide('1'));
    expect([next.volume, first.volume]).toEqual([0, 1]);
    next.currentTime = 16.02;
    hear(7995);
    expect([first.paused, next.paused, next.volume, next.currentTime]).toEqual([true, false, 1, 16.02]);
    expect([player.isPlaying, player.now?.segment?.number]).toEqual([true, 8]);
  });

  it('begins the first segment of a track a little before its turn, though nothing is before it', () => {
    act(() => player.startAudition([row(3), row(0)]));
    const [, next] = media as [HTMLAudioElement, HTMLAudioElement];
    hear(7950);
    expect([next.paused, next.currentTime]).toEqual([true, 0]);
    hear(7965);
    expect([next.paused, next.volume]).toEqual([false, 0]);
  });

  it.each([
    ['is paused', () => bar.control('Pause').click()],
    ['goes to another place', () => player.seek(6500)],
    ['begins something else', () => player.playSegment(row(4))],
  ])('takes back what began unheard when a person %s', (_what, run) => {
    act(() => player.startAudition([row(3), row(8)]));
    const [, next] = media as [HTMLAudioElement, HTMLAudioElement];
    hear(7800);
    next.currentTime = 15.9;
    act(run);
    expect([next.paused, next.currentTime, next.volume]).toEqual([true, 15.75, 1]);
  });

  it('keeps one engine however often the loudness is changed', () => {
    act(() => player.playTrack({ id: 7, title: 'Knolls', artist: 'Someone', durationMs: 60_000 }));
    for (const value of ['0.2', '0.5', '0.9']) act(() => slide(value));
    expect(media).toHaveLength(2);
    expect(media.map((one) => Math.round(one.volume * 100))).toEqual([81, 81]);
  });

  it('goes on with the copy where the element cannot play the file, and says why not where it cannot play that either', () => {
    act(() => player.playTrack({ id: 7, title: 'Knolls', artist: 'Someone', durationMs: 60_000 }, 9000));
    const element = playing() as HTMLAudioElement;
    const fail = (): void => {
      Object.defineProperty(element, 'error', { value: { code: 4, message: '' }, configurable: true });
      act(() => element.dispatchEvent(new Event('error')));
    };
    fail();
    expect([element.src, element.currentTime, player.error]).toEqual(['http://localhost/copy/7', 9, null]);
    expect(playing()).toBe(element);
    fail();
    expect(player.error).toContain('its file is gone, or its format is none');
  });

  it('goes on with the copy where the element takes the track for longer than the library has it', async () => {
    act(() => player.playTrack({ id: 7, title: 'Knolls', artist: 'Someone', durationMs: 60_000 }, 9000));
    const element = playing() as HTMLAudioElement;
    Object.defineProperty(element, 'duration', { value: 60.4, configurable: true });
    element.dispatchEvent(new Event('loadedmetadata'));
    await Promise.resolve();
    expect(element.src).toBe('http://localhost/file/7');
    Object.defineProperty(element, 'duration', { value: 101.3, configurable: true });
    element.dispatchEvent(new Event('loadedmetadata'));
    await waitFor(() => expect(element.src).toBe('http://localhost/copy/7'));
    expect([element.currentTime, playing()]).toEqual([9, element]);
  });

  it('is silent when it goes', () => {
    act(() => player.playTrack({ id: 7, title: 'Knolls', artist: 'Someone', durationMs: 60_000 }));
    bar.remove();
    expect(playing()).toBeUndefined();
    expect(player.isPlaying).toBe(false);
  });
});
