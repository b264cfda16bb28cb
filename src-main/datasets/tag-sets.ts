/**
 * @file Names of the fifty tags that published heads give numbers to, in the order of their outputs. A checkpoint carries no names.
 *
 * MagnaTagATune: the order of Pons's label list, which CLMR follows. Million Song Dataset: the fifty most frequent Last.fm tags (Choi et al. 2016).
 */

const magnatagatune = [
  ...['guitar', 'classical', 'slow', 'techno', 'strings', 'drums', 'electronic', 'rock', 'fast', 'piano'],
  ...['ambient', 'beat', 'violin', 'vocal', 'synth', 'female', 'indian', 'opera', 'male', 'singing'],
  ...['vocals', 'no vocals', 'harpsichord', 'loud', 'quiet', 'flute', 'woman', 'male vocal', 'no vocal', 'pop'],
  ...['soft', 'sitar', 'solo', 'man', 'classic', 'choir', 'voice', 'new age', 'dance', 'male voice'],
  ...['female vocal', 'beats', 'harp', 'cello', 'no voice', 'weird', 'country', 'metal', 'female voice', 'choral'],
];

const msd = [
  ...['rock', 'pop', 'alternative', 'indie', 'electronic', 'female vocalists', 'dance', '00s', 'alternative rock', 'jazz'],
  ...['beautiful', 'metal', 'chillout', 'male vocalists', 'classic rock', 'soul', 'indie rock', 'mellow', 'electronica', '80s'],
  ...['folk', '90s', 'chill', 'instrumental', 'punk', 'oldies', 'blues', 'hard rock', 'ambient', 'acoustic'],
  ...['experimental', 'female vocalist', 'guitar', 'hip-hop', '70s', 'party', 'country', 'easy listening', 'sexy', 'catchy'],
  ...['funk', 'electro', 'heavy metal', 'progressive rock', '60s', 'rnb', 'indie pop', 'sad', 'house', 'happy'],
];

/** Published tag sets by name. */
export const tagSets: Readonly<Record<TagSetName, { title: string; labels: readonly string[] }>> = {
  magnatagatune: { title: 'MagnaTagATune', labels: magnatagatune },
  msd: { title: 'Million Song Dataset', labels: msd },
};

export const tagSetNames = ['magnatagatune', 'msd'] as const;
/** One of {@link tagSetNames}. */
export type TagSetName = (typeof tagSetNames)[number];
