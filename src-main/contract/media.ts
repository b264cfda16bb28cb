/** @file Addresses of what is fetched beside the contract: audio and pictures. */

/** The scheme that Electron's media protocol answers to. */
export const mediaScheme = 'earmark-media';

/** What can be fetched of a track; `copy`: its sound as the decoder gives it that indexes, for players that cannot be relied upon with the file. */
export type MediaKind = 'audio' | 'copy' | 'picture';

/** Path of a track's audio, in a form that a browser plays. */
export function audioPath(trackId: number): string {
  return `/media/audio/${trackId}`;
}

/** Path of a copy of a track's audio on which every place is where the decoder that indexes has it. */
export function copyPath(trackId: number): string {
  return `/media/copy/${trackId}`;
}

/** Path of a track's cover picture. */
export function picturePath(trackId: number): string {
  return `/media/picture/${trackId}`;
}

/** Reads a media path; null when it is none. */
export function parseMediaPath(path: string): { kind: MediaKind; trackId: number } | null {
  const match = /^\/media\/(audio|copy|picture)\/([1-9]\d{0,14})$/.exec(path);
  return match === null ? null : { kind: match[1] as MediaKind, trackId: Number(match[2]) };
}
