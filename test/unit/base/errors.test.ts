/** @file Errors of the operating system as sentences that name what is to be looked at. */
import { describe, expect, it } from 'vitest';
import { toAppError } from '../../../src-main/base/index.ts';

const denied = (path?: string): Error => Object.assign(new Error('EACCES'), { code: 'EACCES', ...(path === undefined ? {} : { path }) });
const says = (error: Error, doing: string): string => toAppError(error, doing).message;

describe('what was denied', () => {
  it('is named where what was being done does not name it, and once', () => {
    expect(toAppError(denied('/data/index/7'), 'read or change what is stored')).toMatchObject({
      code: 'NOT_ALLOWED',
      message: 'Could not read or change what is stored: permission was denied for /data/index/7. Check who may read it and write there.',
    });
    expect(says(denied('/data'), 'open the data directory /data')).toBe(
      'Could not open the data directory /data: permission was denied. Check who may read it and write there.',
    );
    expect(says(denied(), 'save the list')).toBe('Could not save the list: permission was denied. Check who may read it and write there.');
  });
});
