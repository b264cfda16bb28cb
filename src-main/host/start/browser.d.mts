/** @file Types of `browser.mjs`. */
export declare function browserPlaces(platform: string, environment: Record<string, string | undefined>): string[];
export declare function findBrowser(): Promise<string | null>;
