import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seconds } from '../../src/kernel/index.ts';
import { findPracticeSettings, setPracticeEnabled, setSandboxOpen } from '../../src/practices/index.ts';
import { addApp } from '../support/apps/apps.ts';
import { hasElement } from '../support/browser/html.ts';
import { connectApp, DSTU2, getFhir, PatientBrowser, R4, requestToken } from '../support/people/patient.ts';
import { LIVE_PRACTICE, SANDBOX_PRACTICE, signInStaff, submitForm } from '../support/people/practice-portal.ts';
import { SANDBOX_STAFF } from '../support/people/staff.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

/** Advances the clock by a second, because the server may cache tokens that long. */
const aSecondLater = () => server.clock.advance(seconds(2));

async function turn(practiceId: number, to: 'on' | 'off'): Promise<void> {
  const boss = await signInStaff(server, ['administrator'], [practiceId as never]);
  const path = `/practice/${practiceId}/settings/api`;
  expect((await submitForm(boss.browser, path, { sure: 'yes' })).location).toContain(`done=${to}`);
  aSecondLater();
}

const problemOf = (response: { statusCode: number; body: string }) => {
  const outcome = JSON.parse(response.body);
  return [response.statusCode, outcome.issue?.[0]?.details?.coding?.[0]?.code ?? outcome.issue?.[0]?.code];
};

describe('a practice that turned off its API', () => {
  it('is reported as such at both FHIR bases, for reads, searches, includes and existing page tokens', async () => {
    const app = await addApp(server, { scope: 'launch/patient offline_access patient/*.rs' });
    const { access_token: token, patient } = await connectApp(server.app, app, {
      scope: 'launch/patient patient/*.rs',
    });
    const page = await getFhir(server.app, `${R4}/Observation?patient=${patient}&_count=2`, token);
    const next = page.json().link.find(({ relation }: { relation: string }) => relation === 'next')?.url as string;
    const id = page.json().entry[0].resource.id as string;
    const nextPath = new URL(next).pathname + new URL(next).search;
    const requests = [
      `${R4}/Patient/${patient}`,
      `${R4}/Observation/${id}`,
      `${R4}/Observation?patient=${patient}`,
      `${R4}/Observation?patient=${patient}&_revinclude=Provenance:target`,
      `${R4}/Observation?patient=${patient}&_include=Observation:subject`,
      `${R4}/Practitioner`,
      nextPath,
      `${DSTU2}/Patient/${patient}`,
      `${DSTU2}/Observation?patient=${patient}`,
      `${DSTU2}/MedicationOrder?patient=${patient}`,
    ];
    for (const url of [requests[0] ?? '', nextPath, `${DSTU2}/Patient/${patient}`])
      expect((await getFhir(server.app, url, token)).statusCode, url).toBe(200);
    await turn(SANDBOX_PRACTICE, 'off');
    for (const url of requests) {
      const answer = await getFhir(server.app, url, token);
      expect(answer.statusCode, url).toBe(403);
      expect(answer.body).toContain('turned off its API');
      expect(answer.body).not.toContain('Larkspur');
    }
    await turn(SANDBOX_PRACTICE, 'on');
    expect((await getFhir(server.app, `${R4}/Patient/${patient}`, token)).statusCode).toBe(200);
  });

  it('is reported as such to a token that is refreshed meanwhile, whose authorization remains', async () => {
    const app = await addApp(server, { scope: 'launch/patient offline_access patient/*.rs' });
    const { client_id, client_secret } = app;
    const token = await connectApp(server.app, app, { scope: 'launch/patient offline_access patient/*.rs' });
    await turn(SANDBOX_PRACTICE, 'off');
    const refreshed = await requestToken(server.app, {
      grant_type: 'refresh_token',
      refresh_token: token.refresh_token ?? '',
      client_id,
      client_secret,
    });
    expect(refreshed.status).toBe(200);
    const answer = await getFhir(server.app, `${R4}/Patient/${token.patient}`, refreshed.access_token);
    expect(problemOf(answer)[0]).toBe(403);
    expect(answer.body).toContain('turned off its API');
    await turn(SANDBOX_PRACTICE, 'on');
    expect((await getFhir(server.app, `${R4}/Patient/${token.patient}`, refreshed.access_token)).statusCode).toBe(200);
  });

  it('is reported as such to its staff’s apps, even without a patient in context', async () => {
    const scope = 'openid fhirUser user/*.rs';
    const app = await addApp(server, { kind: 'staff', scope });
    const { access_token: token } = await connectApp(server.app, app, { scope }, {}, SANDBOX_STAFF);
    expect((await getFhir(server.app, `${R4}/Patient`, token)).statusCode).toBe(200);
    await turn(SANDBOX_PRACTICE, 'off');
    for (const base of [R4, DSTU2]) {
      const answer = await getFhir(server.app, `${base}/Patient`, token);
      expect(answer.statusCode, base).toBe(403);
      expect(answer.body).toContain('turned off its API');
    }
    await turn(SANDBOX_PRACTICE, 'on');
    expect((await getFhir(server.app, `${R4}/Patient`, token)).statusCode).toBe(200);
  });

  it('hides only its own patients from staff of two practices, also from existing page tokens', async () => {
    const scope = 'openid fhirUser user/*.rs';
    const app = await addApp(server, { kind: 'staff', scope });
    const { access_token: token } = await connectApp(server.app, app, { scope }, {}, SANDBOX_STAFF);
    const [row] = await server.db.queryText<{ account_id: string; practitioner_id: string }>(
      `select s.account_id, s.practitioner_id from staff s join account a using (account_id) where a.username = $1`,
      [SANDBOX_STAFF.username],
    );
    await server.db.queryText(`insert into staff (account_id, practice_id, practitioner_id) values ($1, 2, $2)`, [
      row?.account_id,
      row?.practitioner_id,
    ]);
    aSecondLater();
    const page = await getFhir(server.app, `${R4}/Patient?_count=5`, token);
    const next = page.json().link.find(({ relation }: { relation: string }) => relation === 'next')?.url as string;
    await turn(SANDBOX_PRACTICE, 'off');
    const after = await getFhir(server.app, new URL(next).pathname + new URL(next).search, token);
    expect({ status: after.statusCode, entries: after.json().entry ?? [] }).toEqual({ status: 200, entries: [] });
    expect((await getFhir(server.app, `${R4}/Patient`, token)).json().total).toBe(0);
    await turn(SANDBOX_PRACTICE, 'on');
    await server.db.queryText('delete from staff where practice_id = 2 and account_id = $1', [row?.account_id]);
  });

  it('has no records to choose when an app requests access', async () => {
    const app = await addApp(server);
    await turn(SANDBOX_PRACTICE, 'off');
    const page = await new PatientBrowser(server.app).authorize({
      response_type: 'code',
      client_id: app.client_id,
      redirect_uri: app.redirect_uri,
      scope: 'patient/*.rs launch/patient',
    });
    expect(page.body).not.toContain('name="decision" value="allow"');
    await turn(SANDBOX_PRACTICE, 'on');
  });
});

describe('SANDBOX=off', () => {
  const state = async () => {
    const { enabled, closedByOperator } = (await findPracticeSettings(server.db, SANDBOX_PRACTICE)) ?? {};
    return { enabled, closedByOperator };
  };

  it('closes the sandbox, which cannot be turned on at the practice portal, until the next start without it', async () => {
    await setSandboxOpen(server.db, false);
    expect(await state()).toEqual({ enabled: false, closedByOperator: true });
    const boss = await signInStaff(server, ['administrator'], [SANDBOX_PRACTICE]);
    const { body } = await boss.browser.get(`/practice/${SANDBOX_PRACTICE}/settings/api`);
    expect(body).toContain('until the operator turns the sandbox on');
    expect(hasElement(body, '[name=enabled]')).toBe(false);
    expect(await setPracticeEnabled(server.db, SANDBOX_PRACTICE, true)).toBe(false);
    await setSandboxOpen(server.db, true);
    expect(await state()).toEqual({ enabled: true, closedByOperator: false });
  });

  it('leaves off what the practice’s own administrator turned off, and does not affect other practices', async () => {
    await setPracticeEnabled(server.db, SANDBOX_PRACTICE, false);
    await setSandboxOpen(server.db, false);
    await setSandboxOpen(server.db, true);
    expect(await state()).toEqual({ enabled: false, closedByOperator: false });
    await setPracticeEnabled(server.db, SANDBOX_PRACTICE, true);
    expect((await findPracticeSettings(server.db, LIVE_PRACTICE))?.enabled).toBe(true);
  });
});
