/**
 * @file The way through a Vision Transformer (Dosovitskiy et al. 2021; Beyer, Zhai and Kolesnikov 2022 for fixed positions and the mean of the tokens):
 * patches of a picture, what each says by itself and where it is, and a Transformer whose norms come before. Patches that are left out cost nothing.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { attended, gelu, layerNorm, linear, mapped } from '../../layers/transformer.ts';
import type { WeightTensors } from '../../parameters.ts';
import type { PatchKind, VitSettings } from './vit-layers.ts';

/** Of layer norms: PyTorch's default. */
const epsilon = 1e-5;
/** The lowest frequency of positions is one over this, the highest 1. */
const positionScale = 10_000;

/** What enters the first layer and leaves each, and what the last norm makes of that: `[batch, tokens, values]`. */
export type VitStates = { states: Tensor3D[]; last: Tensor3D };

/**
 * The tokens of a kind of patches, and what becomes of them.
 * @param picture `[batch, frames, bands]`
 * @param kept `[batch, count]`: which patches are looked at, counted along the frames of the lowest bands first; all when absent
 */
export function vitStates(
  settings: VitSettings,
  weights: WeightTensors,
  { kind, picture, kept }: { kind: PatchKind; picture: Tensor3D; kept?: Tensor2D | undefined },
): VitStates {
  const chosen = kept === undefined ? undefined : tf.cast<Tensor2D>(kept, 'int32');
  let x = tokensOf(settings, weights, { kind, pixels: pixelsOf(kind, picture, chosen), chosen });
  const states = [x];
  for (let layer = 0; layer < settings.layers; layer++) {
    const name = `transformer.layers.${layer}`;
    x = tf.add(x, attentionOf(settings, weights, { name: `${name}.0`, x }));
    const seen = layerNorm(`${name}.1.net.0`, weights, x, epsilon);
    x = tf.add(x, linear(`${name}.1.net.3`, weights, gelu(linear(`${name}.1.net.1`, weights, seen))));
    states.push(x);
  }
  return { states, last: layerNorm('transformer.norm', weights, x, epsilon) };
}

function attentionOf({ heads }: VitSettings, weights: WeightTensors, { name, x }: { name: string; x: Tensor3D }): Tensor3D {
  const together = mapped(`${name}.to_qkv`, weights, layerNorm(`${name}.norm`, weights, x, epsilon));
  const [queries, keys, values] = tf.split(together, 3, 2) as [Tensor3D, Tensor3D, Tensor3D];
  return mapped(`${name}.to_out`, weights, attended({ queries, keys, values }, heads));
}

/** The pixels of patches, band after band: `[batch, patches, bands · frames]`. */
function pixelsOf({ bands, frames, rows, columns }: PatchKind, picture: Tensor3D, chosen: Tensor2D | undefined): Tensor3D {
  const [batch] = picture.shape;
  const cut = tf.reshape(picture, [batch, columns, frames, rows, bands]);
  const pixels = tf.reshape<tf.Rank.R3>(tf.transpose(cut, [0, 3, 1, 4, 2]), [batch, rows * columns, bands * frames]);
  if (chosen === undefined) return pixels;
  const [, count] = chosen.shape;
  const firsts = tf.reshape(tf.mul(tf.range(0, batch, 1, 'int32'), tf.scalar(rows * columns, 'int32')), [batch, 1]);
  const places = tf.reshape<tf.Rank.R1>(tf.add(chosen, firsts), [batch * count]);
  return tf.reshape(tf.gather(tf.reshape(pixels, [batch * rows * columns, bands * frames]), places), [batch, count, bands * frames]);
}

/** What each patch says, and where it is. */
function tokensOf(
  { values }: VitSettings,
  weights: WeightTensors,
  { kind, pixels, chosen }: { kind: PatchKind; pixels: Tensor3D; chosen: Tensor2D | undefined },
): Tensor3D {
  const named = (part: number): string => `${kind.weights}.${part}`;
  const mean = layerNorm(named(1), weights, pixels, epsilon);
  const said = layerNorm(named(3), weights, linear(named(2), weights, mean), epsilon);
  const table = tf.tensor2d(positionsOf(kind, values), [kind.rows * kind.columns, values]);
  if (chosen === undefined) return tf.add(said, tf.expandDims<Tensor>(table, 0));
  const [batch, count] = chosen.shape;
  return tf.add(said, tf.reshape(tf.gather(table, tf.reshape<tf.Rank.R1>(chosen, [batch * count])), [batch, count, values]));
}

/**
 * Fixed positions `[rows · columns, values]`: sines and cosines of the column, then of the row (Myna's released code). In patches as tall as the picture
 * all rows are the first, so that time alone is told.
 */
export function positionsOf({ rows, columns }: Pick<PatchKind, 'rows' | 'columns'>, values: number): Float32Array {
  const quarter = values / 4;
  const frequency = (at: number): number => 1 / positionScale ** (at / Math.max(1, quarter - 1));
  const table = new Float32Array(rows * columns * values);
  for (let place = 0; place < rows * columns; place++) {
    const [row, column] = [Math.floor(place / columns), place % columns];
    for (let at = 0; at < quarter; at++) {
      const angles = [column * frequency(at), row * frequency(at)];
      const told = angles.flatMap((angle) => [Math.sin(angle), Math.cos(angle)]);
      for (const [part, value] of told.entries()) table[place * values + part * quarter + at] = value;
    }
  }
  return table;
}
