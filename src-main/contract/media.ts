/** @file Addresses of what is fetched beside the contract: audio and pictures. */

/** The scheme that Electron's media protocol answers to. */
export const mediaScheme = 'earmark-media';

/** Path of a track's audio, in a form that a browser plays. */
export function audioPath(trackId: number): string {
  return `/media/audio/${trackId}`;
}

/** Path of a track's cover picture. */
export function picturePath(trackId: number): string {
  return `/media/picture/${trackId}`;
}

/** Reads a media path; null when it is none. */
export function parseMediaPath(path: string): { kind: 'audio' | 'picture'; trackId: number } | null {
  const match = /^\/media\/(audio|picture)\/([1-9]\d{0,14})$/.exec(path);
  return match === null ? null : { kind: match[1] as 'audio' | 'picture', trackId: Number(match[2]) };
}
