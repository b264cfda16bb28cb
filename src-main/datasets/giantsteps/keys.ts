/** @file The 24 keys, as MARBLE orders them, and how annotations write them. */

const tonics = ['C', 'Db', 'D', 'Eb', 'E', 'F', 'Gb', 'G', 'Ab', 'A', 'Bb', 'B'];
const flats: Readonly<Record<string, string>> = { 'C#': 'Db', 'D#': 'Eb', 'F#': 'Gb', 'G#': 'Ab', 'A#': 'Bb' };

/** Major keys, then minor ones. */
export const keys: readonly string[] = ['major', 'minor'].flatMap((mode) => tonics.map((tonic) => `${tonic} ${mode}`));

/** The place of a key such as `C# minor` among {@link keys}; −1 for what is none. */
export function keyPlace(text: string): number {
  const [tonic = '', mode = '', ...more] = text.trim().split(/\s+/);
  const upper = tonic.charAt(0).toUpperCase() + tonic.slice(1);
  return more.length > 0 ? -1 : keys.indexOf(`${flats[upper] ?? upper} ${mode.toLowerCase()}`);
}
