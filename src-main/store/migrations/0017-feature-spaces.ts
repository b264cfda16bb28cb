/** @file Feature spaces: outputs of an encoder besides its embedding that are indexed, each with neurons, notes and heads of its own. */

/**
 * A row of `encoders` with an `output` stands for that output of its base, pooled over time, wherever an encoder's number is asked for; its `name` is what the
 * output is called. A row without one is an encoder, whose space is its embedding, or a tag set. Hop and files belong to the space's index, as ever.
 */
export const featureSpaces = `
ALTER TABLE encoders ADD COLUMN output TEXT;
ALTER TABLE encoders ADD COLUMN pooling TEXT CHECK (pooling IN ('mean', 'max'));
CREATE UNIQUE INDEX encoders_by_output ON encoders (base_encoder_id, output, pooling) WHERE output IS NOT NULL;
`;
