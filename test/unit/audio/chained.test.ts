import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { probeAudio, transcodeToFlac } from '../../../src-main/audio/index.ts';
import { decodeAll, largestDifference, makeFolder } from '../../support/decode-all.ts';
import { amplitudeAt, makeAudio, tone } from '../../support/make-audio.ts';
import type { AudioSpec } from '../../support/make-audio.ts';

const folder = makeFolder();
afterAll(folder.remove);
const sampleRate = 16_000;

type Link = { hertz: number } & Pick<AudioSpec, 'kind' | 'seconds'> & Partial<AudioSpec>;

/** Writes streams one after the other, as `cat` does. */
function chain(name: string, links: readonly Link[]): string {
  const path = folder.path(name);
  const files = links.map(({ hertz, ...spec }, i) => {
    const one = folder.path(`link ${i} of ${name}`);
    makeAudio(one, { sound: tone(hertz, 0.4), ...spec });
    return readFileSync(one);
  });
  writeFileSync(path, Buffer.concat(files));
  return path;
}

const ogg = { kind: 'ogg', seconds: 2 } as const;
const opus = { kind: 'opus', seconds: 2 } as const;
const chains: [string, Link[]][] = [
  [
    'Vorbis',
    [
      { ...ogg, hertz: 440 },
      { ...ogg, hertz: 880, seconds: 3.2 },
      { ...ogg, hertz: 440 },
    ],
  ],
  [
    'Opus',
    [
      { ...opus, hertz: 440 },
      { ...opus, hertz: 880, seconds: 4 },
    ],
  ],
  [
    'Vorbis of two rates',
    [
      { ...ogg, hertz: 440 },
      { ...ogg, hertz: 880, sampleRate: 22_050, bitRate: 64_000 },
    ],
  ],
  [
    'Vorbis of two shapes',
    [
      { ...ogg, hertz: 440, channels: 2 },
      { ...ogg, hertz: 880, channels: 1, bitRate: 96_000 },
    ],
  ],
  [
    'Vorbis, then Opus',
    [
      { ...ogg, hertz: 440 },
      { ...opus, hertz: 880 },
    ],
  ],
];

describe('a chained Ogg file', () => {
  it.each(chains)('of %s is decoded whole, every link at its time', (name, links) => {
    const path = chain(`${name}.ogg`, links);
    const total = links.reduce((sum, { seconds }) => sum + seconds, 0);
    expect(Math.abs(probeAudio(path).durationMs - 1000 * total)).toBeLessThanOrEqual(2);
    expect(probeAudio(path).seeksExactly).toBe(false);
    const { samples, summary } = decodeAll(path, { sampleRate });
    expect(Math.abs(samples.length - total * sampleRate)).toBeLessThanOrEqual(4);
    expect(summary.truncated).toBe(false);
    let start = 0;
    for (const { seconds, hertz } of links) {
      const middle = samples.slice((start + 0.5) * sampleRate, (start + seconds - 0.5) * sampleRate);
      expect(amplitudeAt(middle, sampleRate, hertz)).toBeGreaterThan(0.35);
      expect(amplitudeAt(middle, sampleRate, hertz === 440 ? 880 : 440)).toBeLessThan(0.01);
      start += seconds;
    }
  });

  it.each(chains)('of %s gives cuts that are the very samples of the whole, at any place', (name, links) => {
    const path = chain(`${name} cut.ogg`, links);
    const whole = decodeAll(path, { sampleRate, inParts: true }).samples;
    for (let startMs = 250; startMs < 3900; startMs += 690) {
      const cut = decodeAll(path, { sampleRate, startMs, endMs: startMs + 800 }).samples;
      const first = (startMs * sampleRate) / 1000;
      expect(largestDifference(cut, whole.slice(first, first + 12_800))).toBe(0);
    }
  });

  it('is known by the sound of all links, and its copy for players holds all of them', () => {
    const [one, other] = [880, 660].map((hertz) =>
      chain(`${hertz}.ogg`, [
        { ...ogg, hertz: 440 },
        { ...ogg, hertz, channels: 1, bitRate: 96_000 },
      ]),
    );
    expect(probeAudio(one as string).audioHash).not.toBe(probeAudio(other as string).audioHash);
    const copy = folder.path('copy.flac');
    transcodeToFlac(one as string, copy);
    const [direct, copied] = [one as string, copy].map((path) => decodeAll(path, { sampleRate }).samples);
    expect(copied?.length).toBe(direct?.length);
    expect(amplitudeAt((copied as Float32Array).slice(2.5 * sampleRate, 3.5 * sampleRate), sampleRate, 880)).toBeGreaterThan(0.35);
  });

  it('that ends before its last page, or in something else, says so', () => {
    const path = chain('cut off.ogg', [
      { ...ogg, hertz: 440 },
      { ...ogg, hertz: 880 },
    ]);
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.subarray(0, bytes.length - 9000));
    expect(decodeAll(path, { sampleRate }).summary).toMatchObject({ truncated: true });
    writeFileSync(path, Buffer.concat([bytes, Buffer.alloc(300_000, 7)]));
    const { truncated, reason, samples } = decodeAll(path, { sampleRate }).summary;
    expect({ truncated, reason }).toEqual({ truncated: true, reason: 'The last 300 kB of the file are not part of its sound.' });
    expect(samples).toBe(4 * sampleRate);
  });

  it('with a later link that is damaged keeps the others in their places, and says so', () => {
    const path = chain('damaged.ogg', [
      { ...ogg, hertz: 440 },
      { ...ogg, hertz: 880 },
    ]);
    const bytes = readFileSync(path);
    const broken = Buffer.from(bytes);
    const mark = broken.indexOf('\x01vorbis', broken.indexOf('\x01vorbis', 0, 'latin1') + 10, 'latin1');
    expect(mark).toBeGreaterThan(0);
    broken.fill(0, mark, mark + 30);
    writeFileSync(path, broken);
    const { summary } = decodeAll(path, { sampleRate });
    expect(summary).toMatchObject({ truncated: true, samples: 2 * sampleRate });
    expect(summary.reason).toContain('2.0 s');
  });
});
