import { describe, expect, it } from 'vitest';
import { defaultDataDirectory, defaultSettings } from '../../../src-main/store/index.ts';
import { smallEncoder, temporaryDirectory, temporaryStore, trackFile } from '../../support/store-data.ts';

const progress = { done: 0, total: null, unit: 'files', audioSeconds: 0, rate: 0, secondsLeft: null, detail: '', failed: 0 };

describe('jobs', () => {
  it('that ran when the process ended are interrupted afterwards, paused ones stay paused, and all keep what they were asked to do', () => {
    const directory = temporaryDirectory();
    const first = temporaryStore(directory);
    const running = first.jobs.insert({ kind: 'index', title: 'Index', state: 'running', params: { encoderId: 1 }, progress });
    const paused = first.jobs.insert({ kind: 'scan', title: 'Scan', state: 'paused', params: null, progress });
    const done = first.jobs.insert({ kind: 'scan', title: 'Scan', state: 'queued', params: null, progress });
    first.jobs.update(running.id, { progress: { ...progress, done: 7 } });
    first.jobs.update(done.id, { state: 'done', endedAt: 5, message: '3 files.' });
    first.close();
    const { jobs } = temporaryStore(directory);
    expect(jobs.list().map(({ id, state }) => [id, state])).toEqual([
      [done.id, 'done'],
      [paused.id, 'paused'],
      [running.id, 'interrupted'],
    ]);
    expect(jobs.get(running.id)).toMatchObject({
      params: { encoderId: 1 },
      progress: { done: 7 },
      message: expect.stringMatching(/Resume/) as string,
    });
    expect(jobs.get(running.id).endedAt).toBeGreaterThan(0);
  });

  it('leave the list when they were seen, unless they have not ended', () => {
    const { jobs } = temporaryStore();
    const job = jobs.insert({ kind: 'scan', title: 'Scan', state: 'running', params: null, progress });
    expect(() => jobs.dismiss(job.id)).toThrow(/has not ended/);
    jobs.update(job.id, { state: 'failed', endedAt: 1 });
    jobs.dismiss(job.id);
    expect(jobs.list()).toEqual([]);
    expect(jobs.list({ all: true })).toMatchObject([{ id: job.id, seen: true }]);
    expect(() => jobs.get(99 as never)).toThrow(/no job with the number 99/);
  });
});

describe('settings', () => {
  it('are the defaults until changed, field by field', () => {
    const directory = temporaryDirectory();
    const first = temporaryStore(directory);
    expect(first.settings.get()).toEqual(defaultSettings);
    expect(first.settings.set({ theme: 'dark', device: undefined })).toEqual({ ...defaultSettings, theme: 'dark' });
    first.settings.setView('listen', { features: [51, 61] });
    first.close();
    const second = temporaryStore(directory);
    expect(second.settings.get().theme).toBe('dark');
    expect(second.settings.getView('listen')).toEqual({ features: [51, 61] });
    expect(second.settings.getView('library')).toBeNull();
  });

  it('that another version wrote and this one does not know count as the defaults', () => {
    const { settings } = temporaryStore();
    settings.set({ theme: 'sepia', colour: 'red' } as never);
    expect(settings.get()).toEqual(defaultSettings);
  });
});

describe('encoders', () => {
  it('are listed until removed, come back, and can be found by their weights', () => {
    const { encoders } = temporaryStore();
    const one = encoders.add(smallEncoder(4));
    expect(one).toMatchObject({ dimensions: 4, settings: { channels: 4 }, index: null, removedAt: null });
    expect(encoders.rename(one.id, 'Better').name).toBe('Better');
    encoders.remove(one.id);
    expect([encoders.list(), encoders.list({ includeRemoved: true }).length]).toEqual([[], 1]);
    expect(encoders.withWeights('ab')[0]?.id).toBe(one.id);
    const two = encoders.add(smallEncoder(4));
    expect(encoders.withWeights('ab')[0]?.id).toBe(two.id);
    encoders.restore(one.id);
    expect(encoders.list().map(({ id }) => id)).toEqual([one.id, two.id]);
    expect(encoders.withWeights('none')).toEqual([]);
    expect(() => encoders.rename(99 as never, 'x')).toThrow(/no encoder with the number 99/);
  });

  it('keep notes on their features when their index is made anew', () => {
    const store = temporaryStore();
    const { id } = store.encoders.add(smallEncoder(4));
    store.notes.set(id, 3, 'loud guitars');
    store.notes.set(id, 1, 'hiss');
    store.index.ensure(id, 100);
    store.index.ensure(id, 200);
    store.notes.set(id, 3, 'loud, distorted guitars');
    expect(store.notes.list(id)).toEqual([
      { feature: 1, text: 'hiss' },
      { feature: 3, text: 'loud, distorted guitars' },
    ]);
    store.notes.set(id, 1, '  ');
    expect(store.notes.list(id)).toHaveLength(1);
  });
});

describe('waveforms and problems', () => {
  it('give parts of a waveform without reading it whole', () => {
    const store = temporaryStore();
    const { id } = store.tracks.upsert(trackFile(store, 'a'));
    expect([store.peaks.get(id), store.peaks.rate(id), store.peaks.slice(id, 0, 5).length]).toEqual([null, null, 0]);
    store.peaks.set(
      id,
      20,
      Uint8Array.from({ length: 100 }, (_, i) => i),
    );
    store.peaks.set(
      id,
      10,
      Uint8Array.from({ length: 100 }, (_, i) => 2 * i),
    );
    expect([...store.peaks.slice(id, 40, 3)]).toEqual([80, 82, 84]);
    expect([store.peaks.slice(id, 98, 10).length, store.peaks.slice(id, 200, 10).length, store.peaks.rate(id)]).toEqual([2, 0, 10]);
    expect(store.peaks.get(id)?.bins).toHaveLength(100);
  });

  it('list one problem a path and stage, and forget them', () => {
    const { problems, tracks } = temporaryStore();
    const problem = { path: '/music/a.mp3', code: 'NOT_AUDIO', message: 'It is a picture.', during: 'scan', trackId: null } as const;
    problems.set(problem, 1);
    problems.set({ ...problem, message: 'It is a text.' }, 2);
    problems.set({ ...problem, during: 'index' }, 3);
    expect(problems.list().map(({ during, message, at }) => [during, message, at])).toEqual([
      ['index', 'It is a picture.', 3],
      ['scan', 'It is a text.', 2],
    ]);
    expect(tracks.summary().problems).toBe(1);
    problems.clear('/music/a.mp3', 'scan');
    expect(problems.list()).toHaveLength(1);
    problems.clear('/music/a.mp3');
    expect(problems.list()).toEqual([]);
  });
});

describe('the data directory', () => {
  const place = (platform: string, environment: Record<string, string>): string =>
    defaultDataDirectory({ platform, environment, home: '/home/me' });

  it('is the platform’s usual place, or where EARMARK_DATA says', () => {
    expect(place('linux', {})).toBe('/home/me/.local/share/earmark');
    expect(place('linux', { XDG_DATA_HOME: '/data' })).toBe('/data/earmark');
    expect(place('linux', { XDG_DATA_HOME: 'relative' })).toBe('/home/me/.local/share/earmark');
    expect(place('darwin', {})).toBe('/home/me/Library/Application Support/Earmark');
    expect(place('win32', { APPDATA: '/roaming' })).toBe('/roaming/Earmark');
    expect(place('linux', { EARMARK_DATA: '/elsewhere', XDG_DATA_HOME: '/data' })).toBe('/elsewhere');
  });

  it('names the files in it', () => {
    const { paths } = temporaryStore();
    expect(paths.weights(3)).toBe(`${paths.root}/encoders/3.safetensors`);
    expect(paths.cached('flac', '1.flac')).toBe(`${paths.root}/cache/flac/1.flac`);
  });
});
