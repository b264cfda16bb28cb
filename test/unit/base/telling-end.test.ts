import { describe, expect, it } from 'vitest';
import { tellingEnd } from '../../../src-main/base/index.ts';

describe('the telling end of a path', () => {
  it('is its last name where no other path ends so', () => {
    expect(tellingEnd('/home/me/music/', ['/home/me/samples'])).toBe('music');
    expect(tellingEnd('C:\\Users\\me\\music', [])).toBe('music');
  });

  it('is longer where another path ends in the same', () => {
    const paths = ['/sets/one/clips', '/sets/two/clips', '/more/two/clips'];
    expect(
      paths.map((path) =>
        tellingEnd(
          path,
          paths.filter((other) => other !== path),
        ),
      ),
    ).toEqual(['one/clips', 'sets/two/clips', 'more/two/clips']);
  });

  it('is all of it where that is the end of another', () => {
    expect(tellingEnd('/clips', ['/sets/clips'])).toBe('clips');
    expect(tellingEnd('/sets/clips', ['/clips'])).toBe('sets/clips');
  });
});
