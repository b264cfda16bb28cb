/** @file Parts by a hash of whom a clip is of, as published code parts what comes without a split. */
import { createHash } from 'node:crypto';
import type { Part } from './dataset.ts';

/** The SHA-1 of a text as one large number, modulo `size`: what `int(sha1(text).hexdigest(), 16) % size` gives in Python. */
export function hashPlace(text: string, size: number): number {
  const hex = createHash('sha1').update(text, 'utf8').digest('hex');
  return Number(BigInt(`0x${hex}`) % BigInt(size));
}

/** A part by a hash of a group’s name, where nothing was published: six of ten for training, two each for validation and testing; stable as clips come. */
export function ownPart(group: string, seed = 0): Part {
  const place = hashPlace(`${seed} ${group}`, 10);
  return place < 6 ? 'train' : place < 8 ? 'validation' : 'test';
}
