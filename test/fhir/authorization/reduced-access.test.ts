import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { addApp, type TestApp } from '../../support/apps/apps.ts';
import { connectApp, getFhir, PatientBrowser, R4, type TokenAnswer } from '../../support/people/patient.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

const SCOPE = 'launch/patient patient/*.rs';
/** Number of copies of an Observation. Their notes of 9,600 characters each are more than socket buffers hold. */
const COPIES = 2000;
const MARK = `"status":"final"`;

let server: TestServer;
let port: number;
let app: TestApp & { readonly client_secret: string };
beforeAll(async () => {
  server = await startServer();
  app = await addApp(server, { scope: SCOPE });
  await server.app.listen({ port: 0, host: '127.0.0.1' });
  port = (server.app.server.address() as AddressInfo).port;
});
afterEach(() => server.db.queryText("delete from resource where id::text like '%-00000000abcd'", []));
afterAll(() => server.close());

/** Adds copies of one Observation of a patient's record, each with a long note and an id of its own. */
async function lengthen(patient: string): Promise<void> {
  const found = await server.db.queryText<{ name: string }>(
    "select column_name as name from information_schema.columns where table_name = 'resource' and table_schema = 'public'",
    [],
  );
  const columns = found.map(({ name }) => name);
  const number = "lpad(n::text, 8, '0') || '-0000-4000-8000-00000000abcd'";
  const noted = `replace(r.content, r.id::text, ${number}), '${MARK}', '${MARK},"note":[{"text":"' || repeat('x', 9600) || '"}]'`;
  const copied = columns.map((name) => {
    if (name === 'id') return `(${number})::uuid`;
    return name === 'content' ? `replace(${noted})` : `r.${name}`;
  });
  await server.db.queryText(
    `insert into resource (${columns.join(', ')}) select ${copied.join(', ')}
     from (select x.* from resource x join record o on o.record_id = x.record_id
           where o.patient_id = $1 and x.type = 'Observation' and x.content like '%${MARK}%' order by x.id limit 1) r,
       generate_series(1, $2::int) n`,
    [patient, COPIES],
  );
}

/** Changes the stored resources, so that the response shows which of them are read after this moment. */
const markWhatIsReadNow = () =>
  server.db.queryText(
    `update resource set content = replace(content, '${MARK}', '${MARK},"language":"after"') where id::text like '%-00000000abcd'`,
    [],
  );

async function open({ access_token }: TokenAnswer): Promise<IncomingMessage> {
  const headers = { authorization: `Bearer ${access_token}` };
  const path = `${R4}/Patient/$everything?_type=Observation`;
  const sent = request({ port, host: '127.0.0.1', path, headers, agent: false });
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.pause();
  return response;
}

async function rest(response: IncomingMessage) {
  const parts: Buffer[] = [];
  const text = () => Buffer.concat(parts).toString();
  try {
    for await (const part of response) parts.push(part as Buffer);
    return { text: text(), isWhole: true };
  } catch {
    return { text: text(), isWhole: false };
  }
}

async function begin() {
  const browser = new PatientBrowser(server.app);
  const tokens = await connectApp(server.app, app, { scope: SCOPE }, {}, undefined, browser);
  await lengthen(tokens.patient);
  return { browser, tokens, response: await open(tokens) };
}

describe('a streamed $everything', () => {
  it('breaks off when the person withdraws the app’s access to its types', async () => {
    const { browser, tokens, response } = await begin();
    // The choice on the consent page applies to the earlier consent too.
    const taken = { allow: ['Immunization'], earlier: 'yes' };
    await connectApp(server.app, app, { scope: SCOPE }, taken, undefined, browser);
    server.clock.advance(2000);
    expect((await getFhir(server.app, `${R4}/Observation`, tokens.access_token)).statusCode).toBe(403);
    await markWhatIsReadNow();
    const { text, isWhole } = await rest(response);
    expect({ status: response.statusCode, isWhole, hasLanguage: text.includes('"language":"after"') }).toEqual({
      status: 200,
      isWhole: false,
      hasLanguage: false,
    });
  });

  it('breaks off when the practice turns its API off', async () => {
    const { tokens, response } = await begin();
    const turn = (enabled: boolean) =>
      server.db.queryText(
        'update practice set enabled = $2 where practice_id = (select practice_id from record where patient_id = $1)',
        [tokens.patient, enabled],
      );
    await turn(false);
    server.clock.advance(2000);
    await markWhatIsReadNow();
    const { text, isWhole } = await rest(response);
    await turn(true);
    expect({ status: response.statusCode, isWhole, hasLanguage: text.includes('"language":"after"') }).toEqual({
      status: 200,
      isWhole: false,
      hasLanguage: false,
    });
  });

  it('completes when the person confirms the same access', async () => {
    const { browser, tokens, response } = await begin();
    await connectApp(server.app, app, { scope: SCOPE }, {}, undefined, browser);
    server.clock.advance(2000);
    await markWhatIsReadNow();
    const { text, isWhole } = await rest(response);
    expect({ status: response.statusCode, isWhole, hasLanguage: text.includes('"language":"after"') }).toEqual({
      status: 200,
      isWhole: true,
      hasLanguage: true,
    });
    expect((await getFhir(server.app, `${R4}/Observation?_count=1`, tokens.access_token)).statusCode).toBe(200);
  });
});
