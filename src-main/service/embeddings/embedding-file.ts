/** @file A file of embeddings, whatever its format. */
import type { EmbeddingLevel, TrackEmbeddings } from './embedding-rows.ts';

/** What is written beside the numbers. `earmark`: its version; `values`: as the encoder gave them, or as similar music is searched. */
export type EmbeddingAbout = {
  earmark: string;
  encoder: { id: number; name: string; architecture: string; source: string; origin: string; weightsSha256: string };
  level: EmbeddingLevel;
  values: 'raw' | 'centred';
  sampleRate: number;
  /** Length and distance of segments. */
  segmentMs: number;
  hopMs: number;
  rows: number;
  dimensions: number;
};

/** A file that takes embeddings track by track. */
export type EmbeddingFile = { write(track: TrackEmbeddings): Promise<void>; finish(): Promise<void>; close(): Promise<void> };
