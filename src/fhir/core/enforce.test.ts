import { describe, expect, it } from 'vitest';
import { type Grant, parseScopes } from '../../access/index.ts';
import type { AccountId, ClientId, GrantId, PatientId, PracticeId, RecordId } from '../../kernel/index.ts';
import { r4 } from '../r4/index.ts';
import {
  type EnforceContext,
  enforceDocuments,
  enforceProvenance,
  enforceRead,
  enforceSearch,
  requireType,
} from './enforce.ts';
import type { SearchRequest } from './search-request.ts';

const grant: Grant = {
  grantId: 'g' as GrantId,
  clientId: 'c' as ClientId,
  accountId: 'a' as AccountId,
  recordId: 42 as RecordId,
  practiceId: 7 as PracticeId,
  patientId: '0000000a-0000-4000-8000-000000000000' as PatientId,
  scopes: [],
  apis: ['r4'],
  practiceEnabled: true,
};
const withScope = (scope: string, changes: Partial<Grant> = {}): EnforceContext => ({
  grant: { ...grant, scopes: parseScopes(scope).scopes, ...changes },
  version: r4,
  base: 'https://records.example/r4',
  now: new Date('2026-11-02'),
});
const request = (patients: SearchRequest['patients'] = []): SearchRequest => ({
  conditions: [],
  patients,
  sort: { key: { kind: 'main' }, descending: true },
  count: 50,
  cursor: undefined,
  provenance: false,
  understood: [],
  names: [],
});
const refusal = (code: string, status: number) => expect.objectContaining({ code, status });

describe('the enforced query', () => {
  it('is for the record of the token, or its practice for the directory', () => {
    const context = withScope('patient/*.rs');
    const home = (type: string) => enforceSearch(context, requireType(context, type), () => request()).query.home;
    expect(home('Observation')).toEqual({ kind: 'record', recordId: 42 });
    expect(home('Practitioner')).toEqual({ kind: 'practice', practiceId: 7 });
  });

  it('refuses what was not granted before it reads the search', () => {
    const context = withScope('patient/Condition.rs');
    const read = () => {
      throw new Error('must not be read');
    };
    expect(() => enforceSearch(context, requireType(context, 'Observation'), read)).toThrow(
      refusal('scope-denied', 403),
    );
  });

  it('tells reading from searching', () => {
    const context = withScope('patient/Observation.r');
    const served = requireType(context, 'Observation');
    expect(enforceRead(context, served, 'x').type).toBe('Observation');
    expect(() => enforceSearch(context, served, () => request())).toThrow(refusal('scope-denied', 403));
  });

  it.each(['user/*.rs', 'system/*.rs', 'openid fhirUser'])('grants nothing for %s', (scope) => {
    const context = withScope(scope);
    expect(() => enforceRead(context, requireType(context, 'Observation'), 'x')).toThrow(refusal('scope-denied', 403));
  });

  it('refuses an API that was not added, and a practice that is off, whatever the type', () => {
    expect(() => requireType(withScope('patient/*.rs', { apis: ['dstu2'] }), 'Nothing')).toThrow(
      refusal('api-not-added', 403),
    );
    expect(() => requireType(withScope('patient/*.rs', { practiceEnabled: false }), 'Nothing')).toThrow(
      refusal('practice-disabled', 403),
    );
  });

  it('knows types in any case, and no others', () => {
    const context = withScope('patient/*.rs');
    expect(requireType(context, 'allergyINTOLERANCE').name).toBe('AllergyIntolerance');
    expect(() => requireType(context, 'Account')).toThrow(refusal('type-not-supported', 404));
    expect(() => requireType(context, 'constructor')).toThrow(refusal('type-not-supported', 404));
  });

  it('refuses a search that names another patient', () => {
    const context = withScope('patient/*.rs');
    const search = (...patients: SearchRequest['patients']) =>
      enforceSearch(context, requireType(context, 'Observation'), () => request(patients)).query;
    expect(
      search({ type: undefined, id: grant.patientId }, { type: 'Patient', id: grant.patientId }).conditions,
    ).toEqual([]);
    expect(() => search({ type: undefined, id: grant.patientId }, { type: undefined, id: '1' })).toThrow(
      refusal('patient-mismatch', 403),
    );
    expect(() => search({ type: 'Group', id: grant.patientId })).toThrow(refusal('patient-mismatch', 403));
  });

  it('asks for no id that is none', () => {
    const context = withScope('patient/*.rs');
    expect(enforceRead(context, requireType(context, 'Observation'), "1' or true").conditions).toEqual([
      { kind: 'id', ids: [] },
    ]);
  });
});

describe('granular scopes (SMART App Launch 2.2 §3.0.2.5)', () => {
  const grantedBy = (scope: string) => {
    const context = withScope(scope);
    return enforceRead(context, requireType(context, 'Observation'), 'x').granted;
  };

  it('become alternatives of the query', () => {
    expect(
      grantedBy('patient/Observation.rs?category=urn:c|laboratory patient/Observation.rs?category=urn:c|vital-signs'),
    ).toEqual([
      [{ kind: 'token', index: 'category', values: [{ system: 'urn:c', code: 'laboratory' }] }],
      [{ kind: 'token', index: 'category', values: [{ system: 'urn:c', code: 'vital-signs' }] }],
    ]);
  });

  it('are no limit beside a scope for the whole type', () => {
    expect(grantedBy('patient/Observation.rs?category=laboratory patient/*.rs')).toBeUndefined();
  });

  it.each(['foo=1', 'category=laboratory&foo=1', 'date=nonsense', 'category=', 'patient=1', 'category:not=laboratory'])(
    'grant nothing when %s can not be applied',
    (query) => {
      expect(grantedBy(`patient/Observation.rs?${query}`)).toEqual([]);
    },
  );
});

describe('what goes with other resources', () => {
  it('has no Provenance unless that was granted', () => {
    const targets = [{ type: 'Observation', id: '1' }];
    expect(enforceProvenance(withScope('patient/Observation.rs'), targets)).toBeUndefined();
    const query = enforceProvenance(withScope('patient/*.rs'), targets);
    expect(query?.conditions).toEqual([{ kind: 'reference', index: 'target', values: targets }]);
    expect(query?.home).toEqual({ kind: 'record', recordId: 42 });
  });

  it('has Provenance of the types that were granted, read or searched', () => {
    const scope = 'patient/Observation.r patient/Condition.s?category=x patient/Provenance.rs';
    const context = withScope(scope);
    const condition = {
      kind: 'token',
      index: 'target-type',
      values: ['Condition', 'Observation', 'Provenance'].map((code) => ({ system: undefined, code })),
    };
    const served = requireType(context, 'Provenance');
    expect(enforceSearch(context, served, () => request()).query.conditions).toEqual([condition]);
    expect(enforceRead(context, served, 'x').conditions).toContainEqual(condition);
    expect(enforceProvenance(context, [])?.conditions).toContainEqual(condition);
    expect(enforceRead(context, requireType(context, 'Observation'), 'x').conditions).toHaveLength(1);
  });

  it('has documents where their DocumentReference may be read', () => {
    expect(() => enforceDocuments(withScope('patient/Observation.rs'))).toThrow(refusal('scope-denied', 403));
    expect(enforceDocuments(withScope('patient/DocumentReference.r?category=clinical-note')).granted).toHaveLength(1);
  });
});
