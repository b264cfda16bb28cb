/** @file Outputs as they are named on the command line: with how they are pooled behind a colon, also where their own names have colons. */
import { expect, it } from 'vitest';
import { spaceOutput } from '../../../src-main/host/cli/verbs/space-option.ts';

it.each([
  ['block-3', { output: 'block-3', pooling: 'mean' }],
  ['block-3:max', { output: 'block-3', pooling: 'max' }],
  ['/model/encoder.0/Add_1:0', { output: '/model/encoder.0/Add_1:0', pooling: 'mean' }],
  ['/model/encoder.0/Add_1:0:max', { output: '/model/encoder.0/Add_1:0', pooling: 'max' }],
  ['StatefulPartitionedCall/' + 'layer/'.repeat(30), { output: 'StatefulPartitionedCall/' + 'layer/'.repeat(30), pooling: 'mean' }],
])('reads %s', (text, expected) => {
  expect(spaceOutput(text)).toEqual(expected);
});

it.each(['', ':max', 'x'.repeat(1001)])('refuses “%s”', (text) => {
  expect(() => spaceOutput(text)).toThrow(/It must be an output that/);
});
