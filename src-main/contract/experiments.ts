/** @file Experiments: files that list runs, what is varied of them, seeds, and the evaluations that they are put to, beside what others published. */
import { z } from 'zod';
import { architectureSchema, encoderSampleRates, longestOutputName, poolings } from './encoders.ts';
import { scratchWishSchema } from './evaluate/from-scratch.ts';
import { figureNames, layerUses, mostSeeds, probeHeads, protocolNames } from './evaluate/index.ts';
import { encoderIdSchema } from './ids.ts';
import { presetNames } from './pretrain/index.ts';
import { recipeNames } from './pretrain/settings.ts';

const name = z.string().trim().min(1).max(200);
const sentence = z.string().max(2000);
const path = z.string().min(1).max(4096);
const seeds = z.array(z.int().min(0).max(0xffffffff)).min(1).max(mostSeeds).default([1]);

/** Settings by their paths: `objective.temperature`. What each takes is checked where the recipe is known. */
const changes = z.record(z.string().min(1).max(200), z.unknown());

/** What a row of the table can begin with. */
const origins = ['recipe', 'untrained', 'encoder', 'supervised'] as const;

export const experimentRunSchema = z
  .strictObject({
    name,
    /** A run: a recipe with its settings, each in every combination of what is varied. */
    recipe: z.enum(recipeNames).optional(),
    preset: z.enum(presetNames).optional(),
    settings: changes.default({}),
    vary: z.record(z.string().min(1).max(200), z.array(z.unknown()).min(1).max(50)).default({}),
    /** The name of a folder; null: all of the library. */
    tracks: name.nullable().default(null),
    /** For the recipe `supervised`: a table with labels, and its columns; none stand for all that hold labels. */
    labels: z.strictObject({ table: path, columns: z.array(z.string().max(1000)).max(4096).default([]) }).optional(),
    /** Weights that are drawn from each seed. */
    untrained: z.strictObject({ architecture: architectureSchema, sampleRate: z.literal([...encoderSampleRates]) }).optional(),
    /** An encoder of the library, by its number or its name. */
    encoder: z.union([encoderIdSchema, name]).optional(),
    /** Trained from scratch on the labels that each column learns from, with the seeds of the column. */
    supervised: scratchWishSchema.optional(),
  })
  .superRefine((run, context) => {
    const given = origins.filter((one) => run[one] !== undefined);
    if (given.length !== 1)
      context.addIssue({
        code: 'custom',
        message: `It takes exactly one of ${origins.join(', ')}, and has ${given.join(', ') || 'none'}.`,
      });
    const ofRecipes = (['preset', 'labels'] as const).find((one) => run[one] !== undefined);
    if (run.recipe === undefined && ofRecipes !== undefined)
      context.addIssue({ code: 'custom', path: [ofRecipes], message: 'It belongs to a recipe, and there is none here.' });
    for (const one of ['settings', 'vary'] as const)
      if (run.recipe === undefined && Object.keys(run[one]).length > 0)
        context.addIssue({ code: 'custom', path: [one], message: 'It belongs to a recipe, and there is none here.' });
  });
export type ExperimentRun = z.output<typeof experimentRunSchema>;

/** A figure of an evaluation, or that of one of its labels: `label:valence`. */
export const experimentFigureSchema = z.union([z.enum(figureNames), z.templateLiteral(['label:', z.string().min(1).max(1000)])]);
export type ExperimentFigure = z.infer<typeof experimentFigureSchema>;

export const experimentEvaluationSchema = z.strictObject({
  name,
  /** The name of a folder. */
  folder: name,
  ...{ dataset: name, task: name, split: name },
  protocol: z.enum(protocolNames),
  /** Null: the protocol’s first. */
  head: z.enum(probeHeads).nullable().default(null),
  /** Other than one: without an output. */
  layers: z.enum(layerUses).default('one'),
  output: z.string().min(1).max(longestOutputName).nullable().default(null),
  pooling: z.enum(poolings).default('mean'),
  /** Shares of the labels that are learnt from; each is a column of its own. */
  percents: z.array(z.number().gt(0).max(100)).min(1).max(20).default([100]),
  /** Of the probe; those of runs stand beside `runs`. */
  seeds,
  figures: z.array(experimentFigureSchema).min(1).max(10),
  /** The beginning of the hash of clips, parts and answers that figures must be of; null: of any, as long as all rows agree. */
  manifest: z
    .string()
    .regex(/^[0-9a-f]{8,64}$/)
    .nullable()
    .default(null),
});
export type ExperimentEvaluation = z.output<typeof experimentEvaluationSchema>;

const averageSchema = z.strictObject({
  name,
  of: z
    .array(z.strictObject({ evaluation: name, figure: experimentFigureSchema }))
    .min(2)
    .max(50),
});

/** A row that others published: percent, as printed, by evaluation and figure. */
export const publishedRowSchema = z.strictObject({
  row: name,
  cells: z.record(name, z.record(name, z.number())),
  /** Where its protocol differs from that of the evaluation. */
  note: sentence.default(''),
});
export type PublishedRow = z.output<typeof publishedRowSchema>;

export const experimentSchema = z.strictObject({
  format: z.literal('earmark-experiment'),
  version: z.literal(1),
  title: name,
  about: sentence.default(''),
  source: sentence.default(''),
  /** What a reader of the table has to know. */
  notes: z.array(sentence).max(50).default([]),
  /** Where data sets and music lie, relative to the file; null where only the person knows. */
  folders: z.record(name, path.nullable()).default({}),
  /** Of runs and of drawn weights. */
  seeds,
  /** Settings of all runs. */
  settings: changes.default({}),
  runs: z.array(experimentRunSchema).min(1).max(100),
  /** Whether statistics that learnt nothing stand beside them. */
  baselines: z.boolean().default(false),
  evaluations: z.array(experimentEvaluationSchema).min(1).max(50),
  averages: z.array(averageSchema).max(10).default([]),
  published: z.array(publishedRowSchema).max(100).default([]),
});
/** What an experiment’s file says. */
export type Experiment = z.output<typeof experimentSchema>;
