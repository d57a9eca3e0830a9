import { describe, expect, it } from 'vitest';
import { choicesOf, hasElement, textOf } from '../../test/support/browser/html.ts';
import type { AccessibleRecord } from '../domain/index.ts';
import type { PageContext } from '../i18n/index.ts';
import { htmlToString, type PatientId, type PracticeId, type RecordId } from '../kernel/index.ts';
import type { RecordChoicePage } from '../oauth/index.ts';
import { patientPickerPage as renderPatientPicker } from './patient-picker.ts';

const patientPickerPage = (...parameters: Parameters<typeof renderPatientPicker>) =>
  htmlToString(renderPatientPicker(...parameters));

const own: AccessibleRecord = {
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
const child: AccessibleRecord = {
  ...own,
  key: '1-b',
  personName: 'Milo',
  birthDate: '2019-03-02',
  relation: 'representative',
};
const pageContext: PageContext = { language: 'en', brand: { name: 'Patient Access' }, currentPath: undefined };
const choice: RecordChoicePage = {
  appName: 'App "<i>',
  personName: 'Ana <b>Doe</b>',
  records: [own, child],
  csrf: 'c',
  request: 'r',
  choicePath: '/record',
  switchAccountPath: '/sign-in',
};

describe('the patient picker', () => {
  it('shows name, birth date, practice and relationship, with nothing preselected', () => {
    const html = patientPickerPage(choice, pageContext);
    expect(choicesOf(html, 'record')).toEqual([
      { value: '1-a', checked: false, disabled: false },
      { value: '1-b', checked: false, disabled: false },
    ]);
    expect(textOf(html)).toMatch(
      /born July 7, 1974.*Your own record.*Milo, born March 2, 2019.*You act for this person/,
    );
    expect(textOf(html).match(/Bay & Sons/g)).toHaveLength(2);
    expect(hasElement(html, '[name=words]')).toBe(false);
    expect(hasElement(html, 'i')).toBe(false);
    expect(html).not.toMatch(/<b>Doe|<i>/);
  });
  it('is available in Spanish', () => {
    const html = patientPickerPage(choice, { ...pageContext, language: 'es' });
    expect(html).toContain('Milo, fecha de nacimiento: 2 de marzo de 2019');
    expect(html).toMatch(/Su propio expediente[\s\S]*Usted actúa en nombre de esta persona/);
    expect(html).not.toMatch(/\b(record|born|Deny|Continue)\b(?!["-=])/);
    const found = textOf(
      patientPickerPage({ ...choice, search: { words: 'doe' } }, { ...pageContext, language: 'es' }),
    );
    expect(found).toMatch(
      /Elija al paciente para abrir en .*Buscar a un paciente.*fecha de nacimiento: 7 de julio de 1974/,
    );
  });
  it('shows an error in the title and links it to the first radio button', () => {
    const html = patientPickerPage({ ...choice, error: 'Choose one.' }, pageContext);
    expect(textOf(html, 'title')).toMatch(/^Error: /);
    expect(textOf(html, 'a[href="#record-0"]')).toBe('Choose one.');
    expect(hasElement(html, '#record-0')).toBe(true);
    expect(html).toContain('aria-describedby="error-record"');
  });
  it('lets staff search and shows birth dates to tell patients apart', () => {
    const html = patientPickerPage({ ...choice, search: { words: 'do"e' } }, pageContext);
    expect(html).toContain('born July 7, 1974');
    expect(hasElement(html, 'button[name=find][value=yes]')).toBe(true);
    expect(html).not.toContain('do"e');
    const none = patientPickerPage(
      { ...choice, records: [], search: { words: 'doe' }, error: 'Choose one.' },
      pageContext,
    );
    expect(hasElement(none, 'a[href="#words"]')).toBe(true);
    expect(none).toContain('None of your patients match “doe”');
  });
});
