/** @file Which part of Evaluate is shown. */

/** Evaluations one by one, or experiments that list them. */
export type EvaluateTab = 'evaluations' | 'experiments';

/** The part that is shown; it stays while other views are. */
export class EvaluatePlace {
  #tab = $state<EvaluateTab>('evaluations');

  get tab(): EvaluateTab {
    return this.#tab;
  }

  show(tab: EvaluateTab): void {
    this.#tab = tab;
  }
}
