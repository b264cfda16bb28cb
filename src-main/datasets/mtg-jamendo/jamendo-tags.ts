/** @file Tags of MTG-Jamendo's four subsets as its splits have them (https://github.com/MTG/mtg-jamendo-dataset, `data/splits`), by the alphabet, and how many tracks each split has. */
import type { PartCounts } from '../dataset.ts';

/** Names of the subsets, as in the names of their files. */
export type Subset = 'top50tags' | 'genre' | 'instrument' | 'moodtheme';

const named = (category: string, names: string): string[] => names.split(' ').map((name) => `${category}---${name}`);

/** Tags by subsets. */
export const jamendoTags: Readonly<Record<Subset, readonly string[]>> = {
  top50tags: [
    ...named('genre', 'alternative ambient atmospheric chillout classical dance downtempo easylistening electronic experimental folk funk'),
    ...named('genre', 'hiphop house indie instrumentalpop jazz lounge metal newage orchestral pop popfolk poprock'),
    ...named('genre', 'reggae rock soundtrack techno trance triphop world'),
    ...named(
      'instrument',
      'acousticguitar bass computer drummachine drums electricguitar electricpiano guitar keyboard piano strings synthesizer',
    ),
    ...named('instrument', 'violin voice'),
    ...named('mood/theme', 'emotional energetic film happy relaxing'),
  ],
  genre: [
    ...named('genre', '60s 70s 80s 90s acidjazz alternative alternativerock ambient atmospheric blues bluesrock bossanova'),
    ...named('genre', 'breakbeat celtic chanson chillout choir classical classicrock club contemporary country dance darkambient'),
    ...named('genre', 'darkwave deephouse disco downtempo drumnbass dub dubstep easylistening edm electronic electronica electropop'),
    ...named('genre', 'ethno eurodance experimental folk funk fusion groove grunge hard hardrock hiphop house'),
    ...named('genre', 'idm improvisation indie industrial instrumentalpop instrumentalrock jazz jazzfusion latin lounge medieval metal'),
    ...named('genre', 'minimal newage newwave orchestral pop popfolk poprock postrock progressive psychedelic punkrock rap'),
    ...named('genre', 'reggae rnb rock rocknroll singersongwriter soul soundtrack swing symphonic synthpop techno trance'),
    ...named('genre', 'triphop world worldfusion'),
  ],
  instrument: [
    ...named(
      'instrument',
      'accordion acousticbassguitar acousticguitar bass beat bell bongo brass cello clarinet classicalguitar computer',
    ),
    ...named('instrument', 'doublebass drummachine drums electricguitar electricpiano flute guitar harmonica harp horn keyboard oboe'),
    ...named('instrument', 'orchestra organ pad percussion piano pipeorgan rhodes sampler saxophone strings synthesizer trombone'),
    ...named('instrument', 'trumpet viola violin voice'),
  ],
  moodtheme: [
    ...named('mood/theme', 'action adventure advertising background ballad calm children christmas commercial cool corporate dark'),
    ...named('mood/theme', 'deep documentary drama dramatic dream emotional energetic epic fast film fun funny'),
    ...named('mood/theme', 'game groovy happy heavy holiday hopeful inspiring love meditative melancholic melodic motivational'),
    ...named('mood/theme', 'movie nature party positive powerful relaxing retro romantic sad sexy slow soft'),
    ...named('mood/theme', 'soundscape space sport summer trailer travel upbeat uplifting'),
  ],
};

const counts = (train: number, validation: number, test: number): PartCounts => ({ train, validation, test });

/** Tracks of the parts of `split-0` to `split-4`. */
export const jamendoCounts: Readonly<Record<Subset, readonly PartCounts[]>> = {
  top50tags: [
    counts(32136, 10888, 11356),
    counts(32395, 10619, 11366),
    counts(32010, 11961, 10409),
    counts(33173, 10468, 10739),
    counts(30868, 11593, 11919),
  ],
  genre: [
    counts(32572, 11043, 11479),
    counts(32746, 10833, 11515),
    counts(32360, 12185, 10549),
    counts(33515, 10656, 10923),
    counts(31305, 11804, 11985),
  ],
  instrument: [
    counts(14395, 5466, 5115),
    counts(14943, 4960, 5073),
    counts(14702, 5066, 5208),
    counts(14875, 5068, 5033),
    counts(14829, 5159, 4988),
  ],
  moodtheme: [
    counts(9949, 3802, 4231),
    counts(10190, 3594, 4198),
    counts(10484, 4085, 3413),
    counts(10920, 3500, 3562),
    counts(10241, 3706, 4035),
  ],
};
