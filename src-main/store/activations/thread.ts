/** @file The door for threads that read an index's columns. Nothing behind it loads the database. */
export { ChunkFiles } from './chunk-files.ts';
