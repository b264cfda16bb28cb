/** @file What a labelled data set is: a folder that a person has, tasks on it, and how its clips are parted. */

/** What a clip serves for. */
export const parts = ['train', 'validation', 'test'] as const;
export type Part = (typeof parts)[number];

/**
 * What is asked of a clip. `tags`: each label is true or not; `classes`: one of the labels is; `numbers`: each label is a number (arousal, valence).
 * The order of labels is frozen: heads and figures go by it.
 */
export type TaskKind = 'tags' | 'classes' | 'numbers';
export type DatasetTask = { name: string; title: string; kind: TaskKind; labels: readonly string[] };

/**
 * A clip with its answers. `path`: of its audio, below the data set's folder, with `/`. `group`: whom resampling keeps together (an artist, a piece, an
 * instrument), null where the files do not tell; `whole`: what figures are counted by, where several clips are one song or file, else its own `id`.
 * `answers`: of `tags` 0 or 1 for each label; of `classes` one number, the label's place; of `numbers` a number for each label.
 */
export type DatasetClip = { id: string; path: string; part: Part; group: string | null; whole: string; answers: readonly number[] };

/** A clip that the tables name and that cannot be used, and why, in a sentence. */
export type LeftOut = { id: string; path: string | null; part: Part | null; why: string };

/** A data set as one task and one split see it. Clips are in the order of the published files. */
export type DatasetTable = {
  dataset: string;
  task: DatasetTask;
  split: string;
  clips: readonly DatasetClip[];
  leftOut: readonly LeftOut[];
  /** What a reader has to know of this split: clips without a label, ties, leaks of artists; a sentence each. */
  notes: readonly string[];
};

/** How many clips a part has. */
export type PartCounts = Readonly<Record<Part, number>>;

/** By which rules a table was made, in words that a reader of figures understands. */
export type DatasetPolicies = {
  /** What becomes of clips to which no label applies. */
  emptyLabels: string;
  /** Where the order of the labels comes from. */
  labelOrder: string;
  /** Which label comes first where two are equally frequent. */
  ties: string;
  /** How figures of segments become one of a clip, file or song. */
  aggregation: string;
  /** What resampling keeps together. */
  groups: string;
};

/** A table, and what its manifest says besides. `published`: how many clips the published split has, null where none is published. */
export type DatasetReading = DatasetTable & {
  policies: DatasetPolicies;
  published: PartCounts | null;
  /** Clips that are shorter than this were cut; null where lengths differ. */
  leastSeconds: number | null;
};

/** What a person chooses; null takes the data set's first. */
export type DatasetChoice = { task: string | null; split: string | null };

/** The folder's files as a reader may see them: paths below it with `/`, texts within a budget. Nothing outside the folder is read. */
export type DatasetFolder = {
  /** As the person named it, for sentences. */
  readonly path: string;
  /** A small file's text. @returns null where no such regular file is. @throws AppError BAD_INPUT for one that is too large or no UTF-8 text */
  readText(path: string): Promise<string | null>;
  /** A large file's text in pieces, cut anywhere between characters. @returns null where no such regular file is. @throws as `readText`, while it is read */
  pieces(path: string): Promise<AsyncIterable<string> | null>;
  /** Names of the files and folders (with `/` behind) in a folder below; empty where there is none. */
  list(path: string): Promise<readonly string[]>;
};

/** A data set that Earmark knows. One folder below `datasets/` and one line in its registry each. */
export type Dataset = {
  name: string;
  title: string;
  /** Where a person reads about it, and the paper. */
  about: string;
  /** What its folder must hold, as the end of “a folder with …”. */
  holds: string;
  tasks: readonly { name: string; title: string; kind: TaskKind }[];
  splits: readonly { name: string; title: string }[];
  /** Whether a folder looks like this data set. */
  isIn(folder: DatasetFolder): Promise<boolean>;
  /** @throws AppError BAD_INPUT for tables that lack a column or disagree with what is published, and for a task or split that it has not, in a sentence */
  read(folder: DatasetFolder, choice: DatasetChoice): Promise<DatasetReading>;
};
