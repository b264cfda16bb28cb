/** @file Whether a list that began empty shows at once what a job brings: until somebody has taken hold of it, no row has a place to keep. */

/** One list. */
export class Filling {
  #isOn = false;
  #isTouched = false;

  /** A person scrolled, sorted, selected, or otherwise took hold of the list. */
  touch(): void {
    this.#isTouched = true;
  }

  /**
   * Something changed.
   * @param isAtWork whether a job goes on that brings rows
   * @param isNew whether the list was empty when that job began
   * @returns whether all of it is to be shown as it is now
   */
  follow(isAtWork: boolean, isNew: boolean): boolean {
    if (isNew && !this.#isOn) this.#isTouched = false;
    this.#isOn ||= isNew;
    const isFilling = this.#isOn && !this.#isTouched;
    // The last change of a job comes when it is over.
    if (!isAtWork) this.#isOn = false;
    return isFilling;
  }
}
