/** @file Instruments by the banks and programs that FluidR3 GM has them under. Drum kits are in bank 128 and are played on channel 10. */

/** Bank and program, from 0. */
export type Instrument = readonly [bank: number, program: number];

const gm = (program: number): Instrument => [0, program];

/** Every instrument that is used. */
export const instruments = {
  ...{ piano: gm(0), brightPiano: gm(1), rhodes: gm(4), clavinet: gm(7), celesta: gm(8), glockenspiel: gm(9), musicBox: gm(10) },
  ...{ vibraphone: gm(11), marimba: gm(12), xylophone: gm(13), tubularBells: gm(14), dulcimer: gm(15), churchBell: [8, 14] },
  ...{ drawbarOrgan: gm(16), churchOrgan: gm(19), churchOrganSoft: [8, 19], accordion: gm(21), musette: [8, 21], harmonica: gm(22) },
  ...{ nylonGuitar: gm(24), steelGuitar: gm(25), jazzGuitar: gm(26), cleanGuitar: gm(27), mutedGuitar: gm(28), funkGuitar: [8, 28] },
  ...{ overdrive: gm(29), distortion: gm(30), doubleBass: gm(32), fingeredBass: gm(33), pickedBass: gm(34), slapBass: gm(36) },
  ...{ synthBass: gm(38), acidBass: gm(39), violin: gm(40), viola: gm(41), cello: gm(42), contrabass: gm(43), tremolo: gm(44) },
  ...{ pizzicato: gm(45), harp: gm(46), timpani: gm(47), strings: gm(48), slowStrings: gm(49), choir: gm(52), voices: gm(53) },
  ...{
    trumpet: gm(56),
    trombone: gm(57),
    tuba: gm(58),
    horn: gm(60),
    brass: gm(61),
    altoSax: gm(65),
    tenorSax: gm(66),
    baritoneSax: gm(67),
  },
  ...{
    oboe: gm(68),
    bassoon: gm(70),
    clarinet: gm(71),
    piccolo: gm(72),
    flute: gm(73),
    recorder: gm(74),
    shakuhachi: gm(77),
    whistle: gm(78),
  },
  ...{ square: gm(80), saw: gm(81), sine: [8, 80], warmPad: gm(89), polysynth: gm(90), spaceVoice: gm(91), bowedGlass: gm(92) },
  ...{ haloPad: gm(94), sweepPad: gm(95), crystal: gm(98), atmosphere: gm(99), sitar: gm(104), shamisen: gm(106), koto: gm(107) },
  ...{ kalimba: gm(108), bagpipe: gm(109), fiddle: gm(110), steelDrums: gm(114), taiko: gm(116) },
  ...{ kit: [128, 0], roomKit: [128, 8], powerKit: [128, 16], electronicKit: [128, 24], eightOhEight: [128, 25], jazzKit: [128, 32] },
  ...{ brushKit: [128, 40], orchestraKit: [128, 48] },
} satisfies Record<string, Instrument>;

/** One of {@link instruments}. */
export type InstrumentName = keyof typeof instruments;
