/** @file Which names are taken for audio files before anyone has looked inside. */

/** Extensions in lower case without the dot; all of them are formats that the decoder reads. */
export const audioExtensions: ReadonlySet<string> = new Set(
  'mp3 mp2 flac ogg oga opus m4a m4b m4p m4r mp4 aac adts alac wav wave w64 rf64 aif aiff aifc wma asf wv ape mka webm caf au tta tak mpc ac3 dts'.split(
    ' ',
  ),
);

/** Sound that Earmark does not read: other forms of samples, notes, and films. */
const otherSound: ReadonlySet<string> = new Set(
  'dsf dff sacd iso mod xm it s3m mtm stm med mo3 umx mid midi kar rmi sid vgm vgz nsf spc gbs psf ay aup aup3 band flp als logicx mkv avi mov wmv flv ts m2ts mpg mpeg 3gp ra rm ram voc 8svx snd amr qcp shn ofr ofs la cda aax aa kgm ncm'.split(
    ' ',
  ),
);

/** The kind of a file with sound in it that is not read, by its name in capitals (`DSF`); null for others. */
export function unreadSound(name: string): string | null {
  const extension = extensionOf(name);
  return otherSound.has(extension) ? extension.toUpperCase() : null;
}

/**
 * True when a file of this name may be a track, “...And Justice for All.mp3” too. The companions that macOS leaves on foreign drives (`._song.mp3`)
 * are none.
 * @param name a file name, without folders
 */
export function isAudioName(name: string): boolean {
  return !name.startsWith('._') && audioExtensions.has(extensionOf(name));
}

function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(dot + 1).toLowerCase() : '';
}
