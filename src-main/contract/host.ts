/** @file What the program around the core can do, the person's settings, and checks of the installation. */
import { z } from 'zod';
import { encoderIdSchema } from './ids.ts';

export const capabilitiesSchema = z.object({
  host: z.enum(['electron', 'serve']),
  /** Native dialogs for folders and files; without them the view offers `host.browse`. */
  nativeDialogs: z.boolean(),
  /** Can show a file in the system's file manager. */
  revealsFiles: z.boolean(),
  version: z.string(),
  platform: z.string(),
  dataDirectory: z.string(),
});
export type Capabilities = z.infer<typeof capabilitiesSchema>;

export const browseQuerySchema = z.strictObject({
  /** Null: the person's home folder. */
  path: z.string().max(4096).nullable(),
  /** Which files to show beside folders. */
  files: z.enum(['none', 'audio', 'weights', 'tags', 'tables', 'backups', 'libraries']),
});
export const browseResultSchema = z.object({
  path: z.string(),
  parent: z.string().nullable(),
  /** Places worth offering: home, Music, drives. */
  places: z.array(z.object({ name: z.string(), path: z.string() })),
  entries: z.array(z.object({ name: z.string(), path: z.string(), kind: z.enum(['folder', 'file']), readable: z.boolean() })),
  /** Audio files directly in this folder. */
  audioFiles: z.int(),
});
export type BrowseResult = z.infer<typeof browseResultSchema>;

export const settingsSchema = z.strictObject({
  theme: z.enum(['system', 'light', 'dark']),
  /** The encoder whose index the views show. */
  encoderId: encoderIdSchema.nullable(),
  /** A device's id or `auto`. */
  device: z.string().max(64),
  /** Notice files that appear, change or go. */
  watchFolders: z.boolean(),
  /** Index new tracks with the chosen encoder without being asked. */
  indexAfterScan: z.boolean(),
});
export type Settings = z.infer<typeof settingsSchema>;

export const checkSchema = z.object({ name: z.string(), ok: z.boolean(), message: z.string() });
export type Check = z.infer<typeof checkSchema>;
