/** @file What is known of a feature in words. */
import { featureName } from '../../contract/index.ts';
import type { Store, StoredEncoder } from '../../store/index.ts';

/** What a person wrote on a feature, else what it is called; empty where nobody knows. */
export function featureText({ notes }: Pick<Store, 'notes'>, { id, architecture }: StoredEncoder, feature: number): string {
  return notes.list(id).find((note) => note.feature === feature)?.text ?? featureName(architecture, feature);
}
