/** @file Weights that sum the frequencies of a spectrum by pitch class, as librosa 0.11 has them (`filters.chroma`, after Ellis 2007). Pure. */

/** The pitch classes, from C. */
export const pitchClasses = ['C', 'C♯', 'D', 'D♯', 'E', 'F', 'F♯', 'G', 'G♯', 'A', 'A♯', 'B'] as const;

/** The octave that counts most, as one above A0's 27.5 Hz, and how far around it others do. */
const [centreOctave, octaveWidth] = [5, 2];
const lowestA = 440 / 16;
const classes = pitchClasses.length;

/** @returns how much each frequency of a transform over `window` samples says of each pitch class, `[window / 2 + 1, 12]` */
export function chromaBank({ sampleRate, window }: { sampleRate: number; window: number }): Float32Array {
  const frequencies = window / 2 + 1;
  const places = Float64Array.from(
    { length: frequencies + 1 },
    (_, bin) => classes * Math.log2(((bin || 1) * sampleRate) / window / lowestA),
  );
  // Silence between tones has no pitch: it is put one and a half octaves below the first frequency.
  places[0] = (places[1] as number) - 1.5 * classes;
  const weights = new Float32Array(frequencies * classes);
  for (let bin = 0; bin < frequencies; bin++) {
    const place = places[bin] as number;
    const width = Math.max((places[bin + 1] as number) - place, 1);
    const bumps = pitchClasses.map((_, at) => Math.exp(-0.5 * ((2 * awayFrom(place, at)) / width) ** 2));
    const length = Math.hypot(...bumps);
    const loudness = Math.exp(-0.5 * ((place / classes - centreOctave) / octaveWidth) ** 2);
    for (const [at, bump] of bumps.entries()) weights[bin * classes + at] = (bump / length) * loudness;
  }
  return weights;
}

/** Semitones from a pitch class to a place counted from A, −6 to 6; the first class is C, three above A. */
function awayFrom(place: number, pitchClass: number): number {
  const half = classes / 2;
  const away = place - ((pitchClass + 3) % classes) + half;
  return away - classes * Math.floor(away / classes) - half;
}
