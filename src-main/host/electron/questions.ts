/** @file Questions and answers between two processes over a wire that only carries messages. Both sides may ask. */
import { AppError, toAppError } from '../../base/index.ts';
import type { ErrorData } from '../../base/index.ts';

/** What may be asked: a name, what goes with it, what comes back. */
export type QuestionMap = Record<string, { input: unknown; output: unknown }>;

/** One function for each question. */
export type Answers<Asked extends QuestionMap> = {
  [What in keyof Asked]: (input: Asked[What]['input']) => Asked[What]['output'] | Promise<Asked[What]['output']>;
};

/** What crosses the wire. */
export type QuestionMessage =
  | { type: 'question'; id: number; what: string; input: unknown }
  | { type: 'answer'; id: number; output: unknown }
  | { type: 'refusal'; id: number; error: ErrorData };

type Waiting = { resolve(output: unknown): void; reject(error: AppError): void };

/** One side of the wire. */
export class Questions<Asked extends QuestionMap, Answered extends QuestionMap> {
  readonly #post: (message: QuestionMessage) => void;
  readonly #answers: Answers<Answered>;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;

  /**
   * @param post sends a message to the other side
   * @param answers carries out what the other side asks
   */
  constructor(post: (message: QuestionMessage) => void, answers: Answers<Answered>) {
    this.#post = post;
    this.#answers = answers;
  }

  /** Asks the other side. @throws AppError what the other side threw, or what {@link failAll} was given */
  async ask<What extends keyof Asked & string>(what: What, input: Asked[What]['input']): Promise<Asked[What]['output']> {
    const id = this.#nextId++;
    const answered = new Promise<unknown>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#post({ type: 'question', id, what, input });
    return await answered;
  }

  /** Takes a message of the other side. */
  receive(message: QuestionMessage): void {
    if (message.type === 'question') return void this.#answer(message.id, message.what, message.input);
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.type === 'answer') waiting?.resolve(message.output);
    else waiting?.reject(AppError.fromData(message.error));
  }

  /** The other side is gone: nothing that was asked will be answered. */
  failAll(error: AppError): void {
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
  }

  async #answer(id: number, what: string, input: unknown): Promise<void> {
    try {
      const answer = Object.hasOwn(this.#answers, what) ? this.#answers[what] : undefined;
      if (answer === undefined) throw new AppError('BAD_INPUT', `Nobody here answers "${what}".`);
      this.#post({ type: 'answer', id, output: await answer(input) });
    } catch (error) {
      this.#post({ type: 'refusal', id, error: toAppError(error, `answer ${what}`).toData() });
    }
  }
}

/** Tells a message of this wire from others on the same port. */
export function isQuestionMessage(message: { type: string }): message is QuestionMessage {
  return message.type === 'question' || message.type === 'answer' || message.type === 'refusal';
}
