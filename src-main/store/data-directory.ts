/** @file Where Earmark keeps what it knows: one directory, and the names of the files in it. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** What decides where the data directory is; each is read from the running process when absent. */
export type DirectorySurroundings = {
  environment?: Record<string, string | undefined>;
  platform?: string;
  home?: string;
};

/**
 * The data directory when none was named: `$EARMARK_DATA`, else the platform's usual place for an application's data
 * (XDG Base Directory 0.8, Apple's Application Support, Windows' roaming AppData).
 */
export function defaultDataDirectory(surroundings: DirectorySurroundings = {}): string {
  const environment = surroundings.environment ?? process.env;
  const platform = surroundings.platform ?? process.platform;
  const home = surroundings.home ?? homedir();
  const own = environment['EARMARK_DATA'];
  if (own !== undefined && own !== '') return resolve(own);
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Earmark');
  if (platform === 'win32') return join(environment['APPDATA'] || join(home, 'AppData', 'Roaming'), 'Earmark');
  const xdg = environment['XDG_DATA_HOME'];
  return join(xdg !== undefined && xdg.startsWith('/') ? xdg : join(home, '.local', 'share'), 'earmark');
}

/** The names of the files and folders of one data directory, all absolute. */
export class DataPaths {
  /** The data directory. */
  readonly root: string;
  /** The SQLite database. */
  readonly database: string;
  /** The file that is held locked while a process uses the directory. */
  readonly lock: string;
  /** Which library the files named by numbers belong to. */
  readonly mark: string;
  /** Files of libraries whose database is not here. */
  readonly otherLibraries: string;
  /** There while the database is known to be damaged. */
  readonly damage: string;
  /** Copies of the database. */
  readonly backups: string;
  /** Weights of encoders. */
  readonly encoders: string;
  /** One folder an index of activations. */
  readonly indexes: string;
  /** One folder a pre-training run. */
  readonly runs: string;
  /** Libraries of labelled data sets, a folder each; they can be made again. */
  readonly dataSets: string;
  /** What can be made again and may be deleted. */
  readonly cache: string;
  /** Which child processes run, one file each. */
  readonly processes: string;

  /** @param root the data directory */
  constructor(root: string) {
    this.root = resolve(root);
    this.database = join(this.root, 'earmark.db');
    this.lock = join(this.root, 'lock');
    this.mark = join(this.root, 'library.json');
    this.otherLibraries = join(this.root, 'other-libraries');
    this.damage = join(this.root, 'damaged.json');
    this.backups = join(this.root, 'backups');
    this.encoders = join(this.root, 'encoders');
    this.indexes = join(this.root, 'index');
    this.runs = join(this.root, 'runs');
    this.dataSets = join(this.root, 'data-sets');
    this.cache = join(this.root, 'cache');
    this.processes = join(this.root, 'processes');
  }

  /** An encoder's weights. */
  weights(encoderId: number): string {
    return join(this.encoders, `${encoderId}.safetensors`);
  }

  /** A head's weights. */
  head(headId: number): string {
    return join(this.encoders, `head-${headId}.safetensors`);
  }

  /** The folder of a run: `run.json`, `tracks.json`, `checkpoints/`. */
  run(runId: number): string {
    return join(this.runs, String(runId));
  }

  /** The folder of a run's checkpoints. */
  checkpoints(runId: number): string {
    return join(this.run(runId), 'checkpoints');
  }

  /** A checkpoint's weights and state. */
  checkpoint(runId: number, step: number): string {
    return join(this.checkpoints(runId), `step-${step}.safetensors`);
  }

  /** A file or folder of the cache. */
  cached(...names: string[]): string {
    return join(this.cache, ...names);
  }

  /** The folder of an index's chunk files. */
  index(indexId: number): string {
    return join(this.indexes, String(indexId));
  }
}
