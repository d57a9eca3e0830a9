import { describe, expect, it } from 'vitest';
import { judgePages, readabilityTable } from '../support/readability/judge.ts';
import { measure, READABILITY } from '../support/readability/readability.ts';
import { sentencesIn, sentencesOf } from '../support/readability/sentences.ts';
import { countSyllables } from '../support/readability/syllables.ts';

describe('the syllables of a word', () => {
  it.each([
    ['cat', 1],
    ['agreed', 2],
    ['account', 2],
    ['medicine', 3],
    ['authenticator', 5],
    ['QR', 1],
  ])('%s has %i in English', (word, count) => expect(countSyllables.en(word)).toBe(count));

  it.each([
    ['y', 1],
    ['que', 1],
    ['ley', 1],
    ['guía', 2],
    ['cuidado', 3],
    ['ciudad', 2],
    ['aplicación', 4],
    ['pingüino', 3],
    ['día', 2],
    ['ahí', 2],
    ['ahora', 3],
    ['leer', 2],
    ['aéreo', 4],
    ['contraseña', 4],
    ['también', 2],
    ['QR', 1],
  ])('%s has %i in Spanish', (word, count) => expect(countSyllables.es(word)).toBe(count));
});

describe('the reading level', () => {
  it('is the Flesch-Kincaid grade in English', () => {
    const size = measure(['The cat sat on the mat.'], 'en');
    expect(size).toEqual({ sentences: 1, words: 6, syllables: 6 });
    expect(READABILITY.en.score(size)).toBeCloseTo(0.39 * 6 + 11.8 - 15.59);
    expect({ atLimit: READABILITY.en.isEasy(7), above: READABILITY.en.isEasy(7.01) }).toEqual({
      atLimit: true,
      above: false,
    });
  });

  it('is the perspicuity of Szigriszt Pazos in Spanish', () => {
    const size = measure(['El gato come pan.', '¿Y el perro?'], 'es');
    expect(size).toEqual({ sentences: 2, words: 7, syllables: 10 });
    expect(READABILITY.es.score(size)).toBeCloseTo(206.835 - 62.3 * (10 / 7) - 7 / 2);
    expect({ atLimit: READABILITY.es.isEasy(65), above: READABILITY.es.isEasy(65.01) }).toEqual({
      atLimit: false,
      above: true,
    });
  });
});

const english = (html: string, names: readonly string[] = []) =>
  sentencesOf(`<html lang="en"><main>${html}</main></html>`, 'main', { language: 'en', names });

describe('the sentences of a page', () => {
  it('are those with a period, question mark or exclamation point, and not labels, headings or items', () => {
    expect(
      english(`<h1>Connected apps</h1><p>You can stop an app. <b>Do it</b> at any time!</p>
        <label>Your password</label><button>Save new password</button><ul><li>Medicines</li><li>You can come back.</li></ul>
        <h2>Is this your app?</h2><dt>Status</dt><dd>Not verified.</dd>`),
    ).toEqual(['You can stop an app.', 'Do it at any time!', 'You can come back.', 'Is this your app?']);
  });

  it('end where a block ends, and where a line of plain text ends', () => {
    expect(english('<div>Choose a<p>record now.</p></div><pre>It lasts a day\nYou can stop it.\n</pre>')).toEqual([
      'You can stop it.',
    ]);
  });

  it('count once, without scripts, codes and texts in another language', () => {
    expect(
      english(`<p>Try again in a moment.</p><p>Try again in a moment.</p><script>let a = "Not a text.";</script>
        <noscript><p>This needs a script.</p></noscript><p lang="es">Esto es español.</p><p>Enter <code>abc</code> here now.</p>`),
    ).toEqual(['Try again in a moment.', 'This needs a script.', 'Enter here now.']);
  });

  it('leave out names, dates, times, numbers, addresses and ids', () => {
    const html = `<p>Walks read Ana Doe’s record at 3:05 PM EST on July 7, 1974, 12 times.</p>
      <p>We wrote to ana.doe@example.com about https://walks.example/a?b=c.</p><p>Send the redirect_uri of app.example (form-expired) now.</p>`;
    expect(english(html, ['Walks', 'Ana Doe'])).toEqual([
      'read record at on, times.',
      'We wrote to about.',
      'Send the of now.',
    ]);
    const spanish = ['Se creó el 7 de julio de 1974 a las 3:05 p. m. en su cuenta.'];
    expect(sentencesIn(spanish, { language: 'es' })).toEqual(['Se creó el a las en su cuenta.']);
  });

  it('leave out what records and developers say', () => {
    const record = '<section class="entry"><h2>Asthma, so they say.</h2><dl><dd>Take one a day.</dd></dl></section>';
    expect(english(`${record}<p class="description">The best app ever.</p><p>You can print this.</p>`)).toEqual([
      'You can print this.',
    ]);
  });
});

describe('a judgment', () => {
  const page = (name: string, ...sentences: string[]) => ({ area: 'portal', name, sentences });
  const long = 'You can see what each app reads, and stop it when you like.';
  const hard = 'Authentication necessitates organizational authorization notwithstanding administrative prerequisites.';

  it('is about each page, and about the short pages of an area together', () => {
    const texts = judgePages(
      [page('log', long, long, long), page('apps', 'You have no apps.'), page('receipts', 'You have no receipts.')],
      'en',
    );
    expect(texts.map(({ name, words, isEasy }) => [name, words, isEasy])).toEqual([
      ['portal: log', 39, true],
      ['portal: 2 short pages', 8, true],
    ]);
  });

  it('names the hardest sentences of a page that is too hard to read', () => {
    const texts = judgePages([page('log', long, hard, hard, hard, hard)], 'en');
    expect(texts.map(({ isEasy, hardest }) => [isEasy, hardest])).toEqual([[false, [hard, long]]]);
    expect(readabilityTable(texts, 'en')).toContain(hard);
  });
});
