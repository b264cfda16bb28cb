/** @file What is told of a factor. Pure: pages draw it. */

/** One factor. */
export type Factor = {
  /** Share of the variance of all neurons that differ, 0 to 1. */
  explained: number;
  /** Its correlation with each neuron, by number; the strongest is positive. */
  loadings: number[];
  /** Numbers of the strongest neurons, by size. */
  strongest: number[];
};
