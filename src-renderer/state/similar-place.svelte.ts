/** @file Which page of Similar is shown, and its panel. */

/** The pages, in the order of their tabs. */
export const similarPages = ['find', 'path', 'radio'] as const;
export type SimilarPage = (typeof similarPages)[number];

/** The page that is shown. */
export class SimilarPlace {
  #page = $state<SimilarPage>('find');
  #isWhyOpen = $state(false);

  get page(): SimilarPage {
    return this.#page;
  }

  /** Whether the panel that says why results are near is open. */
  get isWhyOpen(): boolean {
    return this.#isWhyOpen;
  }

  go(page: SimilarPage): void {
    this.#page = page;
  }

  openWhy(isOpen: boolean): void {
    this.#isWhyOpen = isOpen;
  }
}
