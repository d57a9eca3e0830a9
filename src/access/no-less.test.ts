import { describe, expect, it } from 'vitest';
import type { AccountId, ClientId, GrantId, PatientId, PracticeId, RecordId } from '../kernel/index.ts';
import type { Grant } from './grant.ts';
import { requireNoLess } from './no-less.ts';
import { parseScopes } from './scope.ts';

const scopes = (text: string) => parseScopes(text).scopes;
const record = (recordId: number) => ({
  recordId: recordId as RecordId,
  practiceId: 1 as PracticeId,
  patientId: 'p' as PatientId,
});
const PSYCHIATRY = { system: 'urn:a', code: 'PSY' };
const HIV = { system: 'urn:a', code: 'HIV' };

const BEGUN: Grant = {
  grantId: 'g' as GrantId,
  familyId: 'f',
  clientId: 'c' as ClientId,
  accountId: 'a' as AccountId,
  record: record(1),
  practices: [1, 2] as PracticeId[],
  scopes: scopes('openid fhirUser patient/Observation.rs patient/Condition.r?category=a'),
  apis: ['r4', 'dstu2'],
  practiceEnabled: true,
  withheld: [PSYCHIATRY],
  fhirUser: { type: 'Patient', id: 'p' },
};

const withChanges = (changes: Partial<Grant>) => () => requireNoLess(BEGUN, { ...BEGUN, ...changes });

describe('a grant that allows less than it did', () => {
  it.each<[string, Partial<Grant>]>([
    ['all', { scopes: [] }],
    ['a type', { scopes: scopes('openid fhirUser patient/Observation.rs') }],
    ['a letter', { scopes: scopes('openid fhirUser patient/Observation.r patient/Condition.r?category=a') }],
    ['some of a type', { scopes: scopes('openid fhirUser patient/Observation.rs patient/Condition.r?category=b') }],
    ['the reach', { scopes: scopes('openid fhirUser user/Observation.rs user/Condition.r?category=a') }],
    ['a named scope', { scopes: scopes('openid patient/Observation.rs patient/Condition.r?category=a') }],
    ['an API', { apis: ['r4'] }],
    ['a practice', { practices: [1] as PracticeId[] }],
    ['what has a label', { withheld: [PSYCHIATRY, HIV] }],
    ['the record', { record: undefined }],
    ['the record, for another', { record: record(2) }],
    ['who signed in', { fhirUser: undefined }],
    ['who signed in, for another', { fhirUser: { type: 'Practitioner', id: 'p' } }],
  ])('is refused: it lost %s', (_what, changes) => {
    expect(withChanges(changes)).toThrow(expect.objectContaining({ code: 'scope-denied', status: 403 }));
  });

  it('is refused in the words of its own when the practice turned its API off', () => {
    expect(withChanges({ practiceEnabled: false })).toThrow(
      expect.objectContaining({ code: 'practice-disabled', status: 403 }),
    );
  });
});

describe('a grant that allows as much, or more', () => {
  it.each<[string, Partial<Grant>]>([
    ['the same, read anew', structuredClone(BEGUN)],
    ['a wider scope', { scopes: scopes('openid fhirUser patient/*.rs') }],
    [
      'the same in several',
      { scopes: scopes('fhirUser openid patient/Condition.r patient/Observation.r patient/*.s') },
    ],
    ['practices in another order, and one more', { practices: [3, 2, 1] as PracticeId[] }],
    ['nothing withheld', { withheld: [] }],
  ])('goes on: %s', (_what, changes) => {
    expect(withChanges(changes)).not.toThrow();
  });

  it('goes on: it began with no record, nobody who signed in, and a practice that was turned off', () => {
    const begun = { ...BEGUN, record: undefined, fhirUser: undefined, practiceEnabled: false };
    expect(() => requireNoLess(begun, BEGUN)).not.toThrow();
    expect(() => requireNoLess(begun, { ...begun, apis: ['dstu2', 'r4'] })).not.toThrow();
  });
});
