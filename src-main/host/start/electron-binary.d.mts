/** @file Types of `electron-binary.mjs`. */
export declare function whyNoWindow(here: {
  environment: Record<string, string | undefined>;
  platform: string;
  userId: number | null;
  args: string[];
}): string | null;
export declare function electronPath(folder?: string): string | null;
export declare function failedLately(note: string, nowMs: number): boolean;
