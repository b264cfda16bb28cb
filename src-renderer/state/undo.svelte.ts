/** @file Things that can be taken back: the last ones done, and the message that offers it. */

import { shownName } from '../lib/format.ts';

/** What a message offers to do about what it says. */
export type Offer = { readonly label: string; readonly run: () => void };

/** A message at the edge of the window. It goes by itself, unless it offers something. */
export type Toast = { id: number; text: string; undo?: () => void; offer?: Offer };

type Step = { toastId: number; label: string; revert: () => void | Promise<void> };

const keptSteps = 50;
const shownMs = 8000;

/** A stack of steps; each shows a message with "Undo" while it is new. */
export class UndoState {
  #toasts = $state<Toast[]>([]);
  #steps = $state<Step[]>([]);
  #nextId = 1;
  readonly #failed: (error: unknown) => void;
  readonly #later: (run: () => void, ms: number) => void;
  readonly #isCovered: () => boolean;

  /**
   * @param failed hears of a step that could not be taken back
   * @param isCovered whether a dialog may lie over messages; they stay as long
   * @param later runs something after a time; replaced in tests
   */
  constructor(
    failed: (error: unknown) => void,
    isCovered: () => boolean,
    later: (run: () => void, ms: number) => void = (run, ms) => void setTimeout(run, ms),
  ) {
    this.#failed = failed;
    this.#isCovered = isCovered;
    this.#later = later;
  }

  get toasts(): readonly Toast[] {
    return this.#toasts;
  }

  /** What Undo would take back, or null. */
  get nextLabel(): string | null {
    return this.#steps.at(-1)?.label ?? null;
  }

  /**
   * Remembers something that was done and shows a message.
   * @param label what was done, as a short sentence: `Folder “Music” removed`
   * @param isQuiet shows no message, where the thing itself shows what was done
   */
  did(label: string, revert: () => void | Promise<void>, { isQuiet = false }: { isQuiet?: boolean } = {}): void {
    const toastId = this.#nextId++;
    const step: Step = { toastId, label, revert };
    this.#steps = [...this.#steps, step].slice(-keptSteps);
    if (!isQuiet) this.#show({ id: toastId, text: label, undo: () => void this.#revert(step) });
  }

  /** Shows a message; one with an offer stays until it is taken or dismissed. */
  say(text: string, offer?: Offer): void {
    const id = this.#nextId++;
    if (offer === undefined) return this.#show({ id, text });
    const run = (): void => {
      this.dismiss(id);
      offer.run();
    };
    this.#show({ id, text, offer: { ...offer, run } });
  }

  /** Takes the last step back. */
  async undo(): Promise<void> {
    const step = this.#steps.at(-1);
    if (step !== undefined) await this.#revert(step);
  }

  dismiss(id: number): void {
    this.#toasts = this.#toasts.filter((toast) => toast.id !== id);
  }

  async #revert(step: Step): Promise<void> {
    if (!this.#steps.some((one) => one.toastId === step.toastId)) return;
    this.#steps = this.#steps.filter((one) => one.toastId !== step.toastId);
    this.dismiss(step.toastId);
    try {
      await step.revert();
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Of what can be taken back only the last is offered, so that quick work does not pile messages up; the undo key goes further back. */
  #show(toast: Toast): void {
    const others = toast.undo === undefined ? this.#toasts : this.#toasts.filter(({ undo }) => undo === undefined);
    this.#toasts = [...others, { ...toast, text: shownName(toast.text) }].slice(-3);
    if (toast.offer === undefined) this.#goLater(toast.id);
  }

  #goLater(id: number): void {
    this.#later(() => {
      if (!this.#toasts.some((toast) => toast.id === id)) return;
      if (this.#isCovered()) this.#goLater(id);
      else this.dismiss(id);
    }, shownMs);
  }
}
