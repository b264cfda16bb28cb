/** @file A person's own tags as a data set, by the names under which evaluations know it. Pure. */

/** `folder` stands where others have the path of theirs. */
export const ownTags = {
  ...{ name: 'own-tags', title: 'Your own tags', folder: 'library', task: 'tags', taskTitle: 'Your tags', split: 'artists' },
} as const;
