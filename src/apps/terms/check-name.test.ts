import { describe, expect, it } from 'vitest';
import { checkAppName, checkSelfRegisteredName } from './check-name.ts';

describe('the name of an app in any script', () => {
  it.each([
    'My Health',
    '3M+ 2.0 (beta)',
    'Café “Ärzte” & Söhne',
    'Cafe\u0301 Nguye\u0302\u0303n',
    'Здоровье',
    'Η υγεία μου',
    'صحتي',
    'مُحَمَّدٌ',
    'سلامت\u200cیار',
    'बच्चों का स्वास्थ्य',
    'क्\u200dष और क्\u200cष',
    'र\u200d\u09cdয',
    'র\u200d\u09cdযাব',
    'എന്\u200d ആരോഗ്യം',
    'ශ්\u200dරී ලංකා',
    'สุขภาพของฉัน',
    'ပြွှေ့ မြန်မာ',
    'བསྒྲུབས་ ཧཱུྃ',
    'בְּרִיאוּת',
    'ᠮᠣᠩᠭᠣᠯ\u180eᠠ ᠨ\u180b',
    '健康アプリ',
    '나의 건강',
    'ጤናዬ',
    'Heart ❤\ufe0f app',
    'Family 👨🏽\u200d👩\u200d👧 care',
    'No. 1\ufe0f\u20e3',
    '👋🏽 Hello',
  ])('%s is accepted', (name) => {
    expect(checkAppName(name)).toEqual([]);
  });
  it.each([
    ['the direction turned', 'safe\u202eppa'],
    ['an isolate', 'a\u2066b'],
    ['a line break', 'two\nlines'],
    ['a line separator', 'two\u2028lines'],
    ['an escape sequence', '\u001b[2J'],
    ['a C1 control', 'a\u009b2J'],
    ['a soft hyphen', 'My\u00adHealth'],
    ['a zero-width space', 'My\u200bHealth'],
    ['a zero-width joiner between Latin letters', 'My\u200dHealth'],
    ['a zero-width non-joiner between words', 'صحتي \u200c یار'],
    ['two of them', 'سلامت\u200c\u200cیار'],
    ['a word joiner', 'My\u2060Health'],
    ['a combining grapheme joiner', 'My\u034fHealth'],
    ['Mongolian separators one after another', 'ᠨ\u180e\u180e'],
    ['selectors one after another', '❤\ufe0f\ufe0f a'],
    ['a Hangul filler', 'My\u3164Health'],
    ['a half-width Hangul filler', 'My\uffa0Health'],
    ['a selector on a letter', 'My\ufe0fHealth'],
    ['a selector on a digit', 'Health 2\ufe0f'],
    ['a selector from the supplement', 'My\u{e0100}Health'],
    ['tags', 'My\u{e0041} Health'],
    ['an invisible musical symbol', 'My\u{1d173}Health'],
    ['Braille without dots', 'My\u2800Health'],
    ['private use', 'My\ue000Health'],
    ['private use of another plane', 'My\u{f0000}Health'],
    ['half a surrogate pair', 'My\ud800Health'],
    ['marks that pile up', `H${'\u0336'.repeat(4)}ealth`],
    ['marks of any script that pile up', `क${'\u093f'.repeat(7)}`],
  ])('%s is rejected', (_what, name) => {
    expect(checkAppName(name)).toEqual([
      { code: 'name-not-plain', message: expect.stringContaining('only visible characters') },
    ]);
  });
  it.each(['…', '“ ”', '❤\ufe0f', '\u0301', '- - -', '👩\u200d🚀'])('%j has no letter or digit', (name) => {
    expect(checkAppName(name)).toEqual([
      { code: 'name-without-letter', message: expect.stringContaining('a letter or a digit') },
    ]);
  });
  it.each(['', '  ', '\u3000'])('%j is missing', (name) => {
    expect(checkAppName(name)).toEqual([{ code: 'name-missing', message: expect.stringContaining('needs a name') }]);
  });
});

describe('the name of an app that registers itself without a review', () => {
  it.each([
    'My Health',
    'Café & Söhne 2.0',
    '微信 Health',
    'Health健康',
    'Здоровье',
    'Υγεία',
    'صحتي',
    'Здоровье by Acme',
  ])('%s is accepted', (name) => {
    expect(checkSelfRegisteredName(name)).toEqual([]);
  });
  it.each(['\u0410pple Health', 'Goog\u217ce\u0435', 'Wal\u03bas', 'P\u0430yP\u0430l'])(
    'Unicode TR39 §5.2: %j has letters that only look alike',
    (name) => {
      expect(checkSelfRegisteredName(name)).toEqual([
        { code: 'alphabets-mixed', message: expect.stringContaining('mix alphabets') },
      ]);
    },
  );
  it('a whole message is rejected', () => {
    expect(checkSelfRegisteredName('Walks? Your practice asks you to press Allow, so that your data is safe.')).toEqual(
      [{ code: 'name-too-long', message: expect.stringContaining('at most 60 characters'), values: { most: '60' } }],
    );
  });
});
