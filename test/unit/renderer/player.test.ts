/** @file What plays when: bounds of segments, repeating, going on, the audition, next and previous. */
import { describe, expect, it } from 'vitest';
import { PlayerState } from '../../../src-renderer/state/player.svelte.ts';
import type { Playable, PlayerEngine } from '../../../src-renderer/lib/playable.ts';

/** Notes what it is told, and plays at once as a media element would. */
function fakeEngine(player: PlayerState): { engine: PlayerEngine; log: string[] } {
  const log: string[] = [];
  const engine: PlayerEngine = {
    start: (trackId, fromMs) => {
      log.push(`start ${trackId} at ${fromMs}`);
      player.heardDuration(60_000);
      player.heardPlaying(true);
    },
    prepare: (trackId, fromMs) => log.push(`prepare ${trackId} at ${fromMs}`),
    seek: (positionMs) => log.push(`seek ${positionMs}`),
    pause: () => {
      log.push('pause');
      player.heardPlaying(false);
    },
    resume: () => {
      log.push('resume');
      player.heardPlaying(true);
    },
    setVolume: (volume, isMuted) => log.push(`volume ${volume}${isMuted ? ' muted' : ''}`),
  };
  player.attach(engine);
  log.length = 0;
  return { engine, log };
}

const row = (
  trackId: number,
  segment: number,
): { trackId: number; title: string; artist: string; segment: number; startMs: number; durationMs: number } => ({
  trackId,
  title: `Track ${trackId}`,
  artist: 'Someone',
  segment,
  startMs: segment * 2000,
  durationMs: 2000,
});

function made(): { player: PlayerState; log: string[] } {
  const player = new PlayerState();
  return { player, log: fakeEngine(player).log };
}

describe('the player', () => {
  it('plays a segment from its start to its end and is then ready to play it again', () => {
    const { player, log } = made();
    player.playSegment(row(7, 3));
    player.heardPosition(7000);
    expect(player.isPlaying).toBe(true);
    player.heardPosition(7995);
    expect(log).toEqual(['start 7 at 6000', 'pause', 'seek 6000']);
    expect(player.isPlaying).toBe(false);
    expect(player.positionMs).toBe(6000);
    player.toggle();
    expect(log.at(-1)).toBe('resume');
  });

  it('repeats a segment while it is told to', () => {
    const { player, log } = made();
    player.toggleLoop();
    player.playSegment(row(7, 3));
    player.heardPosition(8000);
    expect(log).toEqual(['start 7 at 6000', 'start 7 at 6000']);
    expect(player.isPlaying).toBe(true);
  });

  it('goes on into the track when it is told to', () => {
    const { player, log } = made();
    player.toggleGoesOn();
    player.playSegment(row(7, 3));
    player.heardPosition(8000);
    expect(log).toEqual(['start 7 at 6000']);
    expect(player.now).toMatchObject({ trackId: 7, segment: null });
    expect(player.isPlaying).toBe(true);
  });

  it('pauses and resumes the segment that plays instead of starting it again', () => {
    const { player, log } = made();
    player.toggleSegment(row(7, 3));
    player.toggleSegment(row(7, 3));
    player.toggleSegment(row(7, 3));
    player.toggleSegment(row(7, 4));
    expect(log).toEqual(['start 7 at 6000', 'pause', 'resume', 'start 7 at 8000']);
  });

  it('leaves the segment when the person seeks outside of it, and keeps it inside', () => {
    const { player } = made();
    player.playSegment(row(7, 3));
    player.seek(7500);
    expect(player.now?.segment?.number).toBe(3);
    player.seek(20_000);
    expect(player.now?.segment).toBeNull();
    player.heardPosition(20_500);
    expect(player.isPlaying).toBe(true);
  });

  it('seeks neither before the beginning nor beyond the end', () => {
    const { player, log } = made();
    player.playTrack({ id: 1, title: 'A', artist: 'B', durationMs: 60_000 });
    player.seek(-5);
    player.seek(90_000);
    expect(log.slice(1)).toEqual(['seek 0', 'seek 60000']);
  });

  it('stands at the beginning after a track has ended', () => {
    const { player } = made();
    player.playTrack({ id: 1, title: 'A', artist: 'B', durationMs: 60_000 });
    player.heardPosition(59_999);
    player.heardEnd();
    expect(player.positionMs).toBe(0);
    expect(player.isPlaying).toBe(false);
  });

  it('says why a track cannot be played and tries again at the next press', () => {
    const { player, log } = made();
    player.playSegment(row(7, 3));
    player.heardError('This track cannot be played.');
    expect(player.error).toBe('This track cannot be played.');
    expect(player.isPlaying).toBe(false);
    player.toggle();
    expect(log).toEqual(['start 7 at 6000', 'start 7 at 6000']);
    expect(player.error).toBeNull();
  });

  it('gives a new engine the volume that was set', () => {
    const player = new PlayerState();
    player.setVolume(0.4);
    player.toggleMute();
    const said: string[] = [];
    player.attach({ ...fakeEngine(player).engine, setVolume: (volume, isMuted) => said.push(`${volume} ${isMuted}`) });
    expect(said).toEqual(['0.4 true']);
    player.setVolume(7);
    expect(player.volume).toBe(1);
    expect(player.isMuted).toBe(false);
  });
});

describe('the audition', () => {
  it('plays segments one after the other, each next one prepared, and ends', () => {
    const { player, log } = made();
    player.startAudition([row(1, 0), row(2, 5), row(1, 9)]);
    player.heardPosition(2000);
    expect(player.audition).toMatchObject({ at: 1 });
    player.heardPosition(12_000);
    player.heardPosition(20_000);
    expect(log).toEqual([
      'start 1 at 0',
      'prepare 2 at 10000',
      'start 2 at 10000',
      'prepare 1 at 18000',
      'start 1 at 18000',
      'pause',
      'seek 18000',
    ]);
    expect(player.audition).toBeNull();
  });

  it('goes on with the next segment when one cannot be played', () => {
    const { player } = made();
    player.startAudition([row(1, 0), row(2, 5)]);
    player.heardError('This track cannot be played.');
    expect(player.audition?.at).toBe(1);
    expect(player.now?.trackId).toBe(2);
    expect(player.error).toBeNull();
  });

  it('is gone through by next and previous, and stopped', async () => {
    const { player, log } = made();
    player.startAudition([row(1, 0), row(2, 5)]);
    await player.next();
    expect(player.audition?.at).toBe(1);
    await player.next();
    expect(player.audition?.at).toBe(1);
    await player.previous();
    expect(player.audition?.at).toBe(0);
    player.stopAudition();
    expect(player.audition).toBeNull();
    expect(log.at(-1)).toBe('pause');
  });

  it('is left when something else is played', () => {
    const { player } = made();
    player.startAudition([row(1, 0), row(2, 5)]);
    player.playSegment(row(3, 1));
    expect(player.audition).toBeNull();
  });

  it('does nothing without segments', () => {
    const { player, log } = made();
    player.startAudition([]);
    expect(player.audition).toBeNull();
    expect(log).toEqual([]);
  });
});

describe('next and previous', () => {
  const playable = (trackId: number): Playable => ({ trackId, title: '', artist: '', durationMs: null, segment: null });

  it('follow the table that was played from', async () => {
    const { player, log } = made();
    player.follow({ neighbour: (now, step) => Promise.resolve(playable(now.trackId + step)) });
    player.playSegment(row(7, 0));
    await player.next();
    expect(log.at(-1)).toBe('start 8 at 0');
    await player.previous();
    expect(log.at(-1)).toBe('start 7 at 0');
  });

  it('stay at the ends of the table', async () => {
    const { player, log } = made();
    player.follow({ neighbour: () => Promise.resolve(null) });
    player.playSegment(row(7, 0));
    await player.next();
    expect(log).toEqual(['start 7 at 0']);
  });

  it('give way to what was started while the neighbour was looked up', async () => {
    const { player, log } = made();
    const later = Promise.withResolvers<Playable | null>();
    player.follow({ neighbour: () => later.promise });
    player.playSegment(row(7, 0));
    const asked = player.next();
    player.playSegment(row(20, 0));
    later.resolve(playable(8));
    await asked;
    expect(log).toEqual(['start 7 at 0', 'start 20 at 0']);
  });
});
