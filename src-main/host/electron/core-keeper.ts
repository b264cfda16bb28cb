/** @file Keeps one core running: starts it, gives every window a port to it, starts it again when it dies, and stops trying when that does not help. */
import { AppError } from '../../base/index.ts';
import type { ErrorData } from '../../base/index.ts';
import type { CoreQuestions, FromCore, MainQuestions, MediaOrder, RunningJob, Theme, ToCore } from './core-messages.ts';
import { isQuestionMessage, Questions } from './questions.ts';
import type { Answers } from './questions.ts';

/** A core's process, as Electron's `UtilityProcess` is wrapped. */
export type CoreProcess<Port> = {
  post(message: ToCore, ports?: Port[]): void;
  onMessage(listener: (message: FromCore) => void): void;
  onExit(listener: (code: number) => void): void;
  kill(): void;
};

/** What the keeper needs and whom it tells. */
export type CoreKeeperOptions<Port> = {
  fork(): CoreProcess<Port>;
  start: Extract<ToCore, { type: 'start' }>;
  answers: Answers<MainQuestions>;
  nowMs(): number;
  /** The core answers; `isAgain` after it had died. Windows want new ports now. */
  onReady(theme: Theme, isAgain: boolean): void;
  /** It cannot start, or keeps dying: a sentence and a code. */
  onGivenUp(error: ErrorData): void;
  onTheme(theme: Theme): void;
  onJobs(running: RunningJob[]): void;
  onDefect(text: string): void;
};

/** More deaths than this within the time below, and starting again does not help. */
const most = 3;
const withinMs = 60_000;
/** A training process may take its step to the end and write a checkpoint; the core itself waits up to 20 s for that. */
const closeLimitMs = 25_000;

/** See the file's header. */
export class CoreKeeper<Port> {
  readonly #options: CoreKeeperOptions<Port>;
  readonly #questions: Questions<CoreQuestions, MainQuestions>;
  #process: CoreProcess<Port> | undefined;
  #isReady = false;
  #wasReady = false;
  #isClosing = false;
  #deathsMs: number[] = [];
  #onGone: (() => void) | undefined;
  #waiting: ((isReady: boolean) => void)[] = [];

  constructor(options: CoreKeeperOptions<Port>) {
    this.#options = options;
    this.#questions = new Questions((message) => this.#process?.post(message), options.answers);
  }

  /** True while the core answers. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** Starts the core; once, or by the person's wish after `onGivenUp`. */
  start(): void {
    if (this.#process !== undefined || this.#isClosing) return;
    const own = this.#options.fork();
    this.#process = own;
    own.onMessage((message) => {
      if (this.#process === own) this.#receive(message);
    });
    own.onExit((code) => {
      if (this.#process === own) this.#died(code);
    });
    own.post(this.#options.start);
  }

  /** Hands the core its end of a window's port. Without a core the port is left alone; `onReady` asks for another. */
  connectWindow(port: Port): void {
    if (this.#isReady) this.#process?.post({ type: 'window' }, [port]);
  }

  /**
   * Hands the core its end of the port that a media response comes back on. A core that starts (making a backup of a large library, or again after
   * it died) is waited for: a player that is told "no" would not ask again. False when no core is to come.
   */
  async orderMedia(order: MediaOrder, port: Port): Promise<boolean> {
    if (!this.#isReady && !(await this.#started())) return false;
    this.#process?.post({ type: 'media', order }, [port]);
    return true;
  }

  /** Asks the core. @throws AppError INTERNAL when it is not there */
  async ask<What extends keyof CoreQuestions>(what: What, input: CoreQuestions[What]['input']): Promise<CoreQuestions[What]['output']> {
    if (!this.#isReady) throw notThere();
    return await this.#questions.ask(what, input);
  }

  /** Lets the core finish what it writes and ends it; after 25 seconds without its help. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#tellWaiting(false);
    if (this.#process === undefined) return;
    const gone = new Promise<void>((resolve) => (this.#onGone = resolve));
    const limit = setTimeout(() => this.#process?.kill(), closeLimitMs);
    if (this.#isReady) this.#questions.ask('close', null).catch(() => undefined);
    else this.#process.kill();
    await gone;
    clearTimeout(limit);
  }

  /** Resolves once the core that starts answers; with false when it does not come to that. */
  #started(): Promise<boolean> {
    if (this.#process === undefined || this.#isClosing) return Promise.resolve(false);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #tellWaiting(isReady: boolean): void {
    for (const tell of this.#waiting.splice(0)) tell(isReady);
  }

  #receive(message: FromCore): void {
    if (isQuestionMessage(message)) return this.#questions.receive(message);
    switch (message.type) {
      case 'ready': {
        const isAgain = this.#wasReady;
        this.#isReady = true;
        this.#wasReady = true;
        this.#tellWaiting(true);
        return this.#options.onReady(message.theme, isAgain);
      }
      case 'failed':
        return this.#failed(message.error);
      case 'theme':
        return this.#options.onTheme(message.theme);
      case 'jobs':
        return this.#options.onJobs(message.running);
      case 'defect':
        return this.#options.onDefect(message.text);
    }
  }

  #failed(error: ErrorData): void {
    const own = this.#process;
    // Its end is expected from here on.
    this.#process = undefined;
    own?.kill();
    this.#onGone?.();
    this.#tellWaiting(false);
    this.#options.onGivenUp(error);
  }

  #died(code: number): void {
    this.#process = undefined;
    this.#isReady = false;
    this.#questions.failAll(notThere());
    this.#options.onJobs([]);
    this.#onGone?.();
    if (this.#isClosing) return;
    const nowMs = this.#options.nowMs();
    this.#deathsMs = [...this.#deathsMs.filter((at) => nowMs - at < withinMs), nowMs];
    if (this.#deathsMs.length <= most) return this.start();
    this.#deathsMs = [];
    this.#tellWaiting(false);
    const message = `Earmark’s core ended ${most + 1} times within a minute (last with code ${code}). What was stored is intact.`;
    this.#options.onGivenUp({ code: 'INTERNAL', message, details: { code } });
  }
}

function notThere(): AppError {
  return new AppError('INTERNAL', 'Earmark’s core is not running at the moment. Try again shortly.');
}
