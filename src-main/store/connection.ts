/** @file The type of a connection to the database. */
import type Database from 'better-sqlite3';

/** A connection to the database. */
export type Connection = Database.Database;
