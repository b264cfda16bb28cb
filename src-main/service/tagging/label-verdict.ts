/**
 * @file Whether a tag can be told at all. A measured ROC-AUC is believed only where chance could not have given it: its interval, as far as there is one, must
 * lie above one half, and so must the margin that as many examples without any difference give (Mann and Whitney 1947).
 */
import { spreadOf, spreadText } from '../../contract/index.ts';
import type { StoredLabel } from '../../store/index.ts';

/** Quantile of the standard normal distribution beyond which 2.5 % lie. */
const beyondChance = 1.96;

/** What was measured of a label. */
type MeasuredLabel = Pick<StoredLabel, 'state' | 'message' | 'label' | 'rocAuc' | 'yes' | 'no' | 'groups' | 'kind' | 'name'>;

/**
 * How far from one half chance alone takes a ROC-AUC: the deviation of Mann and Whitney's statistic without any difference. Examples of one artist
 * or album are much alike, so those for the tag count as often as they come from different ones.
 */
export function chanceDeviation({ yes, no, groups }: Pick<MeasuredLabel, 'yes' | 'no' | 'groups'>): number {
  const [fits, other] = [Math.max(1, Math.min(yes, groups)), Math.max(1, no)];
  return Math.sqrt((fits + other + 1) / (12 * fits * other));
}

/** True where a label was measured and is told from other tracks no better than chance may. One that was never measured is not judged. */
export function isUnclear(label: MeasuredLabel): boolean {
  const { state, rocAuc } = label;
  if (state !== 'ready' || rocAuc === null) return false;
  const isAbove = (spreadOf(rocAuc)?.low ?? rocAuc.value) > 0.5;
  return !(isAbove && rocAuc.value - 0.5 > beyondChance * chanceDeviation(label));
}

/** The label as it is shown: one that chance may explain is not offered, and says what would help. */
export function judgedLabel<Label extends MeasuredLabel>(
  label: Label,
  groupedBy: 'artist' | 'album' | null = null,
): Label | (Label & { state: 'unclear' }) {
  if (!isUnclear(label) || label.rocAuc === null) return label;
  const name = label.kind === '' ? label.name : `${label.kind}: ${label.name}`;
  const message =
    `“${name}” cannot be told from the rest yet: ROC-AUC ${label.rocAuc.value.toFixed(2)} (${spreadText(label.rocAuc, { digits: 2, groupedBy: groupedBy ?? 'artist' })}), where guessing gives 0.50. ` +
    `More examples help most, of both kinds and from different artists; so far ${label.yes} fit and ${label.no} do not.`;
  return { ...label, state: 'unclear', label: null, message };
}
