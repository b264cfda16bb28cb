/** @file Tag sets: the outputs of a head that came with its encoder, kept as an index of their own beside the encoder's. */

/** A row with `base_encoder_id` is no encoder that a person chooses: its features are the tags that the base's head gives numbers to. */
export const tagSets = `
ALTER TABLE encoders ADD COLUMN base_encoder_id INTEGER REFERENCES encoders (id);
CREATE INDEX encoders_by_base ON encoders (base_encoder_id) WHERE base_encoder_id IS NOT NULL;
`;
