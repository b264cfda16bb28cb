/** @file What can be done with the player from everywhere. */
import type { Action } from '../../lib/keys.ts';
import { player } from '../../state/listening.svelte.ts';

const volumeStep = 0.05;
const seekMs = 5000;

/** The player's actions; call once while the player is there. */
export function playerActions(): Action[] {
  const group = 'Player';
  const isAny = (): boolean => player.now !== null;
  return [
    { id: 'player.toggle', label: 'Play or pause', group, keys: ['Space'], run: () => player.toggle(), when: isAny },
    { id: 'player.next', label: 'Next row', group, keys: ['Shift+ArrowRight'], run: () => void player.next(), when: isAny },
    { id: 'player.previous', label: 'Previous row', group, keys: ['Shift+ArrowLeft'], run: () => void player.previous(), when: isAny },
    { id: 'player.forward', label: 'Forward 5 s', group, keys: ['.'], run: () => player.seek(player.positionMs + seekMs), when: isAny },
    { id: 'player.back', label: 'Back 5 s', group, keys: [','], run: () => player.seek(player.positionMs - seekMs), when: isAny },
    { id: 'player.loop', label: 'Repeat the segment or track', group, keys: ['l'], run: () => player.toggleLoop() },
    { id: 'player.goesOn', label: 'Play on into the track after a segment', group, keys: ['o'], run: () => player.toggleGoesOn() },
    { id: 'player.louder', label: 'Louder', group, keys: ['+'], run: () => player.setVolume(player.volume + volumeStep) },
    { id: 'player.quieter', label: 'Quieter', group, keys: ['-'], run: () => player.setVolume(player.volume - volumeStep) },
    { id: 'player.mute', label: 'Mute or sound on', group, keys: ['m'], run: () => player.toggleMute() },
    {
      id: 'player.stopAudition',
      label: 'Stop the audition',
      group,
      keys: ['Escape'],
      run: () => player.stopAudition(),
      when: () => player.audition !== null,
    },
  ];
}
