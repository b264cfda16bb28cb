/** @file How a layer's values over time become one number a neuron. Pure. */

/** `mean` says how much of something there is in a segment, `max` how strongly it occurs at all. */
export const poolings = ['mean', 'max'] as const;

/** One of {@link poolings}. */
export type Pooling = (typeof poolings)[number];

/** The output that every encoder has: its embedding. It has no time left, so that pooling changes nothing. */
export const embeddingOutput = 'embedding';
