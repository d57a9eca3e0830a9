import { describe, expect, it } from 'vitest';
import type { PatientId, PracticeId, RecordId } from '../kernel/index.ts';
import type { ConsentPage, RecordChoicePage, ShareableRecord } from '../oauth/index.ts';
import { consentPage } from './consent.ts';
import { recordChoicePage } from './record-choice.ts';

const record: ShareableRecord = {
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
const line = { key: 'Observation:sdoh', label: 'Living situation', detail: 'Food.', ticked: true, locked: false };
const page: ConsentPage = {
  appName: 'App "<i>',
  appAddress: 'app.example',
  provisional: false,
  personName: 'Ana <b>Doe</b>',
  asked: 'patient',
  record,
  chosen: false,
  changed: false,
  offered: 'digest',
  hasAccess: false,
  groups: [
    { heading: undefined, lines: [{ ...line, key: 'Patient', locked: true }] },
    { heading: 'Test results', lines: [line, { ...line, key: 'Observation:survey', ticked: false }] },
  ],
  supporting: true,
  practices: [],
  offline: { ticked: true, days: 90 },
  durations: [
    { value: '', label: 'Until I stop it' },
    { value: 'P1D', label: 'One day' },
  ],
  csrf: 'c',
  request: 'scope=patient%2F*.rs',
  decisionPath: '/decision',
  switchAccountPath: '/sign-in',
};
const staff: ConsentPage = { ...page, asked: 'staff', durations: [], practices: ['Bay & Sons', 'Hill <i>'] };
const inputs = (html: string, name: string) => html.match(new RegExp(`<input[^>]*name="${name}"[^>]*>`, 'g')) ?? [];

describe('the consent page', () => {
  it('has a heading for each group, and a box for each line, ticked and locked as they are', () => {
    const html = consentPage(page);
    expect(html.match(/<legend>[^<]*<\/legend>/g)).toContain('<legend>Test results</legend>');
    expect(inputs(html, 'allow').map((box) => [/checked/.test(box), /disabled/.test(box)])).toEqual([
      [true, true],
      [true, false],
      [false, false],
    ]);
  });
  it('carries the record, and starts with the first duration', () => {
    const html = consentPage(page);
    expect(inputs(html, 'record')).toEqual(['<input type="hidden" name="record" value="1-a">']);
    expect(inputs(html, 'duration').map((radio) => /checked/.test(radio))).toEqual([true, false]);
  });
  it('asks about earlier access, unticked, only where there is some', () => {
    expect(inputs(consentPage(page), 'earlier')).toEqual([]);
    const [box, ...others] = inputs(consentPage({ ...page, hasAccess: true }), 'earlier');
    expect([/checked/.test(box ?? 'checked'), others]).toEqual([false, []]);
  });
  it('says so when the app changed what it asks for while the page was open', () => {
    const changed = { ...page, changed: true };
    for (const html of [consentPage(changed), consentPage({ ...changed, asked: 'staff' })]) {
      expect(html).toMatch(/role="alert"[\s\S]*has just changed what it asks for/);
    }
  });
  it('escapes what people and apps are called', () => {
    for (const html of [consentPage(page), consentPage(staff), recordChoicePage(choice)]) {
      expect(html).not.toMatch(/<b>Doe|"<i>|Hill <i>|Bay & /);
    }
  });
  it('says for whom a representative acts, and no longer “your”', () => {
    const html = consentPage({ ...page, record: { ...record, personName: 'Milo', relation: 'representative' } });
    expect(html).toContain('Share Milo’s health record with');
    expect(html).toContain('You act for <b>Milo</b>');
  });
  it('staff: no boxes and no duration, what it may see as a list, and all patients of which practices', () => {
    const html = consentPage(staff);
    expect(html).toContain('1974-07-07');
    expect([inputs(html, 'allow'), inputs(html, 'duration')]).toEqual([[], []]);
    expect(inputs(html, 'offline')).toHaveLength(1);
    expect(html).toMatch(/<b>all patients<\/b> of <b>Bay &#?\w+; Sons<\/b> and <b>Hill/);
    expect(html).toContain('Living situation');
    const { record: _, ...without } = staff;
    expect(inputs(consentPage({ ...without, record: undefined }), 'record')).toEqual([]);
  });
});

const other: ShareableRecord = { ...record, key: '2-b', personName: 'Milo', relation: 'representative' };
const choice: RecordChoicePage = {
  appName: 'App "<i>',
  personName: 'Ana <b>Doe</b>',
  records: [record, other],
  csrf: 'c',
  request: 'r',
  choicePath: '/record',
  switchAccountPath: '/sign-in',
};

describe('the choice of a record', () => {
  it('names person, practice, and whose it is; none is chosen beforehand', () => {
    const html = recordChoicePage(choice);
    expect(inputs(html, 'record').map((radio) => /value="([^"]+)"/.exec(radio)?.[1])).toEqual(['1-a', '2-b']);
    expect(html).not.toContain('checked');
    expect(html).toMatch(/Your own record[\s\S]*You act for this person/);
    expect(html).not.toContain('1974-07-07');
    expect(inputs(html, 'words')).toEqual([]);
  });
  it('an error is in the title and leads to the first radio button', () => {
    const html = recordChoicePage({ ...choice, fault: 'Choose one.' });
    expect(html).toContain('<title>Error: ');
    expect(html).toContain('<a href="#record-0">Choose one.</a>');
    expect(html).toContain('id="record-0"');
    expect(html).toContain('aria-describedby="fault"');
  });
  it('staff search, and tell people apart by birth date', () => {
    const html = recordChoicePage({ ...choice, search: { words: 'do"e' } });
    expect(html).toContain('1974-07-07');
    expect(html).toContain('<button name="find" value="yes">');
    expect(html).not.toContain('do"e');
    const none = recordChoicePage({ ...choice, records: [], search: { words: 'doe' }, fault: 'Choose one.' });
    expect(none).toContain('<a href="#words">');
    expect(none).toContain('No patient of yours matches “doe”');
  });
});
