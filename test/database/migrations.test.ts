import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import { expect, it } from 'vitest';
import { type Database, migrate } from '../../src/database/index.ts';
import { dstu2, r4, servedTypes } from '../../src/fhir/index.ts';
import { sha256 } from '../../src/kernel/index.ts';
import { openLiveTokens } from '../../src/oauth/index.ts';
import { emptyDatabase } from '../support/empty-database.ts';
import { testDatabase } from '../support/test-database.ts';

/** As the first version left a database. */
const first = (databaseUrl: string) =>
  runner({
    databaseUrl,
    dir: fileURLToPath(new URL('../../src/database/migrations', import.meta.url)),
    direction: 'up',
    count: 1,
    migrationsTable: 'schema_migration',
    log: () => {},
  });

const NOW = new Date('2026-06-01T12:00:00Z');
const LATER = new Date('2026-06-01T13:00:00Z');
const uuid = (last: number) => `00000000-0000-4000-8000-${String(last).padStart(12, '0')}`;
/** Family and secret. */
const tokenOf = (number: number) => `${String(number).padStart(22, 'f')}.${'s'.repeat(43)}`;

/** Person, app, record and a token of it. */
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

it('tokens of the first version stay good for what they were granted; what was denied and what had ended stays so', async () => {
  let url = '';
  const { db, close } = await emptyDatabase(testDatabase(), (made) => {
    url = made;
    return first(made);
  });
  await db.queryText("insert into practice (practice_id, kind, name) values (1, 'live', 'Practice')", []);
  const good = await addGrant(db, 1, { denied: ['Condition'], revoked: null });
  const ended = await addGrant(db, 2, { denied: [], revoked: NOW });
  expect(await migrate({ connectionString: url })).toEqual(['002_authorization']);

  const tokens = openLiveTokens({ db, clock: { now: () => NOW }, types: servedTypes([r4, dstu2]) });
  const live = await tokens.find(good);
  expect(live?.scope.split(' ')).toContain('patient/Observation.read');
  expect(live?.scope).not.toMatch(/Condition|RelatedPerson/);
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
