/** @file Encoders that others have published: what is known of them, how large they are, and their fetching. The only procedures that use the network. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { jobIdSchema } from './ids.ts';

const name = z.string().min(1).max(100);

const knownSchema = z.object({
  name: z.string(),
  title: z.string(),
  about: z.string(),
  licence: z.string(),
  /** Where a person reads about it. */
  page: z.string(),
});

export const publishedSchema = knownSchema.extend({
  /** Where its files lie; empty where nobody published weights. */
  servers: z.array(z.string()),
});
/** A published encoder, as it is known without the network. */
export type PublishedEntry = z.infer<typeof publishedSchema>;

export const publishedOfferSchema = knownSchema.extend({
  files: z.array(z.object({ name: z.string(), address: z.string(), bytes: z.int().nullable() })),
  /** Of all files, as the server tells; null where it does not. */
  bytes: z.int().nullable(),
});
/** What a person is shown before anything is fetched. */
export type PublishedOffer = z.infer<typeof publishedOfferSchema>;

export const publishedContract = {
  published: {
    /** Those that are known; nothing is asked of any server. */
    list: oc.output(z.array(publishedSchema)),
    /** Asks the server how large the files are. */
    offer: oc.input(z.strictObject({ name })).output(publishedOfferSchema),
    /** Fetches and imports one, as a job. */
    fetch: oc.input(z.strictObject({ name })).output(z.object({ jobId: jobIdSchema })),
  },
};
