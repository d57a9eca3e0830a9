import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import { expect, it } from 'vitest';
import { findApp, listSecrets } from '../../src/apps/index.ts';
import { type Database, migrate } from '../../src/database/index.ts';
import { describeServedTypes, dstu2, r4 } from '../../src/fhir/index.ts';
import { findSession, listStaffPositions } from '../../src/identity/index.ts';
import { foldDemographics } from '../../src/intake/index.ts';
import { type AccountId, sha256 } from '../../src/kernel/index.ts';
import { createTokenCache } from '../../src/oauth/index.ts';
import { emptyDatabase } from '../support/database/empty-database.ts';
import { testDatabase } from '../support/database/test-database.ts';

/** Creates a database with the schema of the first version. */
const upTo = (count: number, databaseUrl: string) =>
  runner({
    databaseUrl,
    dir: fileURLToPath(new URL('../../src/database/migrations', import.meta.url)),
    direction: 'up',
    count,
    migrationsTable: 'schema_migration',
    log: () => {},
  });

/** Migrations that run after each of the versions below. */
const LATEST = [
  '018_practice_changes',
  '021_unconfirmed_email',
  '022_jobs',
  '023_email_html',
  '024_gallery_and_notifications',
  '025_made_up_apps',
  '026_sandbox_enrollment',
  '027_made_up_reads',
  '028_made_up_activity',
  '029_made_up_practices',
  '030_audit_partitions',
  '031_app_request_limit',
  '032_encrypted_secrets',
  '033_audit_segments',
  '034_converted_as_differences',
  '035_approval_requests',
  '036_retention_and_practice_copies',
  '037_after_restore',
  '039_erasures',
  '040_audit_search',
  '041_autovacuum_of_changing_tables',
  '042_intake_locks',
  '045_patient_list',
  '046_disclosed_records',
  '047_practice_searches',
  '048_practice_reports',
  '049_inactive_records',
  '050_id_registry',
  '051_documents_by_id',
  '052_observations_by_category',
  '053_checks_of_audit_events',
  '054_kinds_of_tokens',
];

const NOW = new Date('2026-06-01T12:00:00Z');
const LATER = new Date('2026-06-01T13:00:00Z');
const uuid = (last: number) => `00000000-0000-4000-8000-${String(last).padStart(12, '0')}`;
const tokenOf = (number: number) => `${String(number).padStart(22, 'f')}.${'s'.repeat(43)}`;

/** Adds an account, an app, a record, and a token for them. */
async function addGrant(db: Database, number: number, grant: { denied: string[]; revoked: Date | null }) {
  const [account, client, token] = [uuid(number), `app-${number}`, tokenOf(number)];
  const [family] = token.split('.');
  await db.queryText('insert into record (record_id, practice_id, patient_id) values ($1, 1, $2)', [number, account]);
  await db.queryText(
    "insert into account (account_id, username, display_name, password_hash, created_at) values ($1, $2, 'Ana', 'x', $3)",
    [account, `person-${number}`, NOW],
  );
  await db.queryText('insert into representation (account_id, record_id) values ($1, $2)', [account, number]);
  await db.queryText(
    `insert into app (client_id, name, state, confidential, apis, scope, redirect_uris, created_at)
     values ($1, 'App', 'active', $2, '{r4,dstu2}', 'patient/*.read', '{https://app.example/cb}', $3)`,
    [client, number === 1, NOW],
  );
  await db.queryText('insert into consent_grant values ($1, $2, $3, $4, $5, $6, $7)', [
    uuid(100 + number),
    account,
    client,
    number,
    grant.denied,
    NOW,
    grant.revoked,
  ]);
  await db.queryText(
    "insert into token_family (family_id, grant_id, scope, created_at) values ($1, $2, 'patient/*.read', $3)",
    [family, uuid(100 + number), NOW],
  );
  await db.queryText(
    "insert into token (family_id, hash, kind, issued_at, expires_at) values ($1, $2, 'access', $3, $4)",
    [family, sha256(token), NOW, LATER],
  );
  return token;
}

it('tokens of the first version keep their scopes; denied and revoked access stays so', async () => {
  let url = '';
  const { db, close } = await emptyDatabase(testDatabase(), (made) => {
    url = made;
    return upTo(1, made);
  });
  await db.queryText("insert into practice (practice_id, kind, name) values (1, 'live', 'Practice')", []);
  const liveToken = await addGrant(db, 1, { denied: ['Condition'], revoked: null });
  const ended = await addGrant(db, 2, { denied: [], revoked: NOW });
  expect(await migrate({ connectionString: url })).toEqual([
    '002_authorization',
    '003_people',
    '004_portal',
    '005_search',
    '006_groups_and_exports',
    '007_feed',
    '008_dstu2_directory',
    '009_validation',
    '010_merge_and_retraction',
    '011_undone_merges',
    '012_rows_as_they_are',
    '013_retracted_into',
    '014_index_versions',
    '015_repeated_refreshes',
    ...LATEST,
  ]);

  const tokens = createTokenCache({ db, clock: { now: () => NOW }, types: describeServedTypes([r4, dstu2]) });
  const live = await tokens.find(liveToken);
  expect(live?.scope.split(' ')).toContain('patient/Observation.read');
  // The first version didn't serve types such as Condition and Goal, so its consents didn't include them.
  expect(live?.scope).not.toMatch(/Condition|RelatedPerson|Procedure|Goal|Appointment/);
  expect(live?.grant.record?.recordId).toBe(1);
  await db.queryText('update consent_grant set revoked_at = null', []);
  expect(await tokens.find(ended)).toBeUndefined();
  expect(await db.queryText('select client_id, auth, kind from app order by client_id', [])).toEqual([
    { client_id: 'app-1', auth: 'secret', kind: 'patient' },
    { client_id: 'app-2', auth: 'none', kind: 'patient' },
  ]);
  expect(await db.queryText('select unticked from consent_grant order by grant_id', [])).toEqual([
    {
      unticked: [
        'Condition',
        'Condition:problem-list-item',
        'Condition:encounter-diagnosis',
        'Condition:health-concern',
      ],
    },
    { unticked: [] },
  ]);
  await close();
});

it('accounts of the second version can sign in, staff become clinicians, and patients are found by folded names', async () => {
  let url = '';
  const { db, close } = await emptyDatabase(testDatabase(), (made) => {
    url = made;
    return upTo(2, made);
  });
  const account = uuid(1);
  await db.queryText("insert into practice (practice_id, kind, name) values (1, 'live', 'Practice')", []);
  await db.queryText(
    `insert into account (account_id, username, display_name, password_hash, kind, created_at)
     values ($1, 'dr', 'Dr. Ana', 'x', 'staff', $2)`,
    [account, NOW],
  );
  await db.queryText('insert into staff (account_id, practice_id, practitioner_id) values ($1, 1, $2)', [
    account,
    uuid(2),
  ]);
  await db.queryText('insert into session values ($1, $2, $3, $4, $4, $5)', [
    sha256('c'),
    uuid(3),
    account,
    NOW,
    LATER,
  ]);
  await db.queryText('insert into record (record_id, practice_id, patient_id) values (1, 1, $1)', [uuid(4)]);
  await db.queryText("insert into demographics values (1, 1, 'Zoë Núñez', '1974-07-07')", []);
  const patient = {
    resourceType: 'Patient',
    id: uuid(4),
    identifier: [
      { system: 'https://practice.example/mrn', value: 'MRN 00-12' },
      { system: 'http://hl7.org/fhir/sid/us-ssn', value: '999-99-9999' },
    ],
    name: [{ family: 'Núñez', given: ['Zoë'] }],
    birthDate: '1974-07-07',
  };
  await db.queryText(
    `insert into resource (record_id, type, id, version, last_updated, digest, content)
     values (1, 'Patient', $1, 1, $2, '', $3)`,
    [uuid(4), NOW, JSON.stringify(patient)],
  );
  expect(await migrate({ connectionString: url })).toEqual([
    '003_people',
    '004_portal',
    '005_search',
    '006_groups_and_exports',
    '007_feed',
    '008_dstu2_directory',
    '009_validation',
    '010_merge_and_retraction',
    '011_undone_merges',
    '012_rows_as_they_are',
    '013_retracted_into',
    '014_index_versions',
    '015_repeated_refreshes',
    ...LATEST,
  ]);

  const clock = { now: () => new Date(NOW.getTime() + 60_000) };
  expect(await findSession(db, clock, 'c')).toMatchObject({ displayName: 'Dr. Ana', administrator: false });
  expect(await listStaffPositions(db, account as AccountId)).toMatchObject([
    { practiceName: 'Practice', roles: ['clinician'] },
  ]);
  await foldDemographics(db);
  await foldDemographics(db);
  expect(await db.queryText('select name, birth_date, family, folded, numbers from demographics', [])).toEqual([
    {
      name: 'Zoë Núñez',
      birth_date: '1974-07-07',
      family: 'Núñez',
      folded: expect.stringMatching(/^zoe nunez\b/),
      numbers: ['mrn0012'],
    },
  ]);
  await close();
});

it('apps of the third version keep working: their secrets get ids and names, and no organization is guessed', async () => {
  let url = '';
  const { db, close } = await emptyDatabase(testDatabase(), (made) => {
    url = made;
    return upTo(3, made);
  });
  await db.queryText(
    `insert into app (client_id, name, state, apis, scope, redirect_uris, created_at, developer)
     values ('app-1', 'App', 'active', '{r4}', 'patient/*.rs', '{https://app.example/cb}', $1, 'Maker')`,
    [NOW],
  );
  for (const secret of ['one', 'two'])
    await db.queryText('insert into app_secret (client_id, hash, created_at) values ($1, $2, $3)', [
      'app-1',
      sha256(secret),
      NOW,
    ]);
  expect(await migrate({ connectionString: url })).toEqual([
    '004_portal',
    '005_search',
    '006_groups_and_exports',
    '007_feed',
    '008_dstu2_directory',
    '009_validation',
    '010_merge_and_retraction',
    '011_undone_merges',
    '012_rows_as_they_are',
    '013_retracted_into',
    '014_index_versions',
    '015_repeated_refreshes',
    ...LATEST,
  ]);

  const clock = { now: () => NOW };
  expect(await findApp(db, clock, 'app-1')).toMatchObject({
    state: 'active',
    developer: 'Maker',
    organisationId: undefined,
    listed: false,
    description: null,
  });
  const secrets = await listSecrets(db, clock, 'app-1');
  expect(new Set(secrets.map(({ secretId }) => secretId)).size).toBe(2);
  expect(secrets.map(({ name }) => name)).toEqual(['Secret', 'Secret']);
  await close();
});

it('backend apps with write scopes, which were never granted, keep read access only', async () => {
  let url = '';
  const { db, close } = await emptyDatabase(testDatabase(), (made) => {
    url = made;
    return upTo(6, made);
  });
  const scopes: readonly (readonly [string, string, string])[] = [
    ['backend', 'system/*.cruds system/Patient.read', 'system/*.rs system/Patient.read'],
    ['backend', 'system/*.* system/Patient.cud system/Observation.write', 'system/*.read'],
    [
      'backend',
      'system/Observation.crs?category=lab system/Condition.s',
      'system/Observation.rs?category=lab system/Condition.s',
    ],
    ['patient', 'openid patient/*.*', 'openid patient/*.*'],
  ];
  for (const [index, [kind, scope]] of scopes.entries())
    await db.queryText(
      `insert into app (client_id, name, state, kind, auth, apis, scope, redirect_uris, created_at)
       values ($1, 'App', 'active', $2, 'private_key_jwt', '{r4}', $3, '{}', $4)`,
      [`app-${index}`, kind, scope, NOW],
    );
  await migrate({ connectionString: url });
  const rows = await db.queryText<{ scope: string }>('select scope from app order by client_id', []);
  expect(rows.map(({ scope }) => scope)).toEqual(scopes.map(([, , after]) => after));
  await close();
});
