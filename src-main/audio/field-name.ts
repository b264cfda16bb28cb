/** @file What a field may be called that a person chose: no name that means something else in music files. */
import { AppError } from '../base/index.ts';
import type { Field } from './fields/open-tag.ts';

/** Names of a file's fields that have a meaning of their own; a custom field cannot be called so. TagLib's, and those of Vorbis comments. */
const reserved =
  `TITLE ARTIST ALBUM DATE YEAR TRACKNUMBER TRACK GENRE COMMENT DESCRIPTION ALBUMARTIST COMPOSER COPYRIGHT ENCODEDBY DISCNUMBER DISC
  BPM TRACKTOTAL DISCTOTAL COMPILATION TITLESORT ARTISTSORT ALBUMSORT LYRICIST CONDUCTOR REMIXER LANGUAGE PUBLISHER MOOD MEDIA GROUPING WORK LYRICS
  ISRC CATALOGNUMBER BARCODE MUSICBRAINZ_ARTISTID MUSICBRAINZ_ALBUMID MUSICBRAINZ_TRACKID MUSICBRAINZ_RELEASEGROUPID REPLAYGAIN_TRACK_GAIN
  REPLAYGAIN_TRACK_PEAK REPLAYGAIN_ALBUM_GAIN REPLAYGAIN_ALBUM_PEAK ACOUSTID_FINGERPRINT ACOUSTID_ID ITUNNORM ITUNSMPB ALBUMARTISTSORT COMPOSERSORT
  SUBTITLE LABEL PRODUCER RADIOSTATIONOWNER ASIN MUSICBRAINZ_ALBUMARTISTID MUSICBRAINZ_WORKID MUSICBRAINZ_RELEASETRACKID PODCASTID PODCASTURL
  ORIGINALARTIST ORIGINALALBUM ORIGINALDATE SCRIPT INVOLVEDPEOPLE ENCODING ENCODER VERSION PERFORMER LICENSE ORGANIZATION LOCATION CONTACT
  METADATA_BLOCK_PICTURE COVERART CUESHEET`.split(/\s+/);

/**
 * Checks the name of a field that a person chose.
 * @throws AppError BAD_INPUT
 */
export function checkField({ name, customName }: Field): void {
  if (name !== 'custom') return;
  if (!/^[A-Za-z0-9_-](?:[A-Za-z0-9 _-]{0,58}[A-Za-z0-9_-])?$/.test(customName))
    throw new AppError(
      'BAD_INPUT',
      'The name of a custom field is made of letters from A to Z, digits, blanks, _ and -, up to 60 of them.',
    );
  if (reserved.includes(customName.toUpperCase().replaceAll(' ', '')))
    throw new AppError('BAD_INPUT', `${customName} has a meaning of its own in music files. Choose another name for the custom field.`);
}
