import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attributeOf, countOf, parse, textOf } from '../../test/support/browser/html.ts';
import { attribute, emptyHtml, type Html, type HtmlValue, html, htmlToString, joinHtml, raw } from './html.ts';

const text = (markup: Html): string => htmlToString(markup);
/**
 * Casts any value to the type that `html` templates accept, so that tests can insert values which the type excludes.
 */
const cast = (value: unknown): HtmlValue => value as HtmlValue;

const HOSTILE = `"'><script>alert(1)</script><img src=x onerror=alert(1)>&amp;`;

describe('html', () => {
  it('keeps the text of the template', () => {
    expect(text(html``)).toBe('');
    expect(text(html`<p class="a">1 &lt; 2</p>`)).toBe('<p class="a">1 &lt; 2</p>');
    expect(text(html`${1}${2} ${3}`)).toBe('12 3');
  });

  it('escapes each special character of a string', () => {
    expect(text(html`<p>${`& < > " ' =`}</p>`)).toBe('<p>&#38; &#60; &#62; &#34; &#39; &#61;</p>');
    expect(text(html`${'&amp;'}`)).toBe('&#38;amp;');
    expect(text(html`${'plain – ü 😀 \u{202e}'}`)).toBe('plain – ü 😀 \u{202e}');
  });

  it('inserts numbers and search parameters as text', () => {
    expect(text(html`${0} ${-1.5} ${Number.NaN}`)).toBe('0 -1.5 NaN');
    const query = new URLSearchParams({ a: '<b>', c: 'd' });
    const page = html`<a href="/x?${query}">x</a>`;
    expect(attributeOf(page, 'a', 'href')).toBe('/x?a=%3Cb%3E&c=d');
  });

  it('inserts nothing for undefined, null, false and the empty string', () => {
    expect(text(html`[${undefined}${cast(null)}${false}${''}${emptyHtml}${[]}]`)).toBe('[]');
  });

  it('inserts nested markup and arrays of it unchanged, at any depth', () => {
    const items = ['a & b', '<c>'].map((item) => html`<li>${item}</li>`);
    expect(text(html`<ul>${items}</ul>`)).toBe('<ul><li>a &#38; b</li><li>&#60;c&#62;</li></ul>');
    const twice = html`<div>${html`<b>${html`<i>${'<'}</i>`}</b>`}</div>`;
    expect(text(twice)).toBe('<div><b><i>&#60;</i></b></div>');
  });

  it('escapes values that the types exclude', () => {
    const values = [true, ['<', [html`<b>x</b>`, '>', undefined]], { toString: () => '<i>' }, 1n, new Date(0)];
    const results = values.map((value) => text(html`${cast(value)}`));
    expect(results.slice(0, 4)).toEqual(['true', '&#60;<b>x</b>&#62;', '&#60;i&#62;', '1']);
    expect(results.join('')).not.toContain('<i>');
  });

  it.each([
    ['JSON', JSON.parse('{"markup":"<b>x</b>","text":"<b>x</b>"}')],
    ['an object with a similar symbol', { [Symbol('markup')]: '<b>x</b>' }],
    ['a copy through JSON', JSON.parse(JSON.stringify(html`<b>x</b>`))],
    ['a structured clone', { ...structuredClone({ text: '<b>x</b>' }) }],
    ['an array with a similar property', Object.assign(['<b>x</b>'], { markup: '<b>' })],
  ])('does not take %s for markup', (_name, forged) => {
    expect(text(html`${cast(forged)}`)).not.toContain('<b>');
    expect(() => htmlToString(forged as Html)).toThrow(TypeError);
  });

  it('makes one element and one text of hostile input', () => {
    const page = html`<p title="${HOSTILE}">${HOSTILE}</p>`;
    expect(countOf(page, 'body *')).toBe(1);
    expect(textOf(page, 'p')).toBe(HOSTILE);
    expect(attributeOf(page, 'p', 'title')).toBe(HOSTILE);
  });

  it('never lets a string end its text or its quoted attribute', () => {
    const part = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('"', "'", '<', '>', '&', '=', '<!--', ']]>', '&lt;'),
    );
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        // NUL and carriage return can't occur in HTML, and a parser replaces unpaired surrogates by U+FFFD, so the
        // comparison leaves them out.
        const value = parts
          .join('')
          .replaceAll(/[\0\r]/g, '')
          .toWellFormed();
        const page = html`<p title="${value}" lang='${value}'>${value}</p><i>end</i>`;
        const $ = parse(page);
        expect($('body *').length).toBe(2);
        expect($('p').text()).toBe(value);
        expect({ title: $('p').attr('title'), lang: $('p').attr('lang') }).toEqual({ title: value, lang: value });
      }),
    );
  });

  it('never lets a value outside of quotes assign to another attribute', () => {
    const page = html`<input value=${'x onfocus=alert(1) autofocus'}>`;
    expect(attributeOf(page, 'input', 'onfocus')).toBeUndefined();
  });
});

describe('Html', () => {
  const markup = html`<b>x</b>`;

  it.each([
    ['a template literal', () => `${markup}`],
    ['concatenation', () => '<p>'.concat(markup as unknown as string)],
    ['join', () => [markup, markup].join('')],
    ['String', () => String(markup)],
    ['replaceAll', () => 'x'.replaceAll('x', markup as unknown as string)],
    ['comparison', () => (markup as unknown as string) < 'x'],
  ])('throws instead of becoming a string in %s', (_name, convert) => {
    expect(convert).toThrow(new TypeError('Html is not a string. Insert it into html`…`, or use htmlToString.'));
  });

  it('can’t be changed, and shows nothing in JSON', () => {
    expect(Object.isFrozen(markup)).toBe(true);
    expect(JSON.stringify({ markup })).toBe('{"markup":{}}');
  });
});

describe('attribute', () => {
  it('has an escaped value in quotes', () => {
    expect(text(attribute('title', `a "b" & 'c'`))).toBe('title="a &#34;b&#34; &#38; &#39;c&#39;"');
    expect(text(attribute('maxlength', 0))).toBe('maxlength="0"');
    expect(text(attribute('class', ''))).toBe('class=""');
  });

  it('is the name alone for true, and nothing for false and undefined', () => {
    expect(text(attribute('checked', true))).toBe('checked');
    expect(text(attribute('checked', false))).toBe('');
    expect(text(attribute('aria-describedby', undefined))).toBe('');
  });

  it('stays one attribute for hostile input', () => {
    const page = html`<p ${attribute('data-x', HOSTILE)}>y</p>`;
    expect(parse(page)('p').attr()).toEqual({ 'data-x': HOSTILE });
  });

  it.each(['', 'a b', 'a=b', 'A', 'a"', 'a>', '1a', 'on\nload', '-a'])('rejects the name %j', (name) => {
    expect(() => attribute(name, 'x')).toThrow(TypeError);
    expect(() => attribute(name, false)).toThrow(TypeError);
  });
});

describe('joinHtml', () => {
  it('puts the separator between the parts', () => {
    const parts = [html`<b>1</b>`, html`<b>2</b>`];
    expect(text(joinHtml(parts, ' · '))).toBe('<b>1</b> · <b>2</b>');
    expect(text(joinHtml(parts, html`<br>`))).toBe('<b>1</b><br><b>2</b>');
    expect(text(joinHtml(parts, ' & '))).toBe('<b>1</b> &#38; <b>2</b>');
    expect(text(joinHtml([], ', '))).toBe('');
  });

  it('rejects parts that aren’t markup', () => {
    expect(() => joinHtml(['<b>'] as unknown as Html[], '')).toThrow(TypeError);
  });
});

describe('raw', () => {
  it('is inserted unchanged', () => {
    expect(text(html`<p>${raw('<svg/>')}</p>`)).toBe('<p><svg/></p>');
  });
});
