/** @file Types of `tests.mjs`. */
export type TestReport = {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { status: string; assertionResults: { status: string }[] }[];
};
export declare function summarize(report: TestReport): { line: string; failed: number };
