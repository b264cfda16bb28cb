/** @file Types of `ensure.mjs`. */
export type LockEntry = { version?: string; integrity?: string; optional?: boolean; devOptional?: boolean; link?: boolean };
export type Lock = { packages?: Record<string, LockEntry> };
export declare function missingPackages(lock: Lock, installed: Lock): string[];
export declare function isStale(result: string, sources: string[]): boolean;
