/** @file Encoders that others have published: where their weights lie, under which licence, and what is known of the files. */
import type { TagSetName } from './tag-sets.ts';

/** A file to be fetched. `sha256`: null where nobody published it; a server's own word for it is checked as well. */
export type PublishedFile = { name: string; address: string; sha256: string | null; isOptional: boolean };

/** An encoder. Several files are a model's folder. */
export type PublishedEncoder = {
  title: string;
  about: string;
  licence: string;
  /** Where a person reads about it. */
  page: string;
  files: readonly PublishedFile[];
  labels: TagSetName | null;
};

const huggingFace = 'https://huggingface.co/m-a-p/music2vec-v1/resolve/main';

/** By the names that a person types. */
export const publishedEncoders = {
  clmr: {
    title: 'CLMR (MagnaTagATune)',
    about:
      'SampleCNN at 22 050 Hz, trained on MagnaTagATune for 10 000 epochs, with a head of two layers for its fifty tags (Spijkervet and Burgoyne 2021)',
    licence: 'MIT, that of its code',
    page: 'https://github.com/Spijkervet/CLMR',
    files: [
      {
        name: 'clmr_magnatagatune_mlp.zip',
        address: 'https://github.com/Spijkervet/CLMR/releases/download/2.1/clmr_magnatagatune_mlp.zip',
        sha256: null,
        isOptional: false,
      },
    ],
    labels: 'magnatagatune',
  },
  'music2vec-v1': {
    title: 'MAP-Music2Vec',
    about: 'data2vec at 16 000 Hz, 95 million weights, trained on 1 000 hours of music (Li et al. 2022)',
    licence: 'CC BY-NC 4.0: not for commercial use',
    page: 'https://huggingface.co/m-a-p/music2vec-v1',
    files: [
      { name: 'config.json', address: `${huggingFace}/config.json`, sha256: null, isOptional: false },
      { name: 'preprocessor_config.json', address: `${huggingFace}/preprocessor_config.json`, sha256: null, isOptional: true },
      { name: 'pytorch_model.bin', address: `${huggingFace}/pytorch_model.bin`, sha256: null, isOptional: false },
    ],
    labels: null,
  },
  vicmus: {
    title: 'VICMus',
    about: 'ResNet-50 on mel spectrograms, trained on FMA (Löf et al. 2024)',
    licence: 'MIT, that of its code',
    page: 'https://github.com/SebastianLoef/VICMus',
    files: [],
    labels: null,
  },
} as const satisfies Record<string, PublishedEncoder>;

/** One of the names. */
export type PublishedName = keyof typeof publishedEncoders;

/** All names. */
export const publishedNames = Object.keys(publishedEncoders) as PublishedName[];
