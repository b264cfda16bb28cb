/** @file What is told of a factor. Pure: pages draw it. */

/** One factor. */
export type Factor = {
  /** Share of the variance of all neurons that differ, 0 to 1. */
  explained: number;
  /** Its correlation with each neuron, by number; the strongest is positive. */
  loadings: number[];
  /** Numbers of the strongest neurons, by size. */
  strongest: number[];
  /** What its score is made of: each neuron’s weight on what it gives, and what is added. Scores have mean 0 and deviation 1. */
  weights: number[];
  offset: number;
};
