import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toPlainAscii } from './plain-ascii.ts';

describe('RFC 6749 §5.2: error_description is printable ASCII without " and \\', () => {
  it.each([
    ['redirect_uri differs at character 31', 'redirect_uri differs at character 31'],
    ['"Bearer …" can’t be read', "'Bearer ...' can't be read"],
    ['‘a’ “b” «c»', "'a' 'b' 'c'"],
    ['a – b — c', 'a - b - c'],
    ['C:\\temp', "C:'temp"],
    ['Café Zürich, Nguyễn', 'Cafe Zurich, Nguyen'],
    ['ﬁle №', 'file No'],
    ['＂full width＼', "'full width'"],
    ['日本 👩', '?? ?'],
    ['a\u0000b\nc\ud800', 'a?b?c?'],
  ])('%j becomes %j', (text, plain) => {
    expect(toPlainAscii(text)).toBe(plain);
  });
  it('holds for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) =>
        /^[\u0020!\u0023-\u005b\u005d-\u007e]*$/.test(toPlainAscii(text)),
      ),
    );
  });
});
