/** @file Which library this is: what its folders carry too, so that files named by numbers are never taken for another library's. */

/** `id`: the library's own random number; `notice`: a sentence that the person has not seen yet. */
export const identity = `
CREATE TABLE identity (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`;
