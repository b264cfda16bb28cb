/** @file What a family of encoders gives to the table of all in `index.ts`. */
import type { Encoder } from './encoder.ts';

/** A family. */
export type Family = {
  /** The encoder that settings describe. @param settings of any origin @throws AppError `BAD_INPUT` for settings that are none of the family's */
  create(settings: Record<string, unknown>): Encoder;
  /** Published encoders, the default first: what weights are compared with that come without settings. */
  published: readonly Encoder[];
};

/** A family that a run may train. */
export type TrainedFamily<Choice> = Family & {
  /** The encoder that a person chose. */
  choose(choice: Choice): Encoder;
};
