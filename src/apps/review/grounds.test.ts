import { describe, expect, it } from 'vitest';
import { allowedGrounds, isApprovedAutomatically, needsTwoApprovers } from './grounds.ts';

describe('patient apps are not vetted on merit', () => {
  it.each(['reject', 'suspend'] as const)('%s: only for authenticity or a security risk', (action) => {
    expect(allowedGrounds('patient', action)).toEqual(['authenticity', 'security-risk']);
    for (const kind of ['staff', 'backend'] as const) expect(allowedGrounds(kind, action)).toContain('other');
  });

  it('are also retired when their developer asks', () => {
    expect(allowedGrounds('patient', 'retire')).toEqual(['authenticity', 'security-risk', 'asked-by-developer']);
  });
});

it.each([
  ['system/Patient.rs', true],
  ['openid patient/*.rs', false],
  ['launch user/*.rs', false],
  ['system/*.read', true],
])('two administrators needed for %s: %s', (scope, expected) => expect(needsTwoApprovers({ scope })).toBe(expected));

describe('PATIENT_APP_REVIEW=automatic', () => {
  const verified = { verifiedAt: new Date() };
  const patient = { kind: 'patient', scope: 'openid launch/patient patient/*.rs' } as const;
  it('approves patient apps of verified developers', () => {
    expect(isApprovedAutomatically('automatic', patient, verified)).toBe(true);
  });
  it.each([
    ['manual', patient, verified],
    ['automatic', patient, { verifiedAt: undefined }],
    ['automatic', patient, undefined],
    ['automatic', { kind: 'staff', scope: 'user/*.rs' }, verified],
    ['automatic', { kind: 'staff', scope: 'patient/*.rs' }, verified],
    ['automatic', { kind: 'backend', scope: 'system/*.rs' }, verified],
  ] as const)('approves no other app: %s %o %o', (mode, terms, organisation) => {
    expect(isApprovedAutomatically(mode, terms, organisation)).toBe(false);
  });
});
