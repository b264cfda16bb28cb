/** @file What Electron's main process and the core say to each other. Windows speak to the core over ports of their own. */
import type { ErrorData } from '../../base/index.ts';
import type { MediaKind, Settings } from '../../contract/index.ts';
import type { QuestionMessage } from './questions.ts';

/** The page's colours. */
export type Theme = Settings['theme'];

/** A media request as it crosses; `range` is the request's header. */
export type MediaOrder = { kind: MediaKind; trackId: number; range: string | null };

/** A job that is under way, for the question at closing and for the tray. */
export type RunningJob = { title: string; /** 0 to 1; null while the whole is not known. */ fraction: number | null };

/** To the core. `window` and `media` come with a port. */
export type ToCore =
  { type: 'start'; dataDirectory: string; version: string } | { type: 'window' } | { type: 'media'; order: MediaOrder } | QuestionMessage;

/** From the core. After `failed` it ends. */
export type FromCore =
  | { type: 'ready'; theme: Theme }
  | { type: 'failed'; error: ErrorData }
  | { type: 'theme'; theme: Theme }
  | { type: 'jobs'; running: RunningJob[] }
  | { type: 'defect'; text: string }
  | QuestionMessage;

/** What main asks the core. */
export type CoreQuestions = {
  runningJobs: { input: null; output: RunningJob[] };
  pauseAll: { input: null; output: null };
  addFolder: { input: { path: string }; output: null };
  setTheme: { input: { theme: Theme }; output: null };
  /** Where the files of tracks lie; what is missing or no track of the library is left out. */
  trackFiles: { input: { trackIds: number[] }; output: string[] };
  close: { input: null; output: null };
};

/** What the core asks main. */
export type MainQuestions = {
  chooseFolder: { input: null; output: string | null };
  chooseWeights: { input: null; output: string | null };
  reveal: { input: { path: string }; output: null };
};
