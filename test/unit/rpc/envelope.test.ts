/** @file The outer form of calls. */
import { describe, expect, it } from 'vitest';
import { contract } from '../../../src-main/contract/index.ts';
import { mostMessageCharacters, readEnvelope } from '../../../src-main/rpc/envelope.ts';

const call = (path: unknown): string => JSON.stringify({ i: '1', p: { u: path, b: { json: {} } } });

describe('the form of a call', () => {
  it('is had by the call of every procedure', () => {
    const paths = Object.entries(contract).flatMap(([subject, procedures]) => Object.keys(procedures).map((verb) => `/${subject}/${verb}`));
    expect(paths.filter((path) => readEnvelope(call(path)).kind !== 'call')).toEqual([]);
  });

  it('is not had by other paths, which are refused by the call’s number', () => {
    for (const path of ['/jobs', '/jobs/list/1', '/jobs/../list', '/jobs/1', 'jobs/list', '/jobs/list?a', '//', 7, null])
      expect(readEnvelope(call(path)), String(path)).toMatchObject({ kind: 'refused', id: '1' });
    for (const message of ['{"i":"1"}', '{"i":"1","p":7}', '{"i":"1","p":{"u":"/jobs/list","h":{"a":1}}}'])
      expect(readEnvelope(message), message).toMatchObject({ kind: 'refused', id: '1' });
  });

  it('is not had by messages without a number, and by pieces of streams, which no procedure takes', () => {
    for (const message of [
      '',
      '{}',
      '[]',
      'null',
      '{"i":1,"p":{"u":"/jobs/list"}}',
      '{"i":"1","t":3,"p":{"e":"message"}}',
      new Uint8Array(3),
    ])
      expect(readEnvelope(message).kind).toBe('none');
  });

  it('is not looked for in a message that is too long, which is refused without being taken apart', () => {
    const message = `{"i":"12","p":{"u":"/jobs/list","b":{"json":"${'x'.repeat(mostMessageCharacters)}`;
    expect(readEnvelope(message)).toMatchObject({ kind: 'refused', id: '12', why: expect.stringContaining('longer than') as string });
  });
});
