import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAddress } from '../../src/mail/index.ts';
import { contrastWithWhite } from '../../src/practices/contrast.ts';
import {
  type Details,
  isTimeZone,
  LARGEST_LOGO,
  readDetails,
  readLogo,
  TIME_ZONES,
} from '../../src/practices/index.ts';
import '../support/seed.ts';

const GOOD: Details = {
  name: 'Lakeside Family Practice',
  phone: '+1 (555) 010-2030 ext. 4',
  email: 'desk@lakeside.example',
  website: 'https://www.lakeside.example',
  address: '1 Lake Road\nSpringfield, IL 62701',
  npi: '1234567893',
  color: '#0b5f6b',
  timeZone: 'America/Chicago',
};
const read = (given: Partial<Details>) => readDetails({ ...GOOD, ...given }, isAddress);
const wrong = (given: Partial<Details>) => read(given).faults.map(({ field }) => field);

describe('what patients are told of a practice', () => {
  it('is kept as it is, without needless space', () => {
    expect(read({})).toEqual({ details: { ...GOOD, website: 'https://www.lakeside.example/' }, faults: [] });
    expect(read({ name: '  Lakeside \t Family  Practice ' }).details.name).toBe(GOOD.name);
    expect(read({ address: '1 Lake Road \r\n\r\n  Springfield, IL 62701' }).details.address).toBe(GOOD.address);
    expect(read({ email: ' Desk@Lakeside.example ' }).details.email).toBe(GOOD.email);
    expect(read({ npi: '1234 567-893' }).details.npi).toBe(GOOD.npi);
    expect(read({ color: '#0B5F6B' }).details.color).toBe(GOOD.color);
  });

  it('may be nothing but a name and a time zone', () => {
    expect(wrong({ phone: '', email: '', website: '', address: '', npi: '', color: '' })).toEqual([]);
    expect(wrong({ name: ' ', timeZone: '' })).toEqual(['name', 'timeZone']);
  });

  it('45 CFR 162.406: an NPI whose check digit is right', () => {
    for (const npi of ['1234567890', '123456789', 'ABCDEFGHIJ']) expect(wrong({ npi })).toEqual(['npi']);
  });

  it.each([
    ['a website that is not https', { website: 'http://lakeside.example' }],
    ['a website that is a script', { website: 'javascript:alert(1)' }],
    ['a website that is data', { website: 'data:text/html,<script>alert(1)</script>' }],
    ['a website that is no address', { website: 'lakeside.example' }],
    ['a website that holds a name and password', { website: 'https://user:secret@lakeside.example' }],
    ['an endless website', { website: `https://lakeside.example/${'x'.repeat(200)}` }],
    ['an e-mail address that is none', { email: 'desk at lakeside' }],
    ['two e-mail addresses', { email: 'a@lakeside.example,b@lakeside.example' }],
    ['a phone number of letters', { phone: 'CALL-US' }],
    ['a phone number with markup', { phone: '555<b>' }],
    ['a name with markup that turns text', { name: 'Lakeside \u202e moc.live' }],
    ['a name that begins a header', { name: 'Lakeside\u0000' }],
    ['a name of 101 characters', { name: 'x'.repeat(101) }],
    ['an address of seven lines', { address: '1\n2\n3\n4\n5\n6\n7' }],
    ['a color by name', { color: 'teal' }],
    ['a color that is a style', { color: '#fff}*{x' }],
    ['a color of three digits', { color: '#066' }],
    ['a time zone that is none', { timeZone: 'America/Springfield' }],
  ])('is refused with its field: %s', (_what, given) => {
    expect(wrong(given)).toEqual(Object.keys(given));
  });

  it('is never refused because of a word: what is kept is text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 150 }), (name) => {
        const { details, faults } = read({ name });
        if (faults.length === 0) expect(details.name).toMatch(/^[^\p{C}\p{Zl}\p{Zp}]{1,100}$/u);
      }),
    );
  });
});

describe('WCAG 2.2 §1.4.3, contrast of the color with white', () => {
  it('is reckoned as WCAG says', () => {
    expect(contrastWithWhite('#000000')).toBeCloseTo(21, 5);
    expect(contrastWithWhite('#ffffff')).toBeCloseTo(1, 5);
    expect(contrastWithWhite('#767676')).toBeCloseTo(4.54, 2);
    expect(contrastWithWhite('#777777')).toBeCloseTo(4.48, 2);
  });

  it('is 4.5 or more; less is refused with the ratio, which is never rounded up', () => {
    expect(wrong({ color: '#767676' })).toEqual([]);
    const [fault] = read({ color: '#777777' }).faults;
    expect(fault?.message).toMatch(/its contrast is 4\.47:1, and it has to be 4\.5:1/);
    expect(read({ color: '#ffff00' }).faults[0]?.message).toContain('1.07:1');
  });

  it('no color that is taken is lighter, whichever it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffff }), (number) => {
        const color = `#${number.toString(16).padStart(6, '0')}`;
        expect(wrong({ color }).length === 0).toBe(contrastWithWhite(color) >= 4.5);
      }),
    );
  });
});

describe('a logo is what its bytes say', () => {
  const PNG = Buffer.from('89504e470d0a1a0a0000000d4948445200000001000000010806000000ffffffff', 'hex');
  const JPEG = Buffer.from('ffd8ffe000104a46494600010100000100010000ffc0000b080001000101011100', 'hex');
  const WEBP = Buffer.from('524946461600000057454250565038580a000000000000000000000000000000', 'hex');
  const typeOf = (bytes: Buffer) => {
    const logo = readLogo(bytes);
    return typeof logo === 'string' ? undefined : logo.type;
  };

  it('PNG, JPEG and WebP are taken', () => {
    expect([PNG, JPEG, WEBP].map(typeOf)).toEqual(['image/png', 'image/jpeg', 'image/webp']);
  });

  it.each([
    ['plain', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
    ['with a declaration', '<?xml version="1.0"?><!-- x --><!DOCTYPE svg><SVG onload="alert(1)">'],
    ['behind a byte order mark', '\ufeff  <svg/>'.replace('/>', ' />')],
  ])('SVG is refused with the reason: %s', (_how, text) => {
    expect(readLogo(Buffer.from(text))).toMatch(/SVG.*can hold programs/);
    expect(readLogo(Buffer.from(text, 'utf16le'))).toMatch(/SVG.*can hold programs/);
  });

  it.each([
    ['HTML', '<!doctype html><script>alert(1)</script>'],
    ['a GIF', 'GIF89a<script>alert(1)</script>'],
    ['text that names a picture', '\x89PNG is what I am'],
    ['a RIFF of another kind', 'RIFF0000WAVE'],
    ['a JPEG without a frame', '\xff\xd8\xff\xe0\x00\x10JFIF'],
  ])('%s is none, whatever its name', (_what, text) => {
    expect(readLogo(Buffer.from(text, 'latin1'))).toBe('The file must be a PNG, JPEG or WebP picture');
  });

  it('nothing is none, and more than 200 KB is too much', () => {
    expect(readLogo(Buffer.alloc(0))).toBe('Choose a file');
    expect(typeOf(Buffer.concat([PNG], LARGEST_LOGO))).toBe('image/png');
    expect(readLogo(Buffer.concat([PNG], LARGEST_LOGO + 1))).toContain('200 KB');
  });
});

it('time zones are those that times can be told in', () => {
  for (const zone of TIME_ZONES) expect(() => new Intl.DateTimeFormat('en-US', { timeZone: zone })).not.toThrow();
  expect([isTimeZone('UTC'), isTimeZone('America/New_York'), isTimeZone('EST5EDT2')]).toEqual([true, true, false]);
});
