/** @file Types of `versions.mjs`. */
export declare const oldestNode: number;
export declare const runtimeNode: number;
export declare function nodeProblem(version: string): string | null;
export declare function majorOf(version: string): number;
