/** @file How the encoder of a run does beside the one that it stands upon, as JSON. */

export const runComparison = `
ALTER TABLE runs ADD COLUMN comparison TEXT;
`;
