import { describe, expect, it } from 'vitest';
import { type AccessGrant, parseScopes } from '../../access/index.ts';
import type { AccountId, ClientId, GrantId, PatientId, PracticeId, RecordId } from '../../kernel/index.ts';
import type { RowCondition } from '../model/condition.ts';
import { r4 } from '../r4/index.ts';
import type { SearchRequest } from '../search/search-request.ts';
import { type EnforcedQuery, enforceDocuments, enforceIncluded, enforceRead, enforceSearch } from './enforce.ts';
import { type EnforcementContext, requireType } from './enforcement-context.ts';

const record = {
  recordId: 42 as RecordId,
  practiceId: 7 as PracticeId,
  patientId: '0000000a-0000-4000-8000-000000000000' as PatientId,
};
const OTHER = '0000000b-0000-4000-8000-000000000000';
const grant: AccessGrant = {
  grantId: 'g' as GrantId,
  familyId: 'f',
  clientId: 'c' as ClientId,
  accountId: 'a' as AccountId,
  record,
  practices: [],
  scopes: [],
  apis: ['r4'],
  practiceEnabled: true,
  withheld: [],
  fhirUser: undefined,
};
/** Changes a patient's grant to the grant of a staff member of two practices. */
const STAFF: Partial<AccessGrant> = { practices: [7, 8] as PracticeId[] };
const withScope = (scope: string, changes: Partial<AccessGrant> = {}): EnforcementContext => ({
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
  includes: [],
  subset: undefined,
  isSortRequested: false,
  wantsTotal: true,
  offset: 0,
  appliedParameters: [],
  auditNames: [],
});
const rejection = (code: string, status: number) => expect.objectContaining({ code, status });
const RECORD = { kind: 'record', recordId: 42 };
const practices = (practiceIds: readonly number[], patientIds?: readonly string[]) => ({
  kind: 'practices',
  practiceIds,
  patientIds,
});
const all = { compartmentId: undefined, granted: undefined, targets: undefined };

describe('the enforced query', () => {
  it('is limited to the record of the token, and for directory types to its practice', () => {
    const context = withScope('patient/*.rs');
    const scopeOf = (type: string) => enforceSearch(context, requireType(context, type), () => request()).query.scope;
    expect(scopeOf('Observation')).toEqual(RECORD);
    expect(scopeOf('Practitioner')).toEqual(practices([7]));
  });

  it('covers the practices of the token with user/ and system/ scopes', () => {
    for (const scope of ['user/*.rs', 'system/*.rs', 'patient/*.rs user/*.rs']) {
      const context = withScope(scope, STAFF);
      for (const type of ['Observation', 'Practitioner']) {
        const { query } = enforceSearch(context, requireType(context, type), () => request());
        expect(query).toMatchObject({ scope: practices([7, 8]), filters: [all] });
      }
    }
  });

  it('keeps the limits for the record separate from those for the practices', () => {
    const context = withScope('patient/Observation.rs?category=a user/Observation.rs?category=b', STAFF);
    const { query } = enforceSearch(context, requireType(context, 'Observation'), () => request());
    const categoryConditions = (code: string) => [
      [{ kind: 'token', index: 'category', values: [{ system: undefined, code }] }],
    ];
    expect(query.scope).toEqual(practices([7, 8]));
    expect(query.filters).toEqual([
      { ...all, granted: categoryConditions('b') },
      { ...all, compartmentId: 42, granted: categoryConditions('a') },
    ]);
    const directory = withScope('patient/Practitioner.rs user/Practitioner.rs?identifier=b', STAFF);
    expect(enforceRead(directory, requireType(directory, 'Practitioner'), 'x').filters).toMatchObject([
      { compartmentId: undefined, granted: [[{ index: 'identifier' }]] },
      { ...all, compartmentId: 7 },
    ]);
  });

  it('reaches nothing with patient/ scopes if no patient is in context', () => {
    const context = withScope('patient/*.rs user/Observation.rs', { ...STAFF, record: undefined });
    const { query } = enforceSearch(context, requireType(context, 'Observation'), () => request());
    expect(query).toMatchObject({ scope: practices([7, 8]), filters: [all] });
    expect(() => enforceSearch(context, requireType(context, 'Condition'), () => request())).toThrow(
      rejection('scope-denied', 403),
    );
  });

  it('rejects a type that was not granted before it parses the search', () => {
    const context = withScope('patient/Condition.rs');
    const read = () => {
      throw new Error('must not be read');
    };
    expect(() => enforceSearch(context, requireType(context, 'Observation'), read)).toThrow(
      rejection('scope-denied', 403),
    );
  });

  it('distinguishes reading from searching', () => {
    const context = withScope('patient/Observation.r');
    const served = requireType(context, 'Observation');
    expect(enforceRead(context, served, 'x').type).toBe('Observation');
    expect(() => enforceSearch(context, served, () => request())).toThrow(rejection('scope-denied', 403));
  });

  it.each(['user/*.rs', 'system/*.rs', 'openid fhirUser'])('grants nothing for %s', (scope) => {
    const context = withScope(scope);
    expect(() => enforceRead(context, requireType(context, 'Observation'), 'x')).toThrow(
      rejection('scope-denied', 403),
    );
  });

  it('rejects a backend app without mentioning a patient, as none was asked', () => {
    const context = withScope('system/Condition.rs', { accountId: undefined, record: undefined });
    const message = expect.stringMatching(/^This access token does not allow reading Observation\. The app did not/);
    expect(() => enforceRead(context, requireType(context, 'Observation'), 'x')).toThrow(
      expect.objectContaining({ code: 'scope-denied', message }),
    );
  });

  it('rejects an API that was not added and a disabled practice, whatever the type', () => {
    expect(() => requireType(withScope('patient/*.rs', { apis: ['dstu2'] }), 'Nothing')).toThrow(
      rejection('api-not-added', 403),
    );
    expect(() => requireType(withScope('patient/*.rs', { practiceEnabled: false }), 'Nothing')).toThrow(
      rejection('practice-disabled', 403),
    );
  });

  it('finds served types in any case, and no others', () => {
    const context = withScope('patient/*.rs');
    expect(requireType(context, 'allergyINTOLERANCE').name).toBe('AllergyIntolerance');
    expect(() => requireType(context, 'Account')).toThrow(rejection('type-not-supported', 404));
    expect(() => requireType(context, 'constructor')).toThrow(rejection('type-not-supported', 404));
    const named = withScope('patient/Account.rs patient/Patient.rs');
    expect(() => requireType(named, 'account')).toThrow(rejection('type-not-supported', 404));
  });

  it('rejects a type that no scope names, whether it is served or not', () => {
    const context = withScope('patient/Patient.rs');
    expect(() => requireType(context, 'Account')).toThrow(rejection('scope-denied', 403));
  });

  it('rejects a search that names another patient', () => {
    const context = withScope('patient/*.rs');
    const search = (...named: SearchRequest['patients'][number]) =>
      enforceSearch(context, requireType(context, 'Observation'), () => request([named])).query;
    const id = record.patientId;
    expect(search({ type: undefined, id }, { type: 'Patient', id }).conditions).toEqual([]);
    expect(() => search({ type: undefined, id }, { type: undefined, id: '1' })).toThrow(
      rejection('patient-mismatch', 403),
    );
    expect(() => search({ type: 'Group', id })).toThrow(rejection('patient-mismatch', 403));
  });

  it('is limited to the patients that a search of practices names', () => {
    const search = (scope: string, ...lists: readonly (readonly string[])[]) => {
      const context = withScope(scope, STAFF);
      const named = lists.map((list) => list.map((id) => ({ type: undefined, id })));
      return enforceSearch(context, requireType(context, 'Observation'), () => request(named)).query.scope;
    };
    const ann = record.patientId;
    expect(search('user/*.rs', [OTHER])).toEqual(practices([7, 8], [OTHER]));
    expect(search('user/*.rs', [OTHER, ann], [ann])).toEqual(practices([7, 8], [ann]));
    expect(search('user/*.rs', [OTHER], [ann])).toBeUndefined();
    expect(search('user/*.rs', ['x'])).toBeUndefined();
    const mixed = 'patient/Observation.rs user/Observation.rs?category=b';
    expect(search(mixed, [OTHER])).toEqual(practices([7, 8], [OTHER]));
  });

  it('drops ids that are not UUIDs', () => {
    const context = withScope('patient/*.rs');
    expect(enforceRead(context, requireType(context, 'Observation'), "1' or true").conditions).toEqual([
      { kind: 'id', values: [] },
    ]);
  });
});

describe('granular scopes (SMART App Launch 2.2 §3.0.2.5)', () => {
  const grantedBy = (scope: string) => {
    const context = withScope(scope);
    return enforceRead(context, requireType(context, 'Observation'), 'x').filters[0]?.granted;
  };

  it('become alternatives in the query', () => {
    expect(
      grantedBy('patient/Observation.rs?category=urn:c|laboratory patient/Observation.rs?code=1&status=final'),
    ).toEqual([
      [{ kind: 'token', index: 'category', values: [{ system: 'urn:c', code: 'laboratory' }] }],
      [
        { kind: 'token', index: 'code', values: [{ system: undefined, code: '1' }] },
        { kind: 'token', index: 'status', values: [{ system: undefined, code: 'final' }] },
      ],
    ]);
  });

  it('become one condition if they differ only in the values of one parameter', () => {
    const values = ['a', 'b', 'c'].map((code) => ({ system: undefined, code }));
    expect(grantedBy(['a', 'b', 'c'].map((code) => `patient/Observation.rs?category=${code}`).join(' '))).toEqual([
      [{ kind: 'token', index: 'category', values }],
    ]);
  });

  it('have no effect next to a scope for the whole type', () => {
    expect(grantedBy('patient/Observation.rs?category=laboratory patient/*.rs')).toBeUndefined();
  });

  it.each([
    'foo=1',
    'category=laboratory&foo=1',
    'date=nonsense',
    'patient=1',
    'category:not=laboratory',
    '_id=1',
    'category=,',
    Array.from({ length: 11 }, (_, i) => `category=${i}`).join('&'),
  ])('grant nothing if %s can not be applied', (query) => {
    expect(grantedBy(`patient/Observation.rs?${query}`)).toEqual([]);
  });
});

describe('the resource of the signed-in user (SMART App Launch 2.2 §3.0.2.3)', () => {
  const ME = '0000000d-0000-4000-8000-000000000000';
  const read = (type: string, id: string, scope: string, changes: Partial<AccessGrant>) => {
    const context = withScope(scope, changes);
    return enforceRead(context, requireType(context, type), id);
  };
  const patientUser = { fhirUser: { type: 'Patient', id: record.patientId } };
  const staffUser = { ...STAFF, fhirUser: { type: 'Practitioner', id: ME } };

  it('may be read without a scope for its type, and nothing else of the type may', () => {
    expect(read('Patient', record.patientId.toUpperCase(), 'openid fhirUser', patientUser)).toMatchObject({
      scope: RECORD,
      filters: [all],
    });
    expect(() => read('Patient', OTHER, 'openid fhirUser', patientUser)).toThrow(rejection('scope-denied', 403));
    expect(() => read('RelatedPerson', record.patientId, 'openid fhirUser', patientUser)).toThrow(
      rejection('scope-denied', 403),
    );
    const context = withScope('openid fhirUser', patientUser);
    expect(() => enforceSearch(context, requireType(context, 'Patient'), () => request())).toThrow(
      rejection('scope-denied', 403),
    );
  });

  it('is in the directory of the practices for staff, with or without a patient in context', () => {
    for (const record of [grant.record, undefined]) {
      const query = read('Practitioner', ME, 'openid fhirUser launch', { ...staffUser, record });
      expect(query).toMatchObject({ scope: practices([7, 8]), filters: [all] });
    }
  });

  it('requires both scopes and the API', () => {
    for (const scope of ['openid', 'fhirUser', 'openid profile']) {
      expect(() => read('Patient', record.patientId, scope, patientUser)).toThrow(rejection('scope-denied', 403));
    }
    expect(() => read('Patient', record.patientId, 'openid fhirUser', { ...patientUser, apis: ['dstu2'] })).toThrow(
      rejection('api-not-added', 403),
    );
  });

  it('is not limited by granular scopes for its type', () => {
    const { filters } = read('Patient', record.patientId, 'openid fhirUser patient/Patient.r?gender=male', patientUser);
    expect(filters).toEqual([all]);
  });
});

describe('resources that belong to others', () => {
  const aboutOf = (query: EnforcedQuery | undefined) => query?.filters.map(({ targets }) => targets);
  const OF_TARGET: RowCondition = { kind: 'reference', index: 'target', values: [{ type: 'Observation', id: '1' }] };
  const provenanceOf = (context: EnforcementContext, records: readonly number[]) =>
    enforceIncluded(
      context,
      requireType(withScope('patient/*.rs'), 'Provenance'),
      { kind: 'records', values: records },
      [OF_TARGET],
    );

  it('include Provenance only if it was granted', () => {
    expect(provenanceOf(withScope('patient/Observation.rs'), [42])).toBeUndefined();
    const query = provenanceOf(withScope('patient/*.rs'), [42]);
    expect(query?.conditions).toEqual([OF_TARGET]);
    expect(query).toMatchObject({ scope: RECORD, filters: [all] });
  });

  it('include Provenance from the records of the matches', () => {
    const query = provenanceOf(withScope('user/*.rs', STAFF), [42, 43]);
    expect(query?.conditions).toContainEqual({ kind: 'records', values: [42, 43] });
  });

  it('come neither from the record in context for matches in another record, nor from another practice', () => {
    const context = withScope('patient/Observation.rs patient/Practitioner.rs user/Condition.rs', STAFF);
    const beside = (type: string, kind: 'records' | 'directories', ...values: readonly number[]) =>
      enforceIncluded(context, requireType(context, type), { kind, values }, []);
    expect(beside('Observation', 'records', 43)).toBeUndefined();
    expect(beside('Observation', 'records', 43, 42)).toMatchObject({ scope: RECORD, conditions: [] });
    expect(beside('Observation', 'directories', 8)).toBeUndefined();
    expect(beside('Practitioner', 'directories', 8)).toBeUndefined();
    const limits = [{ kind: 'records', values: [43] }];
    expect(beside('Practitioner', 'records', 43)).toMatchObject({ scope: practices([7]), conditions: limits });
    expect(beside('Condition', 'records', 43)).toMatchObject({ scope: practices([7, 8]), conditions: limits });
  });

  it('include Provenance of types that may be read or searched', () => {
    const scope = 'patient/Observation.r patient/Condition.s patient/Provenance.rs';
    const context = withScope(scope);
    const about = [{ fullTypes: ['Condition', 'Observation'], partialTypes: [] }];
    const served = requireType(context, 'Provenance');
    expect(aboutOf(enforceSearch(context, served, () => request()).query)).toEqual(about);
    expect(aboutOf(enforceRead(context, served, 'x'))).toEqual(about);
    expect(aboutOf(provenanceOf(context, [42]))).toEqual(about);
    expect(aboutOf(enforceRead(context, requireType(context, 'Observation'), 'x'))).toEqual([undefined]);
  });

  it('include Provenance of the granted categories, each listed once', () => {
    const context = withScope(
      'patient/Observation.rs?category=a patient/Observation.r?category=b patient/Provenance.rs',
    );
    const [about] = aboutOf(enforceRead(context, requireType(context, 'Provenance'), 'x')) ?? [];
    expect(about).toMatchObject({
      fullTypes: [],
      partialTypes: [
        {
          type: 'Observation',
          filters: [{ compartmentId: undefined, granted: [[{ values: [{ code: 'a' }, { code: 'b' }] }]] }],
        },
      ],
    });
  });

  it('do not extend full access to a type in the record to the practices', () => {
    const context = withScope('patient/Observation.rs user/Provenance.rs', STAFF);
    const query = enforceRead(context, requireType(context, 'Provenance'), 'x');
    const some = [{ type: 'Observation', filters: [{ compartmentId: 42, granted: undefined }] }];
    expect(query).toMatchObject({
      scope: practices([7, 8]),
      filters: [{ targets: { fullTypes: [], partialTypes: some } }],
    });
  });

  it('extend access at the practices to the record', () => {
    const context = withScope('user/Observation.rs?category=a user/Condition.rs patient/Provenance.rs', STAFF);
    const query = enforceRead(context, requireType(context, 'Provenance'), 'x');
    const some = [{ type: 'Observation', filters: [{ compartmentId: undefined, granted: [[{ index: 'category' }]] }] }];
    expect(query).toMatchObject({
      scope: RECORD,
      filters: [{ targets: { fullTypes: ['Condition'], partialTypes: some } }],
    });
  });

  it('include documents whose DocumentReference may be read', () => {
    expect(() => enforceDocuments(withScope('patient/Observation.rs'))).toThrow(rejection('scope-denied', 403));
    const [{ filters } = { filters: undefined }] = enforceDocuments(
      withScope('patient/DocumentReference.r?category=clinical-note'),
    );
    expect(filters).toMatchObject([{ compartmentId: undefined, granted: [[{ index: 'category' }]] }]);
  });
});
