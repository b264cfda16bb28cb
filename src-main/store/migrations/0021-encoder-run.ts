/** @file The run that an encoder came from, which is known also after the checkpoint that it was made of was deleted to make room for later ones. */

/** Checkpoints that are gone already are read from the words that say where an encoder came from, where such a run is there. */
export const encoderRun = `
ALTER TABLE encoders ADD COLUMN run_id INTEGER REFERENCES runs(id) ON DELETE SET NULL;
ALTER TABLE encoders ADD COLUMN run_step INTEGER;
UPDATE encoders SET (run_id, run_step) = (SELECT run_id, step FROM checkpoints WHERE encoder_id = encoders.id ORDER BY step LIMIT 1);
UPDATE encoders SET run_id = CAST(substr(origin, 5) AS INTEGER), run_step = CAST(substr(origin, instr(origin, ', step ') + 7) AS INTEGER)
  WHERE run_id IS NULL AND source = 'trained' AND base_encoder_id IS NULL AND origin GLOB 'run [0-9]*, step [0-9]*'
  AND EXISTS (SELECT 1 FROM runs WHERE id = CAST(substr(origin, 5) AS INTEGER) AND runs.created_at <= encoders.created_at);
`;
