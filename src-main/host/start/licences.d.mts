/** @file Types of `licences.mjs`. */
export type Package = { name: string; version: string; licence: string; isShipped: boolean };
type Locked = { version?: string; license?: string; dev?: boolean; dependencies?: Record<string, string> };
export declare function packagesOf(lock: { packages: Record<string, Locked> }): Package[];
export declare function licencesDocument(packages: Package[]): string;
