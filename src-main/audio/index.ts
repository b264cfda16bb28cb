/** @file Sound files: what they hold, their samples, their tags, their outline. The only room that knows codecs. */
export { audioExtensions, isAudioName } from './audio-name.ts';
export { decodeMono, defaultBlockSamples } from './decode.ts';
export type { DecodeOptions, DecodeSummary } from './decode.ts';
export { resamplerSettings } from './mono-resampler.ts';
export { printAudio } from './fingerprint/print-audio.ts';
export { PeaksBuilder, peaksPerSecond } from './peaks.ts';
export { isPlayableInBrowser, mimeTypeOf } from './playable.ts';
export type { CodecAndContainer } from './playable.ts';
export { probeAudio } from './probe.ts';
export type { AudioProbe } from './probe.ts';
export { systemFfmpegDecoder } from './system-ffmpeg.ts';
export type { Decoder } from './system-ffmpeg.ts';
export { readPicture, readTags } from './tags.ts';
export type { FileTags, Picture } from './tags.ts';
export { transcodeToFlac } from './transcode.ts';
export { Augmenter } from './augment/index.ts';
export type { AugmentationSettings } from './augment/index.ts';
export { spectrogramOf } from './spectrogram.ts';
