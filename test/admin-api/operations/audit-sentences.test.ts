import { describe, expect, it } from 'vitest';
import { AUDIT_KINDS } from '../../../src/audit/index.ts';
import { adminWebEn } from '../../../src/i18n/en/admin-web.ts';
import { adminWebEs } from '../../../src/i18n/es/admin-web.ts';
import { describeEvent } from '../../../web/admin/audit/describe-event.ts';

type Entry = Parameters<typeof describeEvent>[1];

const ENTRY: Entry = {
  at: '2026-03-01T12:00:00Z',
  id: '00000000-0000-4000-8000-000000000001',
  kind: 'sign-in',
  outcome: 'success',
  requestId: 'r-1',
  accountId: '00000000-0000-4000-8000-000000000002',
  person: 'Ana Ruiz',
  personKind: 'staff',
  practice: null,
  clientId: null,
  app: null,
  type: null,
  resources: null,
  patients: null,
  detail: {},
};
const PATIENT = { person: null, personKind: 'patient' };
const APP = { clientId: 'night-light', app: 'Night Light' };
const describeIn = (language: 'en' | 'es', facts: Partial<Entry>): string =>
  describeEvent({ en: adminWebEn, es: adminWebEs }[language].operations.audit.events, { ...ENTRY, ...facts });

it.each([
  [{}, 'Ana Ruiz signed in.'],
  [
    { kind: 'audit-query', practice: 'Riverside Clinic', detail: { app: 'x' } },
    'Ana Ruiz viewed the data access report at Riverside Clinic.',
  ],
  [
    { kind: 'record-view', ...PATIENT, detail: { view: 'log' } },
    'A patient or representative viewed the access log of a record.',
  ],
  [
    { kind: 'read', ...APP, ...PATIENT, type: 'Patient', resources: 1 },
    'Night Light read 1 Patient resource on behalf of a patient or representative.',
  ],
  [
    { kind: 'search', ...APP, type: 'Observation', resources: 10 },
    'Night Light searched and received 10 Observation resources on behalf of Ana Ruiz.',
  ],
  [
    { kind: 'search', outcome: 'failure', ...APP, ...PATIENT },
    'A search by Night Light on behalf of a patient or representative was rejected.',
  ],
  [
    { kind: 'export', ...APP, person: null, accountId: null, resources: 1 },
    'Night Light received 1 resource of a patient in a bulk export.',
  ],
  [
    {
      kind: 'search',
      ...APP,
      person: null,
      accountId: null,
      type: 'Patient',
      resources: 50,
      patients: 50,
      practice: 'East',
    },
    'Night Light searched and received 50 Patient resources of 50 patients at East.',
  ],
  [
    { kind: 'export', ...APP, person: null, accountId: null, resources: 900, patients: 30, practice: 'East' },
    'Night Light received 900 resources of 30 patients at East in a bulk export.',
  ],
  [
    { kind: 'account', ...PATIENT, detail: { action: 'lock', by: 'someone' } },
    'The account of a patient or representative was locked.',
  ],
  [
    { kind: 'key', person: null, accountId: null, detail: { by: 'command line' } },
    'An operator on the command line created new signing keys.',
  ],
  [{ kind: 'sign-in', outcome: 'failure', person: null, accountId: null }, 'A sign-in attempt failed.'],
  [{ kind: 'sign-in', outcome: 'failure', ...PATIENT }, 'A sign-in attempt for a patient or representative failed.'],
  [
    { kind: 'brands', person: null, accountId: null, detail: { action: 'publish' } },
    'This server published the list of practices for apps.',
  ],
  [{ kind: 'later-release' }, 'Event of the type “later-release”.'],
] as const)('%o is described as “%s”', (facts, sentence) => {
  expect(describeIn('en', facts)).toBe(sentence);
});

describe.each(['en', 'es'] as const)('in %s', (language) => {
  it.each(AUDIT_KINDS)('events of the kind %s have a name and a sentence', (kind) => {
    const { events } = { en: adminWebEn, es: adminWebEs }[language].operations.audit;
    expect(events.kinds[kind]).not.toBe('');
    const sentence = describeIn(language, { kind, ...APP });
    expect(sentence).toMatch(/^\p{Lu}.*\.$/u);
    expect(sentence).not.toBe(events.unknown(kind));
  });
});

it('an action named like a property of objects falls back to the sentence of its kind', () => {
  expect(describeIn('en', { kind: 'key', detail: { action: 'constructor' } })).toBe(
    'Ana Ruiz created new signing keys.',
  );
});
