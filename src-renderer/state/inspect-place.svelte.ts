/** @file Which page of Inspect is shown. */

/** The page's name in the list of pages. */
export class InspectPlace {
  #page = $state('neurons');

  get page(): string {
    return this.#page;
  }

  go(page: string): void {
    this.#page = page;
  }
}
