import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isEmailAddress } from '../../src/kernel/index.ts';
import {
  isTimeZone,
  MAX_LOGO_BYTES,
  type PracticeDetails,
  TIME_ZONES,
  validateLogo,
  validatePracticeDetails,
} from '../../src/practices/index.ts';
import '../support/runs/seed.ts';

const VALID_DETAILS: PracticeDetails = {
  name: 'Lakeside Family Practice',
  phone: '+1 (555) 010-2030 ext. 4',
  email: 'desk@lakeside.example',
  website: 'https://www.lakeside.example',
  address: '1 Lake Road\nSpringfield, IL 62701',
  npi: '1234567893',
  color: '#0b5f6b',
  timeZone: 'America/Chicago',
};
const read = (changes: Partial<PracticeDetails>) =>
  validatePracticeDetails({ ...VALID_DETAILS, ...changes }, isEmailAddress);
const wrong = (changes: Partial<PracticeDetails>) => read(changes).errors.map(({ field }) => field);

describe('the public details of a practice', () => {
  it('are stored as entered, without surrounding space', () => {
    expect(read({})).toEqual({ details: { ...VALID_DETAILS, website: 'https://www.lakeside.example/' }, errors: [] });
    expect(read({ name: '  Lakeside \t Family  Practice ' }).details.name).toBe(VALID_DETAILS.name);
    expect(read({ address: '1 Lake Road \r\n\r\n  Springfield, IL 62701' }).details.address).toBe(
      VALID_DETAILS.address,
    );
    expect(read({ email: ' Desk@Lakeside.example ' }).details.email).toBe(VALID_DETAILS.email);
    expect(read({ npi: '1234 567-893' }).details.npi).toBe(VALID_DETAILS.npi);
    expect(read({ color: '#0B5F6B' }).details.color).toBe(VALID_DETAILS.color);
  });

  it('require only a name and a time zone', () => {
    expect(wrong({ phone: '', email: '', website: '', address: '', npi: '', color: '' })).toEqual([]);
    expect(wrong({ name: ' ', timeZone: '' })).toEqual(['name', 'timeZone']);
  });

  it('45 CFR 162.406: accept an NPI with a valid check digit', () => {
    for (const npi of ['1234567890', '123456789', 'ABCDEFGHIJ']) expect(wrong({ npi })).toEqual(['npi']);
  });

  it('accept any color, because pages adjust it until it is readable', () => {
    for (const color of ['#ffffff', '#ffff00', '#777777', '#000000']) expect(wrong({ color })).toEqual([]);
  });

  it.each([
    ['a website that is not https', { website: 'http://lakeside.example' }],
    ['a website with a javascript URL', { website: 'javascript:alert(1)' }],
    ['a website with a data URL', { website: 'data:text/html,<script>alert(1)</script>' }],
    ['an invalid website', { website: 'lakeside.example' }],
    ['a website with a user name and password', { website: 'https://user:secret@lakeside.example' }],
    ['an endless website', { website: `https://lakeside.example/${'x'.repeat(200)}` }],
    ['an invalid email address', { email: 'desk at lakeside' }],
    ['two email addresses', { email: 'a@lakeside.example,b@lakeside.example' }],
    ['a phone number of letters', { phone: 'CALL-US' }],
    ['a phone number with markup', { phone: '555<b>' }],
    ['a name with characters that reverse the text direction', { name: 'Lakeside \u202e moc.live' }],
    ['a name that injects a header', { name: 'Lakeside\u0000' }],
    ['a name of 101 characters', { name: 'x'.repeat(101) }],
    ['an address of seven lines', { address: '1\n2\n3\n4\n5\n6\n7' }],
    ['a color by name', { color: 'teal' }],
    ['a color with CSS', { color: '#fff}*{x' }],
    ['a color of three digits', { color: '#066' }],
    ['an unknown time zone', { timeZone: 'America/Springfield' }],
  ])('are rejected with their field: %s', (_what, changes) => {
    expect(wrong(changes)).toEqual(Object.keys(changes));
  });

  it('are never rejected because of a word, because they are stored as text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 150 }), (name) => {
        const { details, errors } = read({ name });
        if (errors.length === 0) expect(details.name).toMatch(/^[^\p{C}\p{Zl}\p{Zp}]{1,100}$/u);
      }),
    );
  });
});

describe('a logo is recognized by its bytes', () => {
  const PNG = Buffer.from('89504e470d0a1a0a0000000d4948445200000001000000010806000000ffffffff', 'hex');
  const JPEG = Buffer.from('ffd8ffe000104a46494600010100000100010000ffc0000b080001000101011100', 'hex');
  const WEBP = Buffer.from('524946461600000057454250565038580a000000000000000000000000000000', 'hex');
  const typeOf = (bytes: Buffer) => {
    const logo = validateLogo(bytes);
    return typeof logo === 'string' ? undefined : logo.type;
  };

  it('PNG, JPEG and WebP are accepted', () => {
    expect([PNG, JPEG, WEBP].map(typeOf)).toEqual(['image/png', 'image/jpeg', 'image/webp']);
  });

  it.each([
    ['plain', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
    ['with a declaration', '<?xml version="1.0"?><!-- x --><!DOCTYPE svg><SVG onload="alert(1)">'],
    ['behind a byte order mark', '\ufeff  <svg/>'.replace('/>', ' />')],
  ])('SVG is rejected with the reason: %s', (_how, text) => {
    expect(validateLogo(Buffer.from(text))).toMatch(/SVG images can contain scripts/);
    expect(validateLogo(Buffer.from(text, 'utf16le'))).toMatch(/SVG images can contain scripts/);
  });

  it.each([
    ['HTML', '<!doctype html><script>alert(1)</script>'],
    ['a GIF', 'GIF89a<script>alert(1)</script>'],
    ['text that mentions an image type', '\x89PNG is what I am'],
    ['a RIFF of another kind', 'RIFF0000WAVE'],
    ['a JPEG without a frame', '\xff\xd8\xff\xe0\x00\x10JFIF'],
  ])('%s is rejected, whatever its name', (_what, text) => {
    expect(validateLogo(Buffer.from(text, 'latin1'))).toBe('The file must be a PNG, JPEG or WebP image');
  });

  it('an empty file and more than 200 KB are rejected', () => {
    expect(validateLogo(Buffer.alloc(0))).toBe('Choose a file');
    expect(typeOf(Buffer.concat([PNG], MAX_LOGO_BYTES))).toBe('image/png');
    expect(validateLogo(Buffer.concat([PNG], MAX_LOGO_BYTES + 1))).toContain('200 KB');
  });
});

it('time zones are those that dates can be formatted in', () => {
  for (const zone of TIME_ZONES) expect(() => new Intl.DateTimeFormat('en-US', { timeZone: zone })).not.toThrow();
  expect({ utc: isTimeZone('UTC'), newYork: isTimeZone('America/New_York'), posix: isTimeZone('EST5EDT2') }).toEqual({
    utc: true,
    newYork: true,
    posix: false,
  });
});
