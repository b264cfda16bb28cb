/** @file The passage that is heard is the passage that was asked for, in a real browser: each second of these files has a pitch of its own. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { audioPath, copyPath } from '../../src-main/contract/index.ts';
import type { MediaKind } from '../../src-main/contract/index.ts';
import { startServe } from '../../src-main/host/serve/server.ts';
import type { Serve } from '../../src-main/host/serve/server.ts';
import { sourceEntries } from '../../src-main/host/core.ts';
import { createServices } from '../../src-main/service/index.ts';
import type { Services } from '../../src-main/service/index.ts';
import type { Decks as DecksClass } from '../../src-renderer/player/decks.ts';
import { launchBrowser, openPage } from '../support/browser.ts';
import { makeAudio } from '../support/make-audio.ts';
import type { AudioSpec } from '../support/make-audio.ts';

const hertzAt = (second: number): number => 300 + 50 * second;
/** A sound whose pitch tells the second, from `start` on. */
const clock =
  (start: number): AudioSpec['sound'] =>
  (seconds) =>
    0.4 * Math.sin(2 * Math.PI * hertzAt(Math.floor(start + seconds)) * seconds);

const host = {
  kind: 'serve' as const,
  version: '0',
  chooseFolder: async () => null,
  chooseWeights: async () => null,
  reveal: async () => undefined,
};
const asked = [10.1, 20.1, 35.1, 50.1];
let root: string;
let services: Services;
let serve: Serve;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'earmark-time-line-'));
  const [music, pages] = [join(root, 'music'), join(root, 'pages')];
  mkdirSync(music);
  mkdirSync(pages);
  makeFiles(music);
  writeFileSync(join(pages, 'index.html'), '<!doctype html><title>Time lines</title><script type="module" src="/decks.js"></script>');
  const decks = readFileSync(new URL('../../src-renderer/player/decks.ts', import.meta.url), 'utf8');
  writeFileSync(join(pages, 'decks.js'), `${stripTypeScriptTypes(decks)}\nglobalThis.Decks = Decks;\n`);
  services = createServices({ dataDirectory: join(root, 'data'), host, entries: sourceEntries, report: (error) => console.error(error) });
  await (
    await services.library.addFolder(music)
  ).settled;
  serve = await startServe({
    core: { router: { report: (error: unknown) => console.error(error) } as never, media: services.media },
    pagesDirectory: pages,
    port: 0,
  });
  browser = await launchBrowser(['--autoplay-policy=no-user-gesture-required']);
  page = await openPage(browser);
  await page.goto(`http://127.0.0.1:${serve.port}/`);
});

afterAll(async () => {
  await browser.close();
  await serve.close();
  await services.close();
  rmSync(root, { recursive: true, force: true });
});

/** The sound of an MP3 file without what stands before it: an ID3v2 tag, and a frame that tells the length. */
function bareFrames(path: string): Buffer {
  const bytes = readFileSync(path);
  const sizes = [6, 7, 8, 9].map((at) => bytes[at] ?? 0);
  const tagBytes = bytes.toString('latin1', 0, 3) === 'ID3' ? 10 + sizes.reduce((sum, size) => sum * 128 + size, 0) : 0;
  const second = bytes.indexOf(bytes.subarray(tagBytes, tagBytes + 2), tagBytes + 100);
  return bytes.subarray(second);
}

function makeFiles(music: string): void {
  const make = (name: string, spec: Omit<AudioSpec, 'channels'>): string => {
    const path = join(root, name);
    makeAudio(path, { channels: 1, sampleRate: 22_050, ...spec });
    return path;
  };
  const [slow, fast] = [
    make('slow.mp3', { kind: 'mp3', seconds: 18, bitRate: 32_000, sound: clock(0) }),
    make('fast.mp3', { kind: 'mp3', seconds: 37, bitRate: 128_000, sound: clock(18) }),
  ];
  writeFileSync(join(music, 'variable rate without header.mp3'), Buffer.concat([bareFrames(slow), bareFrames(fast)]));
  const links = [
    make('one.ogg', { kind: 'ogg', seconds: 14, bitRate: 48_000, sound: clock(0) }),
    make('other.ogg', { kind: 'ogg', seconds: 40, bitRate: 48_000, sound: clock(14) }),
  ];
  writeFileSync(join(music, 'chained.ogg'), Buffer.concat(links.map((path) => readFileSync(path))));
  makeAudio(join(music, 'raw.aac'), { kind: 'adts', seconds: 54, channels: 1, sampleRate: 22_050, bitRate: 64_000, sound: clock(0) });
  makeAudio(join(music, 'plain.flac'), { kind: 'flac', seconds: 54, channels: 1, sampleRate: 22_050, sound: clock(0) });
}

function idOf(name: string): number {
  const track = services.store.tracks.findByPath(join(root, 'music', name));
  if (track === null) throw new Error(`${name} was scanned`);
  return track.id;
}

const addressOf = (name: string, form: MediaKind): string => {
  const path = form === 'copy' ? copyPath(idOf(name)) : audioPath(idOf(name));
  return `${path}?token=${new URLSearchParams(new URL(serve.link).hash.slice(1)).get('token') ?? ''}`;
};

type Heard = { hertz: number[]; forms: string[]; durationMs: number };

/**
 * Plays a file from some times on with the player's decks, and measures the pitch that the element gives.
 * @param lengthMs how long the library has it
 */
function listen(file: string, copy: string, lengthMs: number): Promise<Heard> {
  return page.evaluate(
    async ({ file, copy, lengthMs, asked }) => {
      const { Decks } = globalThis as unknown as { Decks: typeof DecksClass };
      const context = new AudioContext();
      const forms: string[] = [];
      let [hear, positionMs, durationMs] = [(): void => undefined, 0, 0];
      const decks = new Decks({
        urlOf: (_, form) => {
          forms.push(form);
          return form === 'copy' ? copy : file;
        },
        lengthOf: async () => lengthMs,
        turned: () => undefined,
        listener: {
          heardPosition: (ms) => {
            positionMs = ms;
            hear();
          },
          heardPlaying: () => undefined,
          heardDuration: (ms) => (durationMs = ms),
          heardEnd: () => undefined,
          heardError: (sentence) => console.error(sentence),
        },
      });
      const analyser = context.createAnalyser();
      analyser.fftSize = 16_384;
      context.createMediaElementSource(decks.media).connect(analyser).connect(context.destination);
      const hertz: number[] = [];
      for (const second of asked) {
        decks.start(1, second * 1000);
        // The analyser has heard nothing else when it has heard half a second of this.
        await new Promise<void>((resolve) => {
          hear = () => {
            if (positionMs > second * 1000 + 600 && positionMs < second * 1000 + 900) resolve();
          };
        });
        const levels = new Float32Array(analyser.frequencyBinCount);
        analyser.getFloatFrequencyData(levels);
        hertz.push((levels.indexOf(Math.max(...levels)) * context.sampleRate) / analyser.fftSize);
        decks.pause();
      }
      decks.close();
      await context.close();
      return { hertz, forms, durationMs };
    },
    { file, copy, lengthMs, asked },
  );
}

describe('a passage in a browser', () => {
  const files = ['variable rate without header.mp3', 'chained.ogg', 'raw.aac', 'plain.flac'];

  it.each(files)('is heard at its own second: %s', async (name) => {
    const length = services.store.tracks.get(idOf(name) as never, null).durationMs;
    const { hertz, durationMs } = await listen(addressOf(name, 'audio'), addressOf(name, 'copy'), length);
    expect(hertz.map((pitch) => Math.round((pitch - 300) / 50))).toEqual([10, 20, 35, 50]);
    expect(Math.abs(durationMs - length)).toBeLessThan(200);
  });

  it('comes from the copy where the element takes the file for longer or shorter than it is', async () => {
    const [name, other] = ['plain.flac', 'raw.aac'];
    const { forms, hertz } = await listen(addressOf(name, 'audio'), addressOf(other, 'copy'), 60_000);
    expect(forms).toEqual(['file', 'copy']);
    expect(hertz.map((pitch) => Math.round((pitch - 300) / 50))).toEqual([10, 20, 35, 50]);
  });

  it('comes from the copy where the element cannot play the file', async () => {
    const { forms, hertz } = await listen('/index.html', addressOf('plain.flac', 'copy'), 54_000);
    expect(forms).toEqual(['file', 'copy']);
    expect(hertz.map((pitch) => Math.round((pitch - 300) / 50))).toEqual([10, 20, 35, 50]);
  });
});
