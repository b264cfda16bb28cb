/** @file A contestant that learns from the labels alone, from drawn weights: how it is to be trained, and how it was. */
import { z } from 'zod';
import { architectureSchema, encoderSampleRates } from '../encoders.ts';

/** The most that CLMR’s thesis trains its supervised SampleCNN (Spijkervet 2021, chapter 5; its first code). */
export const [paperEpochs, paperPatience] = [200, 3] as const;

const [leastMinutes, mostAmount] = [0.05, 1_000_000];

/** What a training ends by at the latest. */
export const scratchUnits = ['epochs', 'minutes'] as const;

export const scratchWishSchema = z
  .strictObject({
    unit: z.enum(scratchUnits).default('epochs'),
    amount: z.number().min(leastMinutes).max(mostAmount).default(paperEpochs),
    /** Null: that of the first encoder that is evaluated, where it can learn so; else SampleCNN. */
    architecture: architectureSchema.nullable().default(null),
    /** Null: that encoder’s, or the family’s own. */
    sampleRate: z
      .literal([...encoderSampleRates])
      .nullable()
      .default(null),
  })
  .refine(({ unit, amount }) => unit === 'minutes' || Number.isInteger(amount), { path: ['amount'], message: 'Epochs are whole.' });
export type ScratchWish = z.output<typeof scratchWishSchema>;

export const scratchSchema = z.object({
  unit: z.enum(scratchUnits),
  amount: z.number(),
  sampleRate: z.int(),
  /** Clips that it learnt from, and clips by which its checkpoint was chosen. */
  clips: z.int(),
  measured: z.int(),
  each: z.array(
    z.object({
      seed: z.int(),
      /** Steps and epochs that were trained, and the step of the checkpoint that was judged. */
      steps: z.int(),
      epochs: z.number(),
      judgedStep: z.int(),
      seconds: z.number(),
      /** Whether measurements were no better any more; else its length ended it. */
      isExhausted: z.boolean(),
    }),
  ),
});
/** How a contestant was trained from scratch, seed by seed. */
export type Scratch = z.infer<typeof scratchSchema>;
