import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addApp, CALLBACK, type TestApp } from '../../support/apps/apps.ts';
import {
  authorizationCode,
  DSTU2,
  encodeForm,
  type Fields,
  FORM,
  getFhir,
  OAUTH,
  PatientBrowser,
  R4,
  requestToken,
  type TestUser,
  type TokenAnswer,
} from '../../support/people/patient.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

const HOST = 'http://localhost:8080';
const PATIENT: TestUser = { username: 'patientapitest', password: 'Password1!' };
const GUARDIAN: TestUser = { username: 'guardianapitest', password: 'Password1!' };
const STAFF: TestUser = { username: 'staffapitest', password: 'Password1!' };
const SCOPE = 'openid fhirUser offline_access patient/Patient.rs';

type Registered = TestApp & { client_secret: string };
let server: TestServer;
let app: Registered;
let modern: Registered;
let staffApp: Registered;
beforeAll(async () => {
  server = await startServer();
  app = await addApp(server);
  modern = await addApp(server, { apis: ['r4'] });
  staffApp = await addApp(server, { kind: 'staff', scope: 'openid fhirUser offline_access user/*.rs' });
});
afterAll(() => server.close());

interface FhirUserRequest {
  readonly aud?: string;
  readonly client?: Registered;
  readonly scope?: string;
  /** Key of the record to choose, if the person has several. */
  readonly record?: string;
}

async function open(
  person: TestUser,
  { aud, client = app, scope = SCOPE, record }: FhirUserRequest,
): Promise<TokenAnswer> {
  const browser = new PatientBrowser(server.app);
  const query: Fields = {
    response_type: 'code',
    client_id: client.client_id,
    redirect_uri: CALLBACK,
    scope,
    ...(aud === undefined ? {} : { aud }),
  };
  const page = await browser.authorize(query, person);
  const consent = record === undefined ? page : await browser.chooseRecord(page, record);
  const code = authorizationCode(await browser.submitConsent(consent));
  return requestToken(server.app, { grant_type: 'authorization_code', code, ...client });
}

const fhirUserOf = ({ id_token }: TokenAnswer): string => String(decodeJwt(id_token ?? '')['fhirUser']);
const readAt = async (url: string, { access_token }: TokenAnswer) => {
  const answer = await getFhir(server.app, new URL(url).pathname, access_token);
  return { status: answer.statusCode, type: answer.json().resourceType, id: answer.json().id };
};

describe('SMART App Launch 2.2 §3.0.2.3: fhirUser uses the base URL that the app was launched for', () => {
  it.each([
    [`${HOST}${DSTU2}`, DSTU2],
    [`${HOST}${DSTU2}/`, DSTU2],
    [`${HOST}${DSTU2.toUpperCase()}`, DSTU2],
    [`${HOST}${R4}`, R4],
    [undefined, R4],
  ])('for a patient whose app sends aud %s, in every response, after a refresh too', async (aud, base) => {
    const token = await open(PATIENT, aud === undefined ? {} : { aud });
    const expected = `${HOST}${base}/Patient/${token.patient}`;
    expect(fhirUserOf(token)).toBe(expected);
    expect(await readAt(expected, token)).toEqual({ status: 200, type: 'Patient', id: token.patient });
    const bearer = { authorization: `Bearer ${token.access_token}` };
    const info = await server.app.inject({ url: `${OAUTH}/userinfo`, headers: bearer });
    expect(info.json()).toMatchObject({ fhirUser: expected });
    const { client_id, client_secret } = app;
    const introspected = await server.app.inject({
      method: 'POST',
      url: `${OAUTH}/introspect`,
      headers: FORM,
      payload: encodeForm({ token: token.access_token, client_id, client_secret }),
    });
    expect(introspected.json()).toMatchObject({ active: true, fhirUser: expected });
    const again = { grant_type: 'refresh_token', refresh_token: token.refresh_token ?? '', client_id, client_secret };
    expect(fhirUserOf(await requestToken(server.app, again))).toBe(expected);
  });

  it('for a representative, who is a RelatedPerson', async () => {
    const [child] = await server.db.queryText<{ key: string; related: string }>(
      `select r.practice_id || '-' || r.patient_id as key, x.related_person_id as related
       from representation x join account a using (account_id) join record r using (record_id)
       where a.username = 'guardianapitest' and x.relationship = 'representative' limit 1`,
      [],
    );
    const token = await open(GUARDIAN, { aud: `${HOST}${DSTU2}`, record: child?.key ?? '' });
    expect(fhirUserOf(token)).toBe(`${HOST}${DSTU2}/RelatedPerson/${child?.related}`);
    expect(await readAt(fhirUserOf(token), token)).toEqual({ status: 200, type: 'RelatedPerson', id: child?.related });
  });

  it('for a member of staff, who is a Practitioner', async () => {
    const scope = 'openid fhirUser user/Patient.rs';
    const token = await open(STAFF, { aud: `${HOST}${DSTU2}`, client: staffApp, scope });
    expect(fhirUserOf(token)).toMatch(new RegExp(`^${HOST}${DSTU2}/Practitioner/[0-9a-f-]{36}$`));
    const id = fhirUserOf(token).split('/').at(-1);
    expect(await readAt(fhirUserOf(token), token)).toEqual({ status: 200, type: 'Practitioner', id });
  });

  it('an app that lost an API gets the URL of the other one, and an app that never had it gets no code', async () => {
    const reduced = await addApp(server);
    const token = await open(PATIENT, { aud: `${HOST}${DSTU2}`, client: reduced });
    const { client_id, client_secret } = reduced;
    await server.db.queryText("update app set apis = '{r4}' where client_id = $1", [client_id]);
    server.clock.advance(2000);
    const again = { grant_type: 'refresh_token', refresh_token: token.refresh_token ?? '', client_id, client_secret };
    expect(fhirUserOf(await requestToken(server.app, again))).toBe(`${HOST}${R4}/Patient/${token.patient}`);
    const query = { response_type: 'code', client_id: modern.client_id, redirect_uri: CALLBACK, scope: SCOPE };
    const rejected = await new PatientBrowser(server.app).get(
      `${OAUTH}/authorize?${encodeForm({ ...query, aud: `${HOST}${DSTU2}` })}`,
    );
    expect(rejected.location).toMatch(/error=invalid_request/);
  });
});
