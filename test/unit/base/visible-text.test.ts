import { describe, expect, it } from 'vitest';
import { visibleJson, visibleLine, visibleText } from '../../../src-main/base/index.ts';

const every = Array.from({ length: 0xa0 }, (_, code) => String.fromCharCode(code)).join('');
const hasControls = (text: string): boolean => /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(text);

describe('text on its way to a terminal', () => {
  it('has no control character, and nothing that turns the direction of writing', () => {
    const hostile = `${every}\u202e\u2066`;
    expect(hasControls(visibleText(hostile).replace(/[\n\t]/g, ''))).toBe(false);
    expect(hasControls(visibleLine(hostile))).toBe(false);
    expect(hasControls(visibleJson({ [hostile]: hostile }).replaceAll('\n', ''))).toBe(false);
    expect(JSON.parse(visibleJson({ [hostile]: hostile }))).toEqual({ [hostile]: hostile });
  });

  it('shows them instead, and leaves everything else', () => {
    expect(visibleText('a\u001b[31mb\n\tc')).toBe('a␛[31mb\n\tc');
    expect(visibleLine('one\ntwo\u009b')).toBe('one␊two\\u009b');
    expect(visibleText('Ænima – 東京 🎷 é')).toBe('Ænima – 東京 🎷 é');
  });
});
