/** @file What was read of a file, as the store keeps it. */
import type { AudioProbe, FileTags } from '../../audio/index.ts';
import type { FolderId } from '../../contract/index.ts';
import type { TrackFile } from '../../store/index.ts';
import type { FoundFile } from './walk.ts';

/** A file, the folder that it was found in, and what was read of it. */
export type ReadFile = { file: FoundFile; folderId: FolderId; probe: AudioProbe; tags: FileTags };

/** How people call a codec. */
const formatNames: Record<string, string> = {
  mp3: 'MP3',
  mp2: 'MP2',
  flac: 'FLAC',
  vorbis: 'Ogg Vorbis',
  opus: 'Opus',
  aac: 'AAC',
  alac: 'ALAC',
  wavpack: 'WavPack',
  ape: "Monkey's Audio",
  wmav1: 'WMA',
  wmav2: 'WMA',
  wmapro: 'WMA',
  wmalossless: 'WMA lossless',
};

/** Puts a file's properties and tags into one record. */
export function trackFile({ file, folderId, probe, tags }: ReadFile): TrackFile {
  const { title, artist, album, albumArtist, year, genres, trackNumber, discNumber, ...others } = tags;
  return {
    folderId,
    ...file,
    audioHash: probe.audioHash,
    container: probe.container,
    codec: probe.codec,
    format: formatName(probe),
    sampleRate: probe.sampleRate,
    channels: probe.channels,
    bitRate: probe.bitRate,
    durationMs: probe.durationMs,
    title: title ?? '',
    artist: artist ?? '',
    album: album ?? '',
    albumArtist: albumArtist ?? '',
    year,
    genre: genres.join(', '),
    discNumber,
    trackNumber,
    labels: labelsOf(tags),
    tags: others,
  };
}

/** The format as people say it: by the codec, and for plain samples by the container. */
export function formatName({ container, codec }: Pick<AudioProbe, 'container' | 'codec'>): string {
  if (codec.startsWith('pcm_')) return container.toUpperCase();
  return formatNames[codec] ?? codec.toUpperCase();
}

/** What a segment's row shows of its file's tags: genres, then mood, grouping and tempo. */
function labelsOf(tags: FileTags): string[] {
  const tempo = tags.bpm === null ? null : `${Math.round(tags.bpm * 100) / 100} BPM`;
  const labels = [...tags.genres, tags.mood, tags.grouping, tempo].map((label) => label?.trim().slice(0, 100) ?? '');
  return [...new Set(labels)].filter((label) => label !== '');
}
