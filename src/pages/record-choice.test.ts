import { describe, expect, it } from 'vitest';
import type { PatientId, PracticeId, RecordId } from '../kernel/index.ts';
import type { RecordChoicePage, ShareableRecord } from '../oauth/index.ts';
import type { Frame } from '../words/index.ts';
import { recordChoicePage } from './record-choice.ts';

const own: ShareableRecord = {
  key: '1-a',
  recordId: 1 as RecordId,
  patientId: 'a' as PatientId,
  practiceId: 1 as PracticeId,
  personName: 'Ana <b>Doe</b>',
  birthDate: '1974-07-07',
  practiceName: 'Bay & Sons',
  practiceKind: 'live',
  relation: 'self',
};
const child: ShareableRecord = {
  ...own,
  key: '1-b',
  personName: 'Milo',
  birthDate: '2019-03-02',
  relation: 'representative',
};
const frame: Frame = { language: 'en', brand: { name: 'Patient Access' }, here: undefined };
const choice: RecordChoicePage = {
  appName: 'App "<i>',
  personName: 'Ana <b>Doe</b>',
  records: [own, child],
  csrf: 'c',
  request: 'r',
  choicePath: '/record',
  switchAccountPath: '/sign-in',
};
const inputs = (html: string, name: string) => html.match(new RegExp(`<input[^>]*name="${name}"[^>]*>`, 'g')) ?? [];

describe('the choice of a record', () => {
  it('names person, birth date, practice, and whose it is; none is chosen beforehand', () => {
    const html = recordChoicePage(choice, frame);
    expect(inputs(html, 'record').map((radio) => /value="([^"]+)"/.exec(radio)?.[1])).toEqual(['1-a', '1-b']);
    expect(html).not.toContain('checked');
    expect(html).toMatch(
      /born July 7, 1974[\s\S]*Your own record[\s\S]*Milo, born March 2, 2019[\s\S]*You act for this person/,
    );
    expect(html.match(/Bay &#?\w+; Sons/g)).toHaveLength(2);
    expect(inputs(html, 'words')).toEqual([]);
    expect(html).not.toMatch(/<b>Doe|<i>/);
  });
  it('speaks Spanish', () => {
    const html = recordChoicePage(choice, { ...frame, language: 'es' });
    expect(html).toContain('Milo, fecha de nacimiento: 2 de marzo de 2019');
    expect(html).toMatch(/Su propio expediente[\s\S]*Usted actúa en nombre de esta persona/);
    expect(html).not.toMatch(/\b(record|born|Deny|Continue)\b(?!["-=])/);
  });
  it('an error is in the title and leads to the first radio button', () => {
    const html = recordChoicePage({ ...choice, fault: 'Choose one.' }, frame);
    expect(html).toContain('<title>Error: ');
    expect(html).toContain('<a href="#record-0">Choose one.</a>');
    expect(html).toContain('id="record-0"');
    expect(html).toContain('aria-describedby="fault"');
  });
  it('staff search, and tell people apart by birth date', () => {
    const html = recordChoicePage({ ...choice, search: { words: 'do"e' } }, frame);
    expect(html).toContain('1974-07-07');
    expect(html).toContain('<button name="find" value="yes">');
    expect(html).not.toContain('do"e');
    const none = recordChoicePage({ ...choice, records: [], search: { words: 'doe' }, fault: 'Choose one.' }, frame);
    expect(none).toContain('<a href="#words">');
    expect(none).toContain('No patient of yours matches “doe”');
  });
});
