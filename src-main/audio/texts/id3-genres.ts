/** @file Genres of ID3 tags: numbers of a list (ID3v1 with Winamp's additions), in brackets or without, and texts (id3v2.3.0, section 4.2.1, TCON). */

const names =
  'Blues|Classic Rock|Country|Dance|Disco|Funk|Grunge|Hip-Hop|Jazz|Metal|New Age|Oldies|Other|Pop|R&B|Rap|Reggae|Rock|Techno|Industrial|Alter' +
  'native|Ska|Death Metal|Pranks|Soundtrack|Euro-Techno|Ambient|Trip-Hop|Vocal|Jazz+Funk|Fusion|Trance|Classical|Instrumental|Acid|House|Game' +
  '|Sound Clip|Gospel|Noise|Alternative Rock|Bass|Soul|Punk|Space|Meditative|Instrumental Pop|Instrumental Rock|Ethnic|Gothic|Darkwave|Techno' +
  '-Industrial|Electronic|Pop-Folk|Eurodance|Dream|Southern Rock|Comedy|Cult|Gangsta Rap|Top 40|Christian Rap|Pop/Funk|Jungle|Native American' +
  '|Cabaret|New Wave|Psychedelic|Rave|Showtunes|Trailer|Lo-Fi|Tribal|Acid Punk|Acid Jazz|Polka|Retro|Musical|Rock & Roll|Hard Rock|Folk|Folk-' +
  'Rock|National Folk|Swing|Fast Fusion|Bebop|Latin|Revival|Celtic|Bluegrass|Avantgarde|Gothic Rock|Progressive Rock|Psychedelic Rock|Symphon' +
  'ic Rock|Slow Rock|Big Band|Chorus|Easy Listening|Acoustic|Humour|Speech|Chanson|Opera|Chamber Music|Sonata|Symphony|Booty Bass|Primus|Porn' +
  ' Groove|Satire|Slow Jam|Club|Tango|Samba|Folklore|Ballad|Power Ballad|Rhythmic Soul|Freestyle|Duet|Punk Rock|Drum Solo|A Cappella|Euro-Hou' +
  'se|Dance Hall|Goa|Drum & Bass|Club-House|Hardcore|Terror|Indie|BritPop|Afro-Punk|Polsk Punk|Beat|Christian Gangsta Rap|Heavy Metal|Black M' +
  'etal|Crossover|Contemporary Christian|Christian Rock|Merengue|Salsa|Thrash Metal|Anime|JPop|Synthpop|Abstract|Art Rock|Baroque|Bhangra|Big' +
  ' Beat|Breakbeat|Chillout|Downtempo|Dub|EBM|Eclectic|Electro|Electroclash|Emo|Experimental|Garage|Global|IDM|Illbient|Industro-Goth|Jam Ban' +
  'd|Krautrock|Leftfield|Lounge|Math Rock|New Romantic|Nu-Breakz|Post-Punk|Post-Rock|Psytrance|Shoegaze|Space Rock|Trop Rock|World Music|Neoc' +
  'lassical|Audiobook|Audio Theatre|Neue Deutsche Welle|Podcast|Indie Rock|G-Funk|Dubstep|Garage Rock|Psybient';

const list = names.split('|');
const special: Record<string, string> = { RX: 'Remix', CR: 'Cover' };

/** The genre with a number of the list; null for numbers that mean none. */
export function genreOfNumber(number: number): string | null {
  return list[number] ?? null;
}

/** The genres that a value of a genre frame names: `(17)`, `(4)Eurodisco`, `(RX)(CR)`, `((text in brackets)`, `17`, or a text. */
export function genresOf(value: string): string[] {
  const genres: string[] = [];
  let rest = value.trim();
  for (let found = /^\((\d{1,3}|RX|CR)\)/.exec(rest); found !== null; found = /^\((\d{1,3}|RX|CR)\)/.exec(rest)) {
    const genre = genreOf(found[1] ?? '');
    if (genre !== null) genres.push(genre);
    rest = rest.slice(found[0].length).trim();
  }
  const text = rest.startsWith('((') ? rest.slice(1) : rest;
  const last = genres.length === 0 ? genreOf(text) : text;
  return [...genres, ...(last === null || last === '' ? [] : [last])];
}

/** What a number or an abbreviation stands for; a larger number is a text, a decade for example. 255 means none. */
function genreOf(text: string): string | null {
  if (/^\d{1,3}$/.test(text)) return genreOfNumber(Number(text)) ?? (text === '255' ? null : text);
  return special[text] ?? text;
}
