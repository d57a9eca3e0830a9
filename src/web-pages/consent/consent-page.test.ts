import { describe, expect, it } from 'vitest';
import { choicesOf, hasElement, hiddenFields, parse, textOf, textsOf } from '../../../test/support/browser/html.ts';
import type { AccessibleRecord } from '../../domain/index.ts';
import type { PageContext } from '../../i18n/index.ts';
import { htmlToString, type PatientId, type PracticeId, type RecordId } from '../../kernel/index.ts';
import type { ConsentItem, ConsentItemGroup, ConsentPage, RequestingApp } from '../../oauth/index.ts';
import { consentPage as renderConsentPage } from './consent-page.ts';

const consentPage = (...parameters: Parameters<typeof renderConsentPage>) =>
  htmlToString(renderConsentPage(...parameters));

const record: AccessibleRecord = {
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
const milo: AccessibleRecord = { ...record, key: '2-b', personName: 'Milo', relation: 'representative' };
const pageContext: PageContext = { language: 'en', brand: { name: 'Patient Access' }, currentPath: undefined };
const spanish: PageContext = { ...pageContext, language: 'es' };
const line: ConsentItem = {
  key: 'Observation:sdoh',
  label: 'Living situation',
  detail: 'Food.',
  checked: true,
  required: false,
  isNew: false,
  mayOverlap: false,
};
const group: ConsentItemGroup = { name: 'life', heading: 'Daily life', on: true, items: [], overlaps: [] };
const app: RequestingApp = {
  name: 'App "<i>',
  developer: null,
  verifiedAt: null,
  selfRegistered: false,
  provisional: false,
  address: 'app.example',
  onDevice: false,
  policy: undefined,
  dataUse: {},
};
const page: ConsentPage = {
  app,
  personName: 'Ana <b>Doe</b>',
  userKind: 'patient',
  record,
  visit: undefined,
  chartPath: undefined,
  timeZone: 'America/Chicago',
  wasChosen: false,
  changed: false,
  offerDigest: 'digest',
  earlierAccess: undefined,
  counts: {},
  groups: [
    { ...group, name: 'person', items: [{ ...line, key: 'Patient', label: 'Personal details', required: true }] },
    { ...group, items: [line, { ...line, key: 'Observation:survey', checked: false }] },
    { ...group, name: 'visits', heading: 'Visits and notes', items: [{ ...line, key: 'Encounter', label: 'Visits' }] },
  ],
  sensitive: [],
  includesSupporting: true,
  identity: undefined,
  practices: [],
  offline: { ticked: true, days: 90 },
  term: { kind: 'hour', seconds: 3660 },
  durations: [
    { value: '', label: 'Until I stop it', selected: false },
    { value: 'P1D', label: 'One day', selected: true },
  ],
  csrf: 'c',
  request: 'scope=patient%2F*.rs',
  decisionPath: '/decision',
  switchAccountPath: '/sign-in',
  accountPath: '/account/apps',
};
const staff: ConsentPage = { ...page, userKind: 'staff', durations: [], practices: ['Bay & Sons', 'Hill <i>'] };
const withApp = (changes: Partial<RequestingApp>, at: PageContext = pageContext, of: ConsentPage = page) =>
  consentPage({ ...of, app: { ...app, ...changes } }, at);

describe('the consent page', () => {
  it('shows who is signed in, with a link for anyone else', () => {
    const html = consentPage(page, pageContext);
    expect(textOf(html)).toContain('Hi Ana <b>Doe</b> . Not you?');
    expect(textOf(html, 'a[href="/sign-in"]')).toBe('Not you?');
    expect(textOf(consentPage(page, spanish))).toContain('Hola, Ana <b>Doe</b> . ¿No es usted?');
  });
  it('has a switch for each group and a checkbox for each item, on and checked as specified', () => {
    const groups = page.groups.map((one) => ({ ...one, on: one.name !== 'life' }));
    const html = consentPage({ ...page, groups }, pageContext);
    expect(textsOf(html, 'summary b')).toContain('Daily life');
    expect(choicesOf(html, 'group').map(({ value, checked }) => [value, checked])).toEqual([['life', false]]);
    expect(choicesOf(html, 'allow').map(({ value, checked }) => [value, checked])).toEqual([
      ['Observation:sdoh', true],
      ['Observation:survey', false],
      ['Encounter', true],
    ]);
    const declined = page.groups.map((one) => ({
      ...one,
      items: one.items.map((item) => ({ ...item, checked: false })),
    }));
    expect(
      choicesOf(consentPage({ ...page, groups: declined }, pageContext), 'allow').map(({ checked }) => checked),
    ).toEqual([false, false, false]);
  });
  it('has no control for what is always shared, and says why it is', () => {
    const html = consentPage(page, pageContext);
    expect(hasElement(html, '[value=Patient]')).toBe(false);
    expect(textOf(html, '.locked')).toMatch(
      /^Always shared Personal details and clinicians.*so the app knows whose data/,
    );
  });
  it('names the first items of a closed group, and how many more there are', () => {
    const items = ['Lab results', 'Vital signs', 'Samples'].map((label, index) => ({
      ...line,
      key: `x${index}`,
      label,
    }));
    const html = consentPage({ ...page, groups: [{ ...group, items }] }, pageContext);
    expect(textOf(html, '#about-life')).toBe('Lab results, vital signs, and 1 more');
  });
  it('shows the number of entries beside a group, and no number above 500', () => {
    const names = (counts: ConsentPage['counts']) =>
      textsOf(consentPage({ ...page, counts }, pageContext), '#name-life, #name-visits');
    expect(names({})).toEqual(['Daily life', 'Visits']);
    expect(names({ life: 0, visits: 500 })).toEqual(['Daily life: 0', 'Visits: 500']);
    expect(names({ life: 501 })).toEqual(['Daily life: 500+', 'Visits']);
  });
  it('says beside a category what is still shared through another one', () => {
    const items = page.groups.flatMap((one) => one.items).map((item) => ({ ...item, mayOverlap: true }));
    const overlaps = ['Lab results and vitals'];
    const html = consentPage({ ...page, groups: [{ ...group, items, overlaps }] }, pageContext);
    expect(new Set(textsOf(html, '.checkbox-row .still'))).toEqual(
      new Set(['Entries that are also in another checked category are still shared.']),
    );
    expect(textsOf(html, '.data-group > .still')).toEqual([
      'Entries that also belong to “Lab results and vitals” are still shared if they are checked there.',
    ]);
    expect(hasElement(consentPage(page, pageContext), '.still')).toBe(false);
  });
  it('lists in the recap, before Allow, everything that can be left out', () => {
    const html = consentPage({ ...page, sensitive: [line] }, pageContext);
    expect(textsOf(html, '.recap li')).toEqual([
      'Daily life',
      'Parts of Daily life',
      'Visits',
      'Sensitive information',
      'Some sensitive information',
    ]);
    expect(hasElement(html, '.recap ~ .choices [value=allow]')).toBe(true);
  });
  it('marks new items only', () => {
    const groups = [{ ...group, items: [line, { ...line, key: 'Encounter', label: 'Visits', isNew: true }] }];
    const marked = consentPage({ ...page, groups }, pageContext);
    expect(textsOf(marked, '.new')).toEqual(['New']);
    expect(textOf(marked, 'label[for=allow-Encounter]')).toBe('Visits New');
    expect(hasElement(consentPage(page, pageContext), '.new')).toBe(false);
  });
  it('carries the record and preselects the last chosen duration', () => {
    const html = consentPage(page, pageContext);
    expect(hiddenFields(html)).toMatchObject({ record: '1-a' });
    expect(choicesOf(html, 'duration').map(({ checked }) => checked)).toEqual([false, true]);
  });
  it('says where to end access, without leaving the page', () => {
    const link = 'a[href="/account/apps"][target=_blank][rel="noopener noreferrer"]';
    expect(textOf(consentPage(page, pageContext), link)).toBe('Your account → Connected apps');
  });
  it('has two buttons of one size that look different, and says what Deny does', () => {
    const html = consentPage(page, pageContext);
    const buttons = parse(html)('button[name=decision]').toArray();
    expect(buttons.map(({ attribs }) => attribs)).toEqual([
      { name: 'decision', value: 'allow' },
      { class: 'secondary', name: 'decision', value: 'deny' },
    ]);
    expect(textOf(html)).toContain('If you choose Deny, nothing is shared and you go back to App "<i>.');
  });
  it('says that Deny keeps existing access', () => {
    const earlier = { since: new Date(0), kinds: ['Medicines'], ends: undefined };
    const again = textOf(consentPage({ ...page, earlierAccess: earlier }, pageContext));
    expect(again).toContain('nothing new is shared');
    expect(again).toContain('The access it already has stays the same.');
    expect(textOf(consentPage(page, pageContext))).not.toContain('nothing new');
  });
  it('does not ask to share a record if no data is requested', () => {
    const none = { ...page, groups: [], includesSupporting: false, identity: 'name' } as const;
    expect(textOf(consentPage(none, pageContext))).toMatch(
      /Let App "<i> know who you are\?[\s\S]*can’t see any health data\. It learns your name\./,
    );
    expect(textOf(consentPage(none, spanish))).toContain('¿Permitir que App "<i> sepa quién es usted?');
    expect(textOf(consentPage({ ...none, includesSupporting: true }, pageContext))).toContain(
      'Share your health record with',
    );
  });
  it('SMART App Launch 2.2 §3.0.2.3: says what the app always learns about the person', () => {
    const text = textOf(consentPage({ ...page, identity: 'details' }, pageContext));
    expect(text).toContain('It learns who you are: your name, birth date, address');
    const forMilo = textOf(consentPage({ ...page, record: milo, identity: 'details' }, pageContext));
    expect(forMilo).toContain('It learns who you are and that you act for Milo: your name and how to contact you.');
  });
  it('reports that the app’s request changed while the page was open', () => {
    const changed = { ...page, changed: true };
    for (const html of [
      consentPage(changed, pageContext),
      consentPage({ ...changed, userKind: 'staff' }, pageContext),
    ]) {
      expect(textOf(html, '[role=alert]')).toContain('Something on this page just changed');
    }
  });
  it('escapes the names and texts of people and apps', () => {
    const hostile = { developer: 'Dev <i>', policy: { href: 'https://x.example/"<i>', host: 'x"<i>' } };
    for (const at of [pageContext, spanish]) {
      for (const html of [
        withApp(hostile, at),
        withApp({ ...hostile, verifiedAt: new Date(0) }, at),
        consentPage(staff, at),
      ]) {
        expect(hasElement(html, 'i, b b')).toBe(false);
        expect(html).not.toMatch(/<b>Doe|<i>|Bay & /);
      }
    }
  });
});

describe('the description of the app', () => {
  it('says whether the developer is verified, claimed or unknown', () => {
    expect(textOf(withApp({}))).toContain('It doesn’t say who makes it');
    expect(textOf(withApp({ developer: 'Acme' }))).toContain('It says it is made by Acme . Not verified');
    const verified = textOf(withApp({ developer: 'Acme', verifiedAt: new Date('2026-11-03T02:00:00Z') }));
    expect(verified).toContain(
      'It is made by Acme . The people who run this service verified that on November 2, 2026',
    );
    expect(verified).not.toContain('Not verified');
  });
  it('says whether data goes to a host or to a program on this device', () => {
    expect(textOf(withApp({}))).toContain('It sends your data to app.example');
    const device = textOf(withApp({ address: 'com.example.app', onDevice: true }));
    expect(device).toContain('to a program on this device: com.example.app');
  });
  it('warns that a self-registered app can have any name and that only its address is verified', () => {
    expect(textOf(withApp({ selfRegistered: true }))).toMatch(
      /Anyone can give an app any name.*Only its address is certain: app\.example/,
    );
    expect(textOf(withApp({}))).not.toContain('Anyone can give');
  });
  it('links the privacy policy by its host, in a new tab and without a referrer', () => {
    const html = withApp({ policy: { href: 'https://acme.example/privacy', host: 'acme.example' } });
    const link = 'a[href="https://acme.example/privacy"][target=_blank][rel="noopener noreferrer"]';
    expect(textOf(html, link)).toBe('Read its privacy policy at acme.example');
    expect(textOf(html)).toContain('at acme.example (opens in a new tab)');
    expect(textOf(withApp({}))).toContain('doesn’t link to a privacy policy');
  });
});

describe('ONC Model Privacy Notice: the app’s declared data use', () => {
  it('reports a missing answer in the summary and in its place', () => {
    const html = withApp({
      dataUse: { sold: 'no', shared: 'no', deletion: 'yes', place: 'united-states', kept: 'no' },
    });
    const folded = textOf(html, '.about-app details');
    expect(textOf(html).replace(folded, '')).toContain(
      'The app says: It does not sell your data. It does not share your data with anyone else. It did not answer 3 of our 8 questions.',
    );
    const texts = textsOf(html, 'details dt + dd');
    const answers = textsOf(html, 'details dt').map((question, index) => [question, texts[index]]);
    expect(answers).toHaveLength(8);
    expect(answers).toContainEqual(['Will it delete your data if you ask?', 'Yes']);
    expect(answers).toContainEqual(['Does it encrypt your data?', 'It did not answer.']);
    expect(folded).toContain('They have not been verified.');
  });
  it('shows each answer that a person may not expect without opening anything', () => {
    const answers = { sold: 'yes', shared: 'yes', 'other-uses': 'yes', deletion: 'no', kept: 'yes' } as const;
    const rest = { place: 'elsewhere', encrypted: 'no', changes: 'no' } as const;
    expect(textsOf(withApp({ dataUse: { ...answers, ...rest } }), '.unexpected li')).toEqual([
      'It sells your data.',
      'It shares your data with others.',
      'It uses your data for ads or research.',
      'It does not delete your data, even if you ask.',
      'It keeps your data after you stop using the app.',
      'It stores your data outside the United States.',
      'It does not encrypt your data.',
      'It can change its terms without telling you first.',
    ]);
    const expected = { sold: 'no', shared: 'with-consent', deletion: 'yes', kept: 'no', encrypted: 'yes' } as const;
    expect(hasElement(withApp({ dataUse: { ...expected, place: 'device', changes: 'yes' } }), '.unexpected')).toBe(
      false,
    );
  });
  it('covers apps with no answers and with all answers', () => {
    expect(textOf(withApp({}))).toContain('It did not answer any of our 8 questions');
    expect(textOf(withApp({}))).not.toContain('The app says');
    const all = { sold: 'with-consent', shared: 'yes', 'other-uses': 'yes', deletion: 'no' } as const;
    const rest = { kept: 'yes', place: 'elsewhere', encrypted: 'no', changes: 'no' } as const;
    expect(textOf(withApp({ dataUse: { ...all, ...rest } }))).toContain(
      'It sells your data only if you agree. It answered all 8 of our questions.',
    );
  });
});

describe('for a representative', () => {
  it('replaces “your” by the patient’s name in each sentence', () => {
    const mine = consentPage({ ...page, sensitive: [line] }, pageContext);
    const theirs = textOf(consentPage({ ...page, record: milo, sensitive: [line] }, pageContext));
    expect(theirs).toContain('Share Milo’s health record with');
    expect(theirs).toContain('You act for Milo , born July 7, 1974 . The app asks for their record at');
    const yours = (html: string) => textOf(html).match(/your (health record|data|record)/gi) ?? [];
    expect(yours(mine).length).toBeGreaterThan(8);
    expect(yours(theirs)).toEqual([]);
    expect(theirs.match(/Milo’s (health record|data|record)/g)).toHaveLength(yours(mine).length);
  });
  it('does so in Spanish too', () => {
    const theirs = textOf(consentPage({ ...page, record: milo, sensitive: [line] }, spanish));
    expect(theirs).toContain('¿Compartir el expediente médico de Milo con');
    expect(theirs).not.toMatch(/sus datos|su expediente médico/);
  });
});

describe('existing access', () => {
  it('is offered unchecked, only if there is any, with its content and start', () => {
    expect(choicesOf(consentPage(page, pageContext), 'earlier')).toEqual([]);
    const since = new Date('2026-11-27T03:00:00Z');
    const earlier = { since, kinds: ['Medicines', 'Lab results'], ends: undefined };
    const html = consentPage({ ...page, earlierAccess: earlier, record: milo }, pageContext);
    expect(choicesOf(html, 'earlier').map(({ checked }) => checked)).toEqual([false]);
    expect(textOf(html)).toContain(
      'On November 26, 2026, you let App "<i> see Milo’s record: Medicines and Lab results, until you stop it.',
    );
    expect(textOf(html)).toContain('Apps other than App "<i> are not affected');
    const ends = new Date('2026-12-01T18:05:00Z');
    expect(textOf(consentPage({ ...page, earlierAccess: { ...earlier, ends } }, pageContext))).toContain(
      'until December 1, 2026 at 12:05 PM CST',
    );
    expect(textOf(consentPage({ ...page, earlierAccess: { ...earlier, kinds: [] } }, pageContext))).toContain(
      'see your record: no health data,',
    );
  });
});

describe('data that requires a separate permission', () => {
  const sensitive = [
    {
      ...line,
      key: 'sensitive:urn:x|ETH',
      label: 'Substance use',
      detail: 'Protected by 42 CFR Part 2.',
      checked: false,
    },
  ];
  it('is listed separately with the law that requires it', () => {
    const html = consentPage({ ...page, sensitive }, pageContext);
    expect(textsOf(html, 'legend')).toContain('Needs your separate permission');
    expect(textOf(html)).toMatch(/Substance use Protected by 42 CFR Part 2\./);
    const box = choicesOf(html, 'allow').find(({ value }) => value === 'sensitive:urn:x|ETH');
    expect(box).toMatchObject({ checked: false });
    expect(consentPage(page, pageContext)).not.toContain('separate permission');
  });
});

describe('staff', () => {
  it('see a list instead of checkboxes and durations, and the practices whose patients are included', () => {
    const html = consentPage(staff, pageContext);
    expect(html).toContain('July 7, 1974');
    expect(hasElement(html, '[name=allow], [name=duration]')).toBe(false);
    expect(choicesOf(html, 'offline')).toHaveLength(1);
    expect(textOf(html)).toMatch(/all patients of Bay & Sons and Hill/);
    expect(html).toContain('Living situation');
    const { record: _, ...without } = staff;
    expect(hasElement(consentPage({ ...without, record: undefined }, pageContext), '[name=record]')).toBe(false);
  });
});
