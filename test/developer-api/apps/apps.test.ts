import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeServedTypes, dstu2, r4 } from '../../../src/fhir/index.ts';
import type { CatalogResponse } from '../../../src/portal-api/contract/apps.ts';
import { appDraft, backendDraft, getDeveloperApp, registerDraft } from '../../support/apps/app-drafts.ts';
import { setAppState } from '../../support/apps/apps.ts';
import { createSigningKeys } from '../../support/apps/signing-keys.ts';
import { codeIn, hasElement, textOf } from '../../support/browser/html.ts';
import { type Developer, signInDeveloper } from '../../support/people/developer-portal.ts';
import { connectApp, getFhir, PatientBrowser, R4 } from '../../support/people/patient.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
let dev: Developer;
beforeAll(async () => {
  server = await startServer();
  dev = await signInDeveloper(server, { verified: true });
});
afterAll(() => server.close());

const errorsOf = async (changes: object) => {
  const { status, body } = await dev.call('POST', '/developer/checks/draft', appDraft(changes));
  expect(status).toBe(200);
  return body.faults as { field: string; message: string }[];
};
const fieldsOf = async (changes: object) => (await errorsOf(changes)).map(({ field }) => field);

describe('a registered app', () => {
  it('is provisional, pending as version 1 with its clock, and can read the sandbox immediately', async () => {
    const registered = await registerDraft(dev);
    const { app } = registered;
    expect(app).toMatchObject({ state: 'provisional', kind: 'patient', organisationId: dev.organisationId });
    expect(app.open).toMatchObject({ version: 1, state: 'waiting', submittedBy: 'Dev Eloper', waits: [] });
    const waited = new Date(app.open?.verifyBy ?? '').getTime() - server.clock.now().getTime();
    // Ten business days from a Sunday are at least this long.
    expect(waited / 86_400_000).toBeGreaterThan(11);
    expect(app.terms).toEqual({ ...appDraft(), category: null, initiateLoginUri: '' });
    expect(app.secrets).toEqual([expect.objectContaining({ expiresAt: null })]);
    expect(app.may).toEqual({ change: true, administer: true });

    const token = await connectApp(server.app, registered);
    expect(token.status).toBe(200);
    expect((await getFhir(server.app, `${R4}/Patient`, token.access_token)).statusCode).toBe(200);
  });

  it('appears in its history, in its developer’s list and in the audit log', async () => {
    const { clientId } = await registerDraft(dev, { name: 'Told' });
    const { body: history } = await dev.call('GET', `/developer/apps/${clientId}/history`);
    expect(history.map(({ kind, who }: { kind: string; who: string }) => [kind, who])).toEqual([
      ['submitted', 'Dev Eloper'],
      ['registered', 'Dev Eloper'],
    ]);
    const { body: list } = await dev.call('GET', `/developer/apps?organisation=${dev.organisationId}`);
    expect(list[0]).toMatchObject({ clientId, name: 'Told', open: { version: 1 } });
    expect((await dev.call('GET', '/developer/apps')).body.length).toBe(list.length);
    const auditRows = await server.db.queryText<{ detail: object }>(
      "select detail from audit_event where client_id = $1 and kind = 'app'",
      [clientId],
    );
    expect(auditRows).toEqual([{ detail: { action: 'register', organisationId: dev.organisationId } }]);
  });

  it('splits redirect URIs at commas, removes duplicates and trims white space', async () => {
    const { app } = await registerDraft(dev, {
      redirectUris: ['https://a.example/cb, https://b.example/cb', ' https://b.example/cb ', 'com.example.app:/cb'],
    });
    expect(app.terms.redirectUris).toEqual(['https://a.example/cb', 'https://b.example/cb', 'com.example.app:/cb']);
  });

  it('has a secret with the chosen validity, and none if it is public or has keys', async () => {
    const { app } = await registerDraft(dev, {}, { secretDays: 90 });
    const expires = new Date(app.secrets[0]?.expiresAt ?? 0).getTime();
    expect(Math.round((expires - server.clock.now().getTime()) / 86_400_000)).toBe(90);
    const { jwks } = await createSigningKeys('ES384');
    for (const changes of [{ auth: 'none' }, { auth: 'private_key_jwt', jwks }] as const) {
      const { client_secret, app: without } = await registerDraft(dev, changes);
      expect({ client_secret, secrets: without.secrets, auth: without.terms.auth }).toEqual({
        client_secret: '',
        secrets: [],
        auth: changes.auth,
      });
    }
  });

  it('that is a backend app starts with the sandbox’s patients', async () => {
    const { clientId } = await registerDraft(dev, await backendDraft());
    const rows = await server.db.queryText('select practice_ids from app where client_id = $1', [clientId]);
    expect(rows).toEqual([{ practice_ids: [1] }]);
  });

  it('has its organization as developer, with its verification, on the consent page', async () => {
    const registered = await registerDraft(dev);
    const browser = new PatientBrowser(server.app);
    const request = { response_type: 'code', client_id: registered.client_id, redirect_uri: registered.redirect_uri };
    const page = await browser.authorize(request);
    expect(page.body).toContain('The people who run this service verified that');
    await server.db.queryText('update organisation set name = $2, verified_at = null where organisation_id = $1', [
      dev.organisationId,
      'Another Name',
    ]);
    const after = await browser.authorize(request);
    expect(textOf(after)).toContain('It says it is made by Another Name . Not verified');
    await server.db.queryText('update organisation set verified_at = $2 where organisation_id = $1', [
      dev.organisationId,
      server.clock.now(),
    ]);
  });

  it('counts towards a limit of 50 for an organization, even with concurrent registrations', async () => {
    const many = await signInDeveloper(server);
    await server.db.queryText(
      `insert into app (client_id, name, state, auth, apis, scope, redirect_uris, created_at, organisation_id)
       select 'many-' || n, 'Many', 'provisional', 'none', '{r4}', 'openid', '{https://a.example/cb}', $1, $2
       from generate_series(1, 48) n`,
      [server.clock.now(), many.organisationId],
    );
    const body = { organisationId: many.organisationId, draft: appDraft() };
    const answers = await Promise.all([1, 2, 3, 4].map(() => many.call('POST', '/developer/apps', body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 409, 409]);
  });
});

describe('PROVISIONAL_APPS=inactive', () => {
  it('an app cannot do anything before it is approved', async () => {
    const strict = await startServer({ PROVISIONAL_APPS: 'inactive' });
    try {
      const registered = await registerDraft(await signInDeveloper(strict));
      const request = { response_type: 'code', client_id: registered.client_id, redirect_uri: registered.redirect_uri };
      const rejected = await new PatientBrowser(strict.app).authorize(request);
      expect(new URL(rejected.location ?? '').searchParams.get('error')).toBe('unauthorized_client');
      await setAppState(strict, registered as never, 'active');
      expect((await connectApp(strict.app, registered)).status).toBe(200);
    } finally {
      await strict.close();
    }
  });
});

describe('errors of a draft are reported by field', () => {
  it('with none for a valid draft', async () => {
    expect(await errorsOf({})).toEqual([]);
  });
  it.each<[string, object, string[]]>([
    ['no name', { name: ' ' }, ['name']],
    ['mixed alphabets in a word', { name: 'Pаypal' }, ['name']],
    ['an invisible character', { name: 'safe\u202eppa' }, ['name']],
    ['no redirect URI', { redirectUris: [] }, ['redirectUris']],
    [
      'an error in the second redirect URI',
      { redirectUris: ['https://a.example/cb', 'http://b.example/cb'] },
      ['redirectUris.1'],
    ],
    [
      'an error in one of several in an entry',
      { redirectUris: ['https://a.example/1, https://a.example/2', 'https://a.example/3,javascript:alert(1)'] },
      ['redirectUris.1'],
    ],
    ['no API', { apis: [] }, ['apis']],
    ['scopes of another kind of app', { scope: 'patient/*.rs system/*.rs' }, ['scope']],
    ['writing', { scope: 'patient/Observation.write' }, ['scope']],
    ['a launch URI of a patient app', { launchUri: 'https://a.example/launch' }, ['launchUri']],
    ['keys of a public app', { auth: 'none', jwksUri: 'https://a.example/jwks' }, ['auth']],
    ['no keys', { auth: 'private_key_jwt' }, ['jwks']],
    ['keys over http', { auth: 'private_key_jwt', jwksUri: 'http://a.example/jwks' }, ['jwksUri']],
    [
      'pages over http',
      { website: 'http://a.example', policyUri: 'javascript:alert(1)', termsUri: 'x' },
      ['website', 'policyUri', 'termsUri'],
    ],
    ['an unknown question', { dataUse: { spied: 'no', sold: 'perhaps' } }, ['dataUse.spied', 'dataUse.sold']],
    ['a description that reverses the text direction', { description: 'a\u202eb' }, ['description']],
  ])('%s', async (_what, changes, fields) => {
    expect(await fieldsOf(changes)).toEqual(fields);
  });
  it('and the same at registration, which stores nothing', async () => {
    const before = await server.db.queryText<{ n: number }>('select count(*)::int as n from app', []);
    const body = { organisationId: dev.organisationId, draft: appDraft({ name: '', apis: [] }) };
    const answer = await dev.call('POST', '/developer/apps', body);
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status: 400, code: 'fields-invalid' });
    expect(answer.body.errors.map(({ field }: { field: string }) => field)).toEqual(['name', 'apis']);
    expect(await server.db.queryText('select count(*)::int as n from app', [])).toEqual(before);
  });
});

describe('the catalog', () => {
  const catalogue = async (language: string): Promise<CatalogResponse> =>
    (await dev.call('GET', `/developer/catalogue?language=${language}`)).body;

  it('has each served type, in plain names of both languages', async () => {
    const [en, es] = [await catalogue('en'), await catalogue('es')];
    expect(en.apis.map(({ name }) => name)).toEqual(['nge.prod.fhir-api-r4', 'nge.prod.fhir-api']);
    const { names } = describeServedTypes([r4, dstu2]);
    for (const kind of ['patient', 'staff', 'backend']) {
      const resources = en.kinds[kind]?.resources ?? [];
      expect(new Set(resources.map(({ type }) => type))).toEqual(new Set(names));
      expect(resources.every(({ apis }) => apis.length > 0)).toBe(true);
      const spanish = es.kinds[kind]?.resources ?? [];
      expect(resources.filter(({ label }, at) => label === spanish[at]?.label)).toEqual([]);
    }
    expect(en.kinds['patient']?.resources).toContainEqual({
      scope: 'patient/MedicationRequest.rs',
      type: 'MedicationRequest',
      label: 'Medicines',
      apis: ['r4', 'dstu2'],
    });
    expect(en.dataUse).toHaveLength(8);
    expect(en.secretLifetimes.map(({ days }) => days)).toEqual([30, 90, 180, 365, null]);
  });

  it('contains only values that can be registered', async () => {
    const { kinds } = await catalogue('en');
    const { jwks } = await createSigningKeys('ES384');
    for (const [kind, { others, resources }] of Object.entries(kinds)) {
      const scope = [...others, ...resources].map((one) => one.scope).join(' ');
      const keyed = kind === 'backend' ? { auth: 'private_key_jwt', jwks, redirectUris: [] } : {};
      expect(await errorsOf({ kind, scope, ...keyed })).toEqual([]);
    }
  });
});

describe('the preview of the consent page', () => {
  const preview = async (changes: object, language = 'en') =>
    (
      await dev.call('POST', '/developer/preview', {
        draft: appDraft(changes),
        language,
        organisationId: dev.organisationId,
      })
    ).body.html as string | null;

  it('is what people see, in their language, with a fictitious patient', async () => {
    const html = await preview({});
    expect(html).toContain('Share your health record with Pillbox?');
    expect(html).toContain('Medicines');
    expect(html).not.toContain('Vaccinations');
    expect(html).toContain('app.example');
    expect(html).toContain('/assets/pages.css');
    expect(html).not.toContain('isn’t approved yet');
    expect(await preview({}, 'es')).toContain('¿');
  });
  it('is not interactive, and shows a developer’s input as text', async () => {
    const name = '<img src=x onerror=alert(1)>';
    const html = (await preview({ name, scope: 'patient/*.rs offline_access' })) ?? '';
    const active =
      'img:not([src="/assets/icon.svg"]), script, a[href], [action], [formaction], button:not([type=button]), input[type=submit]';
    expect(hasElement(html, active)).toBe(false);
    expect(codeIn(html)).toEqual([]);
    expect(textOf(html)).toContain(name);
  });
  it('exists for an incomplete draft, and not for a backend app', async () => {
    expect(await preview({ redirectUris: [], name: '' })).toContain('your-app.example');
    expect(await preview({ kind: 'staff', scope: 'launch user/*.rs patient/*.rs' })).toContain('all patients');
    expect(await preview({ kind: 'backend' })).toBeNull();
  });
});

describe('the environment of an app', () => {
  const blocksOf = async (clientId: string): Promise<Record<string, string>> => {
    const { body } = await dev.call('GET', `/developer/apps/${clientId}/environment`);
    return Object.fromEntries(body.blocks.map(({ format, text }: { format: string; text: string }) => [format, text]));
  };

  it('is read correctly by each tool, whatever is registered', async () => {
    const hostileUri = `https://a.example/cb?x=$(id)&y='";\`z\`\${w}`;
    const { clientId } = await registerDraft(dev, { redirectUris: [hostileUri], apis: ['r4', 'dstu2'] });
    const blocks = await blocksOf(clientId);
    expect(Object.keys(blocks)).toEqual(['env', 'json', 'curl', 'javascript', 'python', 'swift', 'kotlin']);
    expect(JSON.parse(blocks['json'] ?? '')).toMatchObject({
      client_id: clientId,
      client_secret: 'YOUR_CLIENT_SECRET',
      redirect_uri: hostileUri,
      fhir_r4: `${server.config.publicUrl}${R4}`,
    });
    for (const text of Object.values(blocks)) expect(text).toContain(clientId);
    // Each tool reads its own format. No tool may run a part of a URL as a command.
    const shell = `${blocks['env']}\nprintf %s "$REDIRECT_URI"`;
    expect(execFileSync('bash', ['-c', shell], { encoding: 'utf8' })).toBe(hostileUri);
    execFileSync('bash', ['-n', '-c', blocks['curl'] ?? '']);
    const config = new Function(`${blocks['javascript']}; return config;`)();
    expect(config.redirectUri).toBe(hostileUri);
  });

  it('of a public app has no secret, and of a backend app no redirect URI', async () => {
    const { clientId } = await registerDraft(dev, { auth: 'none' });
    expect(JSON.stringify(await blocksOf(clientId))).not.toContain('YOUR_CLIENT_SECRET');
    expect(Object.keys(await blocksOf((await registerDraft(dev, await backendDraft())).clientId))).toEqual([
      'env',
      'json',
      'curl',
    ]);
  });
});

it('a reader sees an app, and that they cannot change it', async () => {
  const { clientId } = await registerDraft(dev);
  const reader = await signInDeveloper(server, { organisationId: dev.organisationId, role: 'reader' });
  expect((await getDeveloperApp(reader, clientId)).may).toEqual({ change: false, administer: false });
});
