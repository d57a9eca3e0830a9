import { describe, expect, it } from 'vitest';
import type { AccountId, ClientId, GrantId, PatientId, PracticeId, RecordId } from '../kernel/index.ts';
import type { AccessGrant } from './grant.ts';
import { parseScopes } from './scope.ts';
import { requireUnreducedGrant } from './unreduced-grant.ts';

const scopes = (text: string) => parseScopes(text).scopes;
const record = (recordId: number) => ({
  recordId: recordId as RecordId,
  practiceId: 1 as PracticeId,
  patientId: 'p' as PatientId,
});
const PSYCHIATRY = { system: 'urn:a', code: 'PSY' };
const HIV = { system: 'urn:a', code: 'HIV' };

const BEGUN: AccessGrant = {
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

const withChanges = (changes: Partial<AccessGrant>) => () => requireUnreducedGrant(BEGUN, { ...BEGUN, ...changes });

describe('a grant that was reduced during the request', () => {
  it.each<[string, Partial<AccessGrant>]>([
    ['all scopes', { scopes: [] }],
    ['a type', { scopes: scopes('openid fhirUser patient/Observation.rs') }],
    ['a permission', { scopes: scopes('openid fhirUser patient/Observation.r patient/Condition.r?category=a') }],
    ['a part of a type', { scopes: scopes('openid fhirUser patient/Observation.rs patient/Condition.r?category=b') }],
    ['the patient context', { scopes: scopes('openid fhirUser user/Observation.rs user/Condition.r?category=a') }],
    ['a named scope', { scopes: scopes('openid patient/Observation.rs patient/Condition.r?category=a') }],
    ['an API', { apis: ['r4'] }],
    ['a practice', { practices: [1] as PracticeId[] }],
    ['access to a security label', { withheld: [PSYCHIATRY, HIV] }],
    ['the record', { record: undefined }],
    ['the record in favor of another one', { record: record(2) }],
    ['the signed-in user', { fhirUser: undefined }],
    ['the signed-in user in favor of another one', { fhirUser: { type: 'Practitioner', id: 'p' } }],
  ])('is rejected when it loses %s', (_what, changes) => {
    expect(withChanges(changes)).toThrow(expect.objectContaining({ code: 'scope-denied', status: 403 }));
  });

  it('is rejected with its own problem code when the practice turned its API off', () => {
    expect(withChanges({ practiceEnabled: false })).toThrow(
      expect.objectContaining({ code: 'practice-disabled', status: 403 }),
    );
  });
});

describe('a grant that allows as much or more', () => {
  it.each<[string, Partial<AccessGrant>]>([
    ['an equal grant that was read again', structuredClone(BEGUN)],
    ['a wider scope', { scopes: scopes('openid fhirUser patient/*.rs') }],
    [
      'the same access in several scopes',
      { scopes: scopes('fhirUser openid patient/Condition.r patient/Observation.r patient/*.s') },
    ],
    ['practices in another order and one more', { practices: [3, 2, 1] as PracticeId[] }],
    ['no withheld labels', { withheld: [] }],
  ])('is accepted: %s', (_what, changes) => {
    expect(withChanges(changes)).not.toThrow();
  });

  it('is accepted when it began without record and user, and with the API of its practice turned off', () => {
    const begun = { ...BEGUN, record: undefined, fhirUser: undefined, practiceEnabled: false };
    expect(() => requireUnreducedGrant(begun, BEGUN)).not.toThrow();
    expect(() => requireUnreducedGrant(begun, { ...begun, apis: ['dstu2', 'r4'] })).not.toThrow();
  });
});
