/** @file McGill Billboard (Burgoyne, Wild and Fujinaga 2011): chords of songs whose audio a person has. Audio to learn from, without a task that Earmark knows. */
import { defineAudioSet } from '../define.ts';

/** McGill Billboard, as the folder with its index. */
export const billboard = defineAudioSet({
  name: 'billboard',
  title: 'McGill Billboard',
  about: 'Burgoyne, Wild and Fujinaga 2011, https://ddmal.music.mcgill.ca/research',
  holds: 'billboard-2.0-index.csv or McGill-Billboard, and the audio that you have',
  isIn: async (folder) => {
    const names = await folder.list('');
    return names.includes('McGill-Billboard/') || names.includes('billboard-2.0-index.csv');
  },
});
