/** @file Hashes of the weights of heads, by which a file that changed is noticed. */

/** SHA-256 over a head's tensors. Heads that were trained before there were hashes have none. */
export const headHash = `
ALTER TABLE heads ADD COLUMN weights_sha256 TEXT;
`;
