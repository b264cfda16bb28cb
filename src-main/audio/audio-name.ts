/** @file Which names are taken for audio files before anyone has looked inside. */

/** Extensions in lower case without the dot; all of them are formats that the decoder reads. */
export const audioExtensions: ReadonlySet<string> = new Set(
  'mp3 mp2 flac ogg oga opus m4a m4b m4p m4r mp4 aac adts alac wav wave w64 rf64 aif aiff aifc wma asf wv ape mka webm caf au tta tak mpc ac3 dts'.split(
    ' ',
  ),
);

/**
 * True when a file of this name may be a track. Names that begin with a dot are not: the companions that macOS leaves on foreign drives
 * (`._song.mp3`) are among them.
 * @param name a file name, without folders
 */
export function isAudioName(name: string): boolean {
  const dot = name.lastIndexOf('.');
  return dot > 0 && !name.startsWith('.') && audioExtensions.has(name.slice(dot + 1).toLowerCase());
}
