/** @file The outer form of calls. */
import { describe, expect, it } from 'vitest';
import { contract } from '../../../src-main/contract/index.ts';
import { isEnvelope } from '../../../src-main/rpc/envelope.ts';

const call = (path: string): string => JSON.stringify({ i: '1', p: { u: path, b: { json: {} } } });

describe('the form of a call', () => {
  it('is had by the call of every procedure', () => {
    const paths = Object.entries(contract).flatMap(([subject, procedures]) => Object.keys(procedures).map((verb) => `/${subject}/${verb}`));
    expect(paths.filter((path) => !isEnvelope(call(path)))).toEqual([]);
  });

  it('is not had by other paths and other messages', () => {
    for (const path of ['/jobs', '/jobs/list/1', '/jobs/../list', '/jobs/1', 'jobs/list', '/jobs/list?a'])
      expect(isEnvelope(call(path)), path).toBe(false);
    for (const message of ['', '{}', '[]', 'null', '{"i":1,"p":{"u":"/jobs/list"}}', 7]) expect(isEnvelope(message)).toBe(false);
  });
});
