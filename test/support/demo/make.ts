/**
 * @file Makes the demo library: `node test/support/demo/make.ts [part of a path]` composes every track, has fluidsynth play it with FluidR3 GM, brings it to
 * its loudness, and writes `resources/demo` with ffmpeg. Both programs and the sound font (`EARMARK_SOUND_FONT`, else Debian's place) are needed here
 * alone.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { top } from '../files.ts';
import { allTracks } from './catalogue.ts';
import type { PlacedTrack } from './catalogue.ts';

const soundFont = process.env['EARMARK_SOUND_FONT'] ?? '/usr/share/sounds/sf2/FluidR3_GM.sf2';
const folder = join(top, 'resources/demo');

/** Seconds that are left of the sound's own end, over the last of which it fades. */
const tailSeconds = 1.6;
const fadeSeconds = 1.8;
/** A limiter's ceilings in dB, tried in turn: encoding raises peaks, by more where they are short. */
const ceilingsDb = [-1.5, -2.5, -3.5];
/** What is allowed of the finished file's true peak, in dB below full scale. */
const highestPeakDb = -1;
/** What its loudness may differ by, in LU. */
const loudnessTolerance = 0.5;

/** What EBU R128 says of a file: loudness in LUFS, true peak in dB below full scale. */
export type Loudness = { integrated: number; peak: number };

/** Measures a file. */
export function measure(path: string, filters = ''): Loudness {
  const { stderr } = spawnSync(
    'ffmpeg',
    ['-hide_banner', '-nostats', '-i', path, '-af', `${filters}ebur128=peak=true`, '-f', 'null', '-'],
    {
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    },
  );
  const summary = stderr.slice(stderr.lastIndexOf('Summary:'));
  const numberAfter = (name: string): number => Number(new RegExp(`${name}:\\s+(-?[\\d.]+|-inf)`).exec(summary)?.[1] ?? Number.NaN);
  return { integrated: numberAfter('I'), peak: numberAfter('Peak') };
}

function play(track: PlacedTrack, directory: string): { wave: string; shape: string } {
  const score = track.compose(track.seed);
  const [midi, wave] = [join(directory, 'piece.mid'), join(directory, 'piece.wav')];
  writeFileSync(midi, score.toMidi(track.title));
  const room = { 'reverb.room-size': 0.55, 'reverb.damp': 0.3, 'reverb.level': 0.7, 'reverb.width': 0.9, 'chorus.level': 1.2 };
  const settings = Object.entries(room).flatMap(([name, value]) => ['-o', `synth.${name}=${value}`]);
  const format = ['-g', '0.35', '-r', '48000', '-T', 'wav', '-O', 'float'];
  execFileSync('fluidsynth', ['-niq', ...format, ...settings, '-F', wave, soundFont, midi], { stdio: 'pipe' });
  // What rings on after the last bar is left to ring for a moment, and faded.
  const whole = score.seconds + tailSeconds;
  const start = 'silenceremove=start_periods=1:start_threshold=-62dB';
  return { wave, shape: `${start},atrim=end=${whole},afade=t=out:st=${whole - fadeSeconds}:d=${fadeSeconds}:curve=qsin,` };
}

function make(track: PlacedTrack, directory: string): void {
  const { wave, shape } = play(track, directory);
  const target = join(folder, track.path);
  mkdirSync(dirname(target), { recursive: true });
  for (const ceilingDb of ceilingsDb) {
    const limiter = `alimiter=limit=${10 ** (ceilingDb / 20)}:attack=3:release=80:level=disabled,`;
    let gainDb = track.album.loudness - measure(wave, shape).integrated;
    // Limiting takes some loudness away; the second measurement gives it back.
    gainDb += track.album.loudness - measure(wave, `${shape}volume=${gainDb}dB,${limiter}`).integrated;
    const { artist, title: album, genre, year, tracks } = track.album;
    const tags = {
      title: track.title,
      artist,
      album,
      album_artist: artist,
      genre,
      date: String(year),
      track: `${track.number}/${tracks.length}`,
    };
    const encode = ['-hide_banner', '-loglevel', 'error', '-y', '-i', wave, '-af', `${shape}volume=${gainDb}dB,${limiter}aresample=48000`];
    encode.push('-map_metadata', '-1', ...Object.entries(tags).flatMap(([key, value]) => ['-metadata', `${key}=${value}`]));
    encode.push(
      '-c:a',
      'libopus',
      '-b:a',
      '54k',
      '-vbr',
      'on',
      '-compression_level',
      '10',
      '-fflags',
      '+bitexact',
      '-flags:a',
      '+bitexact',
      target,
    );
    execFileSync('ffmpeg', encode, { stdio: 'pipe' });
    if (measure(target).peak <= highestPeakDb) return;
  }
}

/** A finished file's figures, and what is wrong with it. */
function describe(track: PlacedTrack): string {
  const target = join(folder, track.path);
  const { integrated, peak } = measure(target);
  const faults = [
    ...(Math.abs(integrated - track.album.loudness) > loudnessTolerance ? ['its loudness is off'] : []),
    ...(peak > highestPeakDb ? ['it may clip'] : []),
  ];
  if (faults.length > 0) process.exitCode = 1;
  const figures = `${integrated.toFixed(1)} LUFS  ${peak.toFixed(1)} dB  ${(statSync(target).size / 1024).toFixed(0)} KB`;
  return `${figures}  ${track.path}  ${faults.join(', ')}`.trimEnd();
}

const wanted = process.argv[2] ?? '';
const directory = mkdtempSync(join(tmpdir(), 'earmark-demo-'));
for (const track of allTracks().filter(({ path }) => path.includes(wanted))) {
  make(track, directory);
  process.stdout.write(`${describe(track)}\n`);
}
rmSync(directory, { recursive: true });
