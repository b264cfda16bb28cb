/** @file What an index's rows were when they were written, so that files that change behind Earmark's back are noticed. */

/** SHA-256 over the bytes of `row_count` embeddings from `first_row` on. Rows that were written before there were hashes have none. */
export const indexBlocks = `
CREATE TABLE index_blocks (
  index_id INTEGER NOT NULL REFERENCES indexes (id) ON DELETE CASCADE,
  first_row INTEGER NOT NULL,
  row_count INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  PRIMARY KEY (index_id, first_row)
) STRICT, WITHOUT ROWID;
`;
