/**
 * @file The database's versions in order. A migration only adds (tables, columns with defaults, indexes), is never edited once released, and runs
 * in one transaction; `user_version` is the number of the last one that ran. Practice of Signal Desktop and Actual Budget.
 */
import { library } from './0001-library.ts';
import { encoders } from './0002-encoders.ts';
import { jobs } from './0003-jobs.ts';
import { settings } from './0004-settings.ts';
import { titleSource } from './0005-title-source.ts';
import { runs } from './0006-runs.ts';
import { tags } from './0007-tags.ts';
import { writings } from './0008-writings.ts';
import { playlists } from './0009-playlists.ts';
import { tagSets } from './0010-tag-sets.ts';
import { identity } from './0011-identity.ts';
import { folderMoves } from './0012-folder-moves.ts';
import { indexBlocks } from './0013-index-blocks.ts';
import { scale } from './0014-scale.ts';
import { listSpans } from './0015-list-spans.ts';
import { headHash } from './0016-head-hash.ts';
import { featureSpaces } from './0017-feature-spaces.ts';
import { demoFolder } from './0018-demo-folder.ts';
import { runComparison } from './0019-run-comparison.ts';
import { evaluations } from './0020-evaluations.ts';
import { encoderRun } from './0021-encoder-run.ts';

/** One step of the schema. */
export type Migration = {
  /** From 1, without gaps. */
  version: number;
  name: string;
  /** Statements to run. */
  sql: string;
};

/** All migrations, oldest first. */
export const migrations: readonly Migration[] = [
  { version: 1, name: 'library', sql: library },
  { version: 2, name: 'encoders', sql: encoders },
  { version: 3, name: 'jobs', sql: jobs },
  { version: 4, name: 'settings', sql: settings },
  { version: 5, name: 'title-source', sql: titleSource },
  { version: 6, name: 'runs', sql: runs },
  { version: 7, name: 'tags', sql: tags },
  { version: 8, name: 'writings', sql: writings },
  { version: 9, name: 'playlists', sql: playlists },
  { version: 10, name: 'tag-sets', sql: tagSets },
  { version: 11, name: 'identity', sql: identity },
  { version: 12, name: 'folder-moves', sql: folderMoves },
  { version: 13, name: 'index-blocks', sql: indexBlocks },
  { version: 14, name: 'scale', sql: scale },
  { version: 15, name: 'list-spans', sql: listSpans },
  { version: 16, name: 'head-hash', sql: headHash },
  { version: 17, name: 'feature-spaces', sql: featureSpaces },
  { version: 18, name: 'demo-folder', sql: demoFolder },
  { version: 19, name: 'run-comparison', sql: runComparison },
  { version: 20, name: 'evaluations', sql: evaluations },
  { version: 21, name: 'encoder-run', sql: encoderRun },
];
