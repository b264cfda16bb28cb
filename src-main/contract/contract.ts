/** @file Everything that Earmark can do for a window: procedures `subject.verb` with checked input and output. */
import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { dataContract } from './data.ts';
import { datasetsContract } from './datasets.ts';
import {
  architectureSchema,
  deviceSchema,
  encoderLayouts,
  encoderOutputSchema,
  encoderSampleRates,
  encoderSchema,
  hopBounds,
  longestOutputName,
  importedEncoderSchema,
  onnxSummarySchema,
  onnxWishSchema,
  patchKinds,
  poolings,
} from './encoders.ts';
import { eventSchema } from './events.ts';
import { browseQuerySchema, browseResultSchema, capabilitiesSchema, checkSchema, settingsSchema } from './host.ts';
import { encoderIdSchema, folderIdSchema, jobIdSchema, trackIdSchema } from './ids.ts';
import { jobSchema } from './jobs.ts';
import {
  folderSchema,
  librarySummarySchema,
  peaksSchema,
  problemSchema,
  trackPageSchema,
  trackQuerySchema,
  trackSchema,
} from './library.ts';
import { evaluateContract } from './evaluate/index.ts';
import { experimentsContract } from './experiment-procedures.ts';
import { inspectContract } from './inspect/index.ts';
import * as listen from './listen.ts';
import { headsContract } from './heads.ts';
import { playlistsContract } from './playlists.ts';
import { publishedContract } from './published.ts';
import { pretrainContract } from './pretrain/index.ts';
import { queryFileIdSchema, similarContract } from './similar.ts';
import { tagsContract } from './tags.ts';
import { writingContract } from './writing.ts';

const path = z.string().min(1).max(4096);
const name = z.string().trim().min(1).max(200);
const nothing = z.void();
const started = z.object({ jobId: jobIdSchema });

const host = {
  capabilities: oc.output(capabilitiesSchema),
  /** Folders of this machine, for a person who has no native dialog. */
  browse: oc.input(browseQuerySchema).output(browseResultSchema),
  /** A native dialog; null when the person closes it. */
  chooseFolder: oc.output(z.string().nullable()),
  /** A native dialog for a file of weights; null when the person closes it. */
  chooseWeights: oc.output(z.string().nullable()),
  /** Shows a track's file in the system's file manager. */
  revealTrack: oc.input(z.strictObject({ trackId: trackIdSchema })).output(nothing),
  doctor: oc.output(z.array(checkSchema)),
};

const library = {
  summary: oc.output(librarySummarySchema),
  folders: oc.output(z.array(folderSchema)),
  /** Adds a folder and starts its scan; a folder that is there already is scanned again. */
  addFolder: oc.input(z.strictObject({ path })).output(z.object({ folder: folderSchema, jobId: jobIdSchema })),
  /** Takes a folder out of the library; nothing is deleted, and `restoreFolder` brings it back with all that was attached. */
  removeFolder: oc.input(z.strictObject({ folderId: folderIdSchema })).output(nothing),
  restoreFolder: oc.input(z.strictObject({ folderId: folderIdSchema })).output(nothing),
  /**
   * Adds the music that comes with Earmark, with all that was attached to it where it was taken out before. `jobId`: its scan; null where the demo library
   * is there already, and nothing was done.
   */
  addDemo: oc.output(z.object({ folder: folderSchema, jobId: jobIdSchema.nullable() })),
  /** Takes the demo library out; `restoreFolder` or `addDemo` bring it back. Null: it was not in the library. */
  removeDemo: oc.output(z.object({ folder: folderSchema.nullable() })),
  /** Says where a folder is now: its tracks go there with all that is attached to them, and it is scanned. */
  moveFolder: oc.input(z.strictObject({ folderId: folderIdSchema, path })).output(started),
  /** Scans the given folders, or all. */
  scan: oc.input(z.strictObject({ folderIds: z.array(folderIdSchema).max(1000).optional() })).output(started),
  tracks: oc.input(trackQuerySchema).output(trackPageSchema),
  track: oc.input(z.strictObject({ trackId: trackIdSchema })).output(trackSchema),
  problems: oc.output(z.array(problemSchema)),
  /** Tries problem files again: the given paths, or all. */
  retry: oc.input(z.strictObject({ paths: z.array(path).max(10000).optional() })).output(started),
  peaks: oc.input(z.strictObject({ trackId: trackIdSchema })).output(peaksSchema),
  /** Whether there is a cover at `picturePath`. Asked before it is fetched, since a browser tells of one that is not there as an error. */
  hasPicture: oc.input(z.strictObject({ trackId: trackIdSchema })).output(z.boolean()),
};

const jobs = {
  list: oc.output(z.array(jobSchema)),
  pause: oc.input(z.strictObject({ jobId: jobIdSchema })).output(nothing),
  resume: oc.input(z.strictObject({ jobId: jobIdSchema })).output(nothing),
  cancel: oc.input(z.strictObject({ jobId: jobIdSchema })).output(nothing),
  /** Marks an ended job as seen; it leaves the header. */
  dismiss: oc.input(z.strictObject({ jobId: jobIdSchema })).output(nothing),
};

const encoders = {
  list: oc.output(z.array(encoderSchema)),
  /** What an encoder gives besides its embedding, in the order of its layers; the embedding last. */
  outputs: oc.input(z.strictObject({ encoderId: encoderIdSchema })).output(z.array(encoderOutputSchema)),
  /** Imports a file that was brought piece by piece (`similar.openFile`), a bundle of somebody else for example; the copy is deleted. */
  importBrought: oc.input(z.strictObject({ fileId: queryFileIdSchema })).output(importedEncoderSchema),
  /** Writes an encoder for others, to a new file or folder; no audio, no names of files. `withHead`: its head and the names of its tags go along. */
  export: oc
    .input(z.strictObject({ encoderId: encoderIdSchema, path, layout: z.enum(encoderLayouts), withHead: z.boolean() }))
    .output(z.object({ path: z.string(), bytes: z.int(), files: z.array(z.string()) })),
  /** What an ONNX file takes and gives, before it is imported. */
  inspectOnnx: oc.input(z.strictObject({ path })).output(onnxSummarySchema),
  /** Reads a checkpoint (PyTorch Lightning, plain PyTorch, safetensors, an archive of these, a model's folder) of a known architecture, or an ONNX file. */
  importWeights: oc
    .input(
      z.strictObject({
        path,
        name: name.optional(),
        /** Names of the head's outputs, where the checkpoint holds a head. Without them fifty outputs are taken for MagnaTagATune's. */
        labels: z.union([z.enum(['magnatagatune', 'msd']), z.array(z.string().trim().min(1).max(200)).min(1).max(4096)]).optional(),
        /** A file of its head, where that lies in one of its own. */
        headPath: path.optional(),
        /** A file with the names of the head's outputs, one a line or as JSON; takes the place of `labels`. */
        tagsPath: path.optional(),
        /** What an ONNX file does not say of itself. */
        onnx: onnxWishSchema.optional(),
        /** The kind of patches of a Vision Transformer, where its file leaves that open. */
        patches: z.enum(patchKinds).optional(),
      }),
    )
    .output(importedEncoderSchema),
  /** Weights drawn from a seed, for comparison. */
  createUntrained: oc
    .input(
      z.strictObject({
        architecture: architectureSchema.default('sample-cnn'),
        sampleRate: z.literal([...encoderSampleRates]),
        seed: z.int().min(0).max(0xffffffff),
        name: name.optional(),
      }),
    )
    .output(encoderSchema),
  /** The encoder that every library begins with, brought back where it was removed. */
  bringBuiltIn: oc.output(encoderSchema),
  rename: oc.input(z.strictObject({ encoderId: encoderIdSchema, name })).output(encoderSchema),
  /** Takes an encoder, or one of its spaces, out of every list; `restore` brings it and its index back. */
  remove: oc.input(z.strictObject({ encoderId: encoderIdSchema })).output(nothing),
  restore: oc.input(z.strictObject({ encoderId: encoderIdSchema })).output(nothing),
  /**
   * Encodes every track that is new or changed, in one pass for all outputs; without any, for the encoder or space that is named and all that are indexed
   * already. Another hop than before begins a new index of the outputs, else of the encoder or space alone.
   */
  index: oc
    .input(
      z.strictObject({
        encoderId: encoderIdSchema,
        /** What is to be indexed; an embedding is not pooled. */
        outputs: z
          .array(z.strictObject({ output: z.string().min(1).max(longestOutputName), pooling: z.enum(poolings).default('mean') }))
          .min(1)
          .max(256)
          .optional(),
        /** Samples at the encoder's rate; the crop's length when absent. */
        hopSamples: z.int().min(hopBounds.least).max(hopBounds.most).optional(),
        device: z.string().max(64).optional(),
        /** Looks through the index's files first, and mends them. */
        repair: z.boolean().optional(),
      }),
    )
    .output(started),
};

const listening = {
  segments: oc.input(listen.segmentQuerySchema).output(listen.segmentPageSchema),
  summary: oc.input(z.strictObject({ encoderId: encoderIdSchema })).output(listen.featureSummarySchema),
  profile: oc
    .input(z.strictObject({ encoderId: encoderIdSchema, trackId: trackIdSchema, feature: listen.featureNumberSchema }))
    .output(listen.featureProfileSchema),
  /** The neurons that have the clearest sound and differ most from each other; by a sample, also while the index grows. */
  clearest: oc
    .input(z.strictObject({ encoderId: encoderIdSchema, count: z.int().min(1).max(listen.mostClearest) }))
    .output(listen.clearestNeuronsSchema),
  notes: oc.input(z.strictObject({ encoderId: encoderIdSchema })).output(z.array(listen.featureNoteSchema)),
  /** Writes a note on a feature; an empty text removes it. */
  setNote: oc
    .input(z.strictObject({ encoderId: encoderIdSchema, feature: listen.featureNumberSchema, text: z.string().max(listen.noteLength) }))
    .output(nothing),
};

const settings = {
  get: oc.output(settingsSchema),
  /** Changes the given fields and returns them all. */
  set: oc.input(settingsSchema.partial()).output(settingsSchema),
  /** How a view was left (widths, chosen features …); null when it never was. */
  getView: oc.input(z.strictObject({ view: z.string().min(1).max(64) })).output(z.unknown()),
  setView: oc
    .input(z.strictObject({ view: z.string().min(1).max(64), state: z.json().refine((state) => JSON.stringify(state).length <= 65536) }))
    .output(nothing),
};

const devices = { list: oc.output(z.array(deviceSchema)) };

const events = { subscribe: oc.output(eventIterator(eventSchema)) };

/** The contract; `rpc` implements it, the renderer's `client` calls it. */
export const contract = {
  host,
  library,
  jobs,
  encoders,
  listen: listening,
  inspect: inspectContract,
  evaluate: evaluateContract,
  experiments: experimentsContract,
  ...pretrainContract,
  ...tagsContract,
  ...headsContract,
  ...writingContract,
  ...similarContract,
  ...playlistsContract,
  ...dataContract,
  ...publishedContract,
  ...datasetsContract,
  settings,
  devices,
  events,
};

/** The contract's type. */
export type Contract = typeof contract;
