import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeServedTypes, dstu2, r4 } from '../../../src/fhir/index.ts';
import { textInput } from '../../../src/intake/index.ts';
import {
  categoryKeys,
  DATA_CATEGORIES,
  STANDALONE_CATEGORIES,
  SUPPORTING_TYPES,
} from '../../../src/oauth/scopes/resource-categories.ts';
import { addApp, type TestApp } from '../../support/apps/apps.ts';
import {
  attributesOf,
  choicesOf,
  type Html,
  hasElement,
  hiddenFields,
  linksOf,
  textOf,
} from '../../support/browser/html.ts';
import { addLivePatient, type LivePerson } from '../../support/people/live-patient.ts';
import {
  connectApp,
  type Fields,
  getFhir,
  OAUTH,
  PatientBrowser,
  R4,
  recordChoices,
  redirectParameters,
  requestToken,
  SANDBOX_PATIENT,
  sharedItems,
} from '../../support/people/patient.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
/**
 * A person whose password only they know. Their consent choices apply in all browsers, unlike those of a shared
 * account.
 */
let lou: LivePerson;
beforeAll(async () => {
  server = await startServer();
  lou = await addLivePatient(server);
});
afterAll(() => server.close());

const consentPage = async (
  { client_id, redirect_uri }: TestApp,
  query: Record<string, string> = {},
  person: typeof SANDBOX_PATIENT = SANDBOX_PATIENT,
  browser = new PatientBrowser(server.app),
) => {
  const page = await browser.authorize({ response_type: 'code', client_id, redirect_uri, ...query }, person);
  return { browser, page };
};
const connectLou = (app: TestApp, query: Record<string, string> = {}, changes: Fields = {}) =>
  connectApp(server.app, app, query, changes, lou);
const pageOfLou = async (app: TestApp, query: Record<string, string> = {}) =>
  (await consentPage(app, query, lou)).page.body;
const lines = (html: Html) => choicesOf(html, 'allow').map(({ value }) => value);
const line = (html: Html, key: string) => choicesOf(html, 'allow').find(({ value }) => value === key);
/** Whether the box for offline access is checked. Undefined if there is no box. */
const isOfflineChecked = (html: Html) => {
  const [box] = choicesOf(html, 'offline');
  return box?.checked;
};
const CONDITION = categoryKeys('Condition');
/**
 * Keys of all consent items that can be left out. A data category that is divided into parts has one item for each part.
 */
const all = STANDALONE_CATEGORIES.filter((type) => type !== 'Patient').flatMap((type): readonly string[] => {
  const parts = categoryKeys(type);
  return parts.length === 0 ? [type] : parts;
});

describe('the consent items', () => {
  it('cover every served type except the supporting types', () => {
    const { names } = describeServedTypes([r4, dstu2]);
    expect([...DATA_CATEGORIES, ...SUPPORTING_TYPES].sort()).toEqual([...names].sort());
  });
});

describe('the consent page', () => {
  it('names app, person and practice, and has an item for each requested data category', async () => {
    const { page } = await consentPage(await addApp(server));
    expect(page.body).toContain('Test App');
    expect(page.body).toContain('app.example');
    expect(page.body).toContain('Sandbox Family Practice');
    expect(lines(page.body).toSorted()).toEqual(all.toSorted());
  });

  it('has every group on and every item checked initially, and Patient cannot be left out', async () => {
    const { page } = await consentPage(await addApp(server));
    for (const key of all) expect(line(page, key)).toMatchObject({ checked: true });
    expect(choicesOf(page, 'group').filter(({ checked }) => !checked)).toEqual([]);
    expect(textOf(page, '.locked')).toContain('Personal details');
  });

  it('denies a group that is off, whatever is checked in it, and starts with it off the next time', async () => {
    const app = await addApp(server);
    const { browser, page } = await consentPage(app, { scope: 'patient/*.rs' }, lou);
    const group = choicesOf(page, 'group').flatMap(({ value }) => (value === 'medicines' ? [] : [value]));
    const done = await browser.submitConsent(page, { group });
    const [family] = (redirectParameters(done).get('code') ?? '').split('.');
    const [stored] = await server.db.queryText<{ scope: string }>(
      'select scope from token_family where family_id = $1',
      [family],
    );
    const medications = ['Dispense', 'Request', 'Statement', 'Administration'].map((name) => `Medication${name}`);
    expect(stored?.scope).toContain('patient/Immunization.rs');
    expect(stored?.scope).not.toContain('patient/Medication');
    const again = await pageOfLou(app, { scope: 'patient/*.rs' });
    expect(choicesOf(again, 'group').flatMap(({ value, checked }) => (checked ? [] : [value]))).toEqual(['medicines']);
    expect(sharedItems(again).toSorted()).toEqual(all.filter((key) => !medications.includes(key)).toSorted());
  });

  it('has items only for what was requested, and none for supporting types', async () => {
    const { page } = await consentPage(await addApp(server), {
      scope: 'patient/Condition.rs patient/Practitioner.rs patient/Provenance.rs',
    });
    expect(lines(page.body)).toEqual(CONDITION);
    expect(page.body).toContain('the clinicians and practices named in these entries');
  });

  it('explains what is shared when there are no items: the person’s identity, or who is named in the record', async () => {
    const app = await addApp(server);
    expect((await consentPage(app, { scope: 'openid fhirUser' })).page.body).toContain('can’t see any health data');
    const supporting = (await consentPage(app, { scope: 'patient/Provenance.rs' })).page.body;
    expect(supporting).not.toContain('can’t see any health data');
    expect(supporting).toContain('the clinicians and practices named in these entries');
  });

  it('shows the last choice the next time', async () => {
    const app = await addApp(server);
    const { browser, page } = await consentPage(app, {}, lou);
    const allow = ['MedicationRequest', 'Condition:health-concern'];
    await browser.submitConsent(page, { allow, duration: 'P90D', offline: 'yes' });
    const again = await pageOfLou(app);
    expect(sharedItems(again).toSorted()).toEqual(allow.toSorted());
    expect(choicesOf(again, 'duration').find(({ checked }) => checked)?.value).toBe('P90D');
    expect(isOfflineChecked(again)).toBe(true);
  });

  it('retains the last choice for offline access, even after a page without that box', async () => {
    const app = await addApp(server);
    const scope = 'offline_access patient/*.rs';
    await connectLou(app, { scope }, { offline: 'no' });
    await connectLou(app, { scope: 'patient/*.rs' });
    expect(isOfflineChecked(await pageOfLou(app, { scope }))).toBe(false);
  });

  it('marks items that were not on the last page, and none on the first page', async () => {
    const app = await addApp(server);
    const marked = (html: Html) =>
      attributesOf(html, 'label:has(.new)', 'for').map((id) => id.replace(/^(allow|group)-/, ''));
    expect(marked(await pageOfLou(app, { scope: 'patient/Condition.rs' }))).toEqual([]);
    await connectLou(app, { scope: 'patient/Condition.rs patient/Encounter.rs' });
    expect(marked(await pageOfLou(app, { scope: 'patient/Condition.rs patient/Immunization.rs' }))).toEqual([
      'allergies',
    ]);
    expect(marked(await pageOfLou(app, { scope: 'patient/Condition.rs' }))).toEqual([]);
  });

  it('has a group open if Allow would share more of it than before, so that what is new is in view', async () => {
    const app = await addApp(server);
    const openGroups = async (scope: string) =>
      attributesOf(await pageOfLou(app, { scope }), '.data-group:has(> details[open]) > .switch', 'value');
    const before = 'patient/FamilyMemberHistory.rs patient/RelatedPerson.rs patient/Encounter.rs patient/Goal.rs';
    expect(await openGroups(before)).toEqual([]);
    await connectLou(app, { scope: before }, { allow: ['FamilyMemberHistory', 'RelatedPerson', 'Encounter'] });
    const more = 'patient/Observation.rs?category=sdoh patient/Condition.rs patient/Procedure.rs patient/Coverage.rs';
    expect(await openGroups(`${before} ${more}`)).toEqual(['life']);
    expect(await openGroups(before)).toEqual([]);
    expect(await openGroups(more)).toEqual([]);
  });
});

describe('the scope of the token', () => {
  it('repeats the request when everything is allowed', async () => {
    const app = await addApp(server);
    const scope = 'launch/patient patient/Observation.read patient/Patient.rs';
    expect((await connectApp(server.app, app, { scope })).scope).toBe(scope);
  });

  it('is the registered scope when none was requested, without online_access, which must be requested', async () => {
    const app = await addApp(server, { scope: 'patient/*.read online_access launch/patient' });
    expect((await connectApp(server.app, app)).scope).toBe('patient/*.read launch/patient');
  });

  it('never includes more than was requested: keys that the page did not offer change nothing', async () => {
    const app = await addApp(server);
    const token = await connectApp(server.app, app, { scope: 'patient/Condition.rs' }, { allow: all, offline: 'yes' });
    expect(token.scope).toBe('patient/Condition.rs');
  });

  it('lists a narrowed wildcard type by type, with Patient and the supporting types', async () => {
    const app = await addApp(server, { scope: 'patient/*.read' });
    const token = await connectApp(server.app, app, {}, { allow: CONDITION });
    expect(token.scope.split(' ').sort()).toEqual(
      ['Condition', 'Patient', ...SUPPORTING_TYPES].map((type) => `patient/${type}.read`).sort(),
    );
  });

  it('excludes a denied type (403) and includes an allowed type', async () => {
    const app = await addApp(server);
    const token = await connectApp(server.app, app, {}, { allow: CONDITION });
    expect((await getFhir(server.app, `${R4}/Condition`, token.access_token)).statusCode).toBe(200);
    for (const denied of ['Observation', 'Immunization']) {
      const denial = await getFhir(server.app, `${R4}/${denied}`, token.access_token);
      expect(denial.statusCode).toBe(403);
      expect(denial.json().issue[0].details.coding[0].code).toBe('scope-denied');
    }
  });

  it('is empty (access_denied) if every item is unchecked and Patient was not requested', async () => {
    const { browser, page } = await consentPage(await addApp(server), {
      scope: 'patient/Condition.rs patient/Practitioner.rs',
    });
    expect(redirectParameters(await browser.submitConsent(page, { allow: [] })).get('error')).toBe('access_denied');
  });
});

describe('a choice applies to the access that it grants', () => {
  const statusOf = async (type: string, { access_token }: { access_token: string }) =>
    (await getFhir(server.app, `${R4}/${type}`, access_token)).statusCode;
  const WITHOUT_CONDITION = () => all.filter((key) => !CONDITION.includes(key));

  it('and leaves earlier access of the app unchanged', async () => {
    const app = await addApp(server);
    const phone = await connectLou(app);
    const laptop = await connectLou(app, {}, { allow: WITHOUT_CONDITION(), duration: 'P1D' });
    server.clock.advance(2000);
    expect({ phone: await statusOf('Condition', phone), laptop: await statusOf('Condition', laptop) }).toEqual({
      phone: 200,
      laptop: 403,
    });
    server.clock.advance(25 * 3_600_000);
    const { client_id, client_secret } = app;
    const refresh = (refresh_token = '') =>
      requestToken(server.app, { grant_type: 'refresh_token', refresh_token, client_id, client_secret });
    expect((await refresh(laptop.refresh_token)).error).toBe('invalid_grant');
    expect((await refresh(phone.refresh_token)).scope).toBe(phone.scope);
  });

  it('and to earlier access if the person chooses so: declined items are removed from it permanently', async () => {
    const app = await addApp(server);
    const phone = await connectLou(app);
    expect(hasElement(await pageOfLou(app), '[name=earlier]')).toBe(true);
    await connectLou(app, {}, { allow: WITHOUT_CONDITION(), earlier: 'yes' });
    server.clock.advance(1001);
    expect({
      condition: await statusOf('Condition', phone),
      immunization: await statusOf('Immunization', phone),
    }).toEqual({ condition: 403, immunization: 200 });
    const laptop = await connectLou(app, {}, { allow: all, earlier: 'yes' });
    server.clock.advance(1001);
    expect({ phone: await statusOf('Condition', phone), laptop: await statusOf('Condition', laptop) }).toEqual({
      phone: 403,
      laptop: 200,
    });
  });

  it('and its duration applies to earlier access too: it can only end sooner', async () => {
    const app = await addApp(server);
    const phone = await connectLou(app);
    await connectLou(app, {}, { duration: 'P1D', earlier: 'yes' });
    await connectLou(app, {}, { duration: 'P1Y', earlier: 'yes' });
    await connectLou(app);
    server.clock.advance(25 * 3_600_000);
    const { client_id, client_secret } = app;
    const fields = { grant_type: 'refresh_token', refresh_token: phone.refresh_token ?? '', client_id, client_secret };
    expect((await requestToken(server.app, fields)).error_description).toContain('time that the patient chose');
  });

  it('and declining offline access ends earlier access with its access token', async () => {
    const app = await addApp(server);
    const scope = 'offline_access patient/*.rs';
    const phone = await connectLou(app, { scope });
    await connectLou(app, { scope }, { offline: '', earlier: 'yes' });
    server.clock.advance(1001);
    expect(await statusOf('Patient', phone)).toBe(200);
    const { client_id, client_secret } = app;
    const fields = { grant_type: 'refresh_token', refresh_token: phone.refresh_token ?? '', client_id, client_secret };
    expect((await requestToken(server.app, fields)).error).toBe('invalid_grant');
    server.clock.advance(3_600_000);
    expect(await statusOf('Patient', phone)).toBe(401);
  });

  it('and the page does not ask about earlier access if there is none', async () => {
    const app = await addApp(server);
    expect(hasElement(await pageOfLou(app), '[name=earlier]')).toBe(false);
    const { access_token, refresh_token } = await connectLou(app);
    expect(hasElement(await pageOfLou(app), '[name=earlier]')).toBe(true);
    expect([access_token, refresh_token].every(Boolean)).toBe(true);
    server.clock.advance(49 * 3_600_000);
    expect(hasElement(await pageOfLou(app), '[name=earlier]')).toBe(false);
  });

  it('and declined items start unchecked the next time, even after a page that did not ask about them', async () => {
    const app = await addApp(server);
    await connectLou(app, {}, { allow: WITHOUT_CONDITION() });
    await connectLou(app, { scope: 'patient/Observation.rs' });
    const page = await pageOfLou(app);
    expect(sharedItems(page).filter((key) => CONDITION.includes(key))).toEqual([]);
  });

  it.each([
    ['a group with one item', 'money', 'patient/Coverage.rs'],
    ['a group with several items', 'medicines', 'patient/MedicationRequest.rs patient/MedicationDispense.rs'],
  ])('and %s that was declined starts off after a page without any of it', async (_, group, declined) => {
    const app = await addApp(server);
    const scope = `${declined} patient/Immunization.rs`;
    await connectLou(app, { scope }, { allow: ['Immunization'] });
    await connectLou(app, { scope: 'patient/Immunization.rs' });
    const page = await pageOfLou(app, { scope });
    expect(hasElement(page, `#group-${group}:not([checked])`)).toBe(true);
    expect(sharedItems(page)).toEqual(['Immunization']);
  });
});

describe('only what the page displayed is shared', () => {
  it('the page is displayed again if the app changed its requested scopes meanwhile', async () => {
    const app = await addApp(server, { scope: 'patient/Patient.rs patient/Condition.rs?clinical-status=active' });
    const { browser, page } = await consentPage(app, { scope: 'patient/Patient.rs patient/Condition.rs' });
    await server.db.queryText('update app set scope = $2 where client_id = $1', [app.client_id, 'patient/*.rs']);
    const again = await browser.submitConsent(page);
    expect({ status: again.status, location: again.location }).toEqual({ status: 200, location: undefined });
    expect(again.body).toContain('Something on this page just changed');
    expect(redirectParameters(await browser.submitConsent(again)).has('code')).toBe(true);
  });
});

describe('an account with several records', () => {
  let person: { username: string; password: string };
  const recordIds = new Map<string, string>();
  const severalRecords = async () => {
    const app = await addApp(server);
    const browser = new PatientBrowser(server.app);
    const { client_id, redirect_uri } = app;
    const page = await browser.authorize({ response_type: 'code', client_id, redirect_uri }, person);
    const { csrf = '', request = '' } = hiddenFields(page.body);
    const answer = (fields: Record<string, string>) =>
      browser.post(`${OAUTH}/authorize/record`, { csrf, request, ...fields });
    return { browser, page, answer };
  };

  /** Both practices have the same patient id for this person. */
  beforeAll(async () => {
    const kim = { resourceType: 'Patient', id: 'live-2', name: [{ family: 'Live', given: ['Kim'] }] };
    const added = await addLivePatient(server, [textInput('kim', JSON.stringify(kim))]);
    person = added;
    const [sandbox] = await server.db.queryText<{ record_id: string; patient_id: string }>(
      `select r.record_id, r.patient_id from record r where r.practice_id = 1 limit 1`,
      [],
    );
    const [live] = await server.db.queryText<{ record_id: string }>(
      'update record set patient_id = $1 where patient_id = $2 returning record_id',
      [sandbox?.patient_id, added.patientId],
    );
    await server.db.queryText('insert into representation (account_id, record_id) values ($1, $2)', [
      added.accountId,
      sandbox?.record_id,
    ]);
    recordIds.set('Sandbox Family Practice', String(sandbox?.record_id)).set('Live practice', String(live?.record_id));
  });

  it('must choose one before consent, even where two practices use the same patient id', async () => {
    for (const [practice, recordId] of recordIds) {
      const { browser, page } = await severalRecords();
      expect(new Set(recordChoices(page.body).map(({ key }) => key)).size).toBe(2);
      expect(hasElement(page, '[name=allow]')).toBe(false);
      const consent = await browser.chooseRecord(page, practice);
      expect(consent.body).toContain(`<b>${practice}</b>`);
      const [family] = (redirectParameters(await browser.submitConsent(consent)).get('code') ?? '').split('.');
      const [granted] = await server.db.queryText<{ record_id: string }>(
        'select g.record_id from token_family f join consent_grant g using (grant_id) where f.family_id = $1',
        [family],
      );
      expect(String(granted?.record_id)).toBe(recordId);
    }
  });

  it('sees person and practice of each', async () => {
    const { page } = await severalRecords();
    for (const [practice] of recordIds) {
      expect(recordChoices(page.body).filter(({ text }) => /\w/.test(text) && text.includes(practice))).toHaveLength(1);
    }
  });

  it('is asked again, with instructions, if none was chosen', async () => {
    const { answer } = await severalRecords();
    for (const fields of [{}, { record: 'somebody-else' }]) {
      const again = await answer(fields);
      expect(again.status).toBe(400);
      expect(textOf(again, 'title')).toMatch(/^Error: /);
      expect(linksOf(again)).toContain('#record-0');
    }
  });

  it('can deny without choosing', async () => {
    const { answer } = await severalRecords();
    expect(redirectParameters(await answer({ decision: 'deny' })).get('error')).toBe('access_denied');
  });
});

describe('offline access', () => {
  const HOUR = 3_600_000;
  const refresh = (app: TestApp, refresh_token: string) =>
    requestToken(server.app, {
      grant_type: 'refresh_token',
      refresh_token,
      client_id: app.client_id,
      client_secret: app.client_secret ?? '',
    });

  it('is offered unchecked to an app that requests no scope but registered offline_access', async () => {
    expect(isOfflineChecked((await consentPage(await addApp(server))).page)).toBe(false);
  });
  it('is offered checked when offline_access is requested', async () => {
    const { page } = await consentPage(await addApp(server), { scope: 'offline_access patient/*.rs' });
    expect(isOfflineChecked(page)).toBe(true);
  });
  it('is not offered otherwise', async () => {
    expect(
      isOfflineChecked((await consentPage(await addApp(server), { scope: 'patient/*.rs' })).page.body),
    ).toBeUndefined();
    expect(
      isOfflineChecked((await consentPage(await addApp(server, { scope: 'patient/*.rs' }))).page.body),
    ).toBeUndefined();
  });

  it('if unchecked, lasts 48 hours from the issue of each token, as the guide says', async () => {
    const app = await addApp(server);
    const first = await connectApp(server.app, app);
    expect(first.scope).not.toContain('offline_access');
    server.clock.advance(47 * HOUR);
    const second = await refresh(app, first.refresh_token ?? '');
    expect(second.status).toBe(200);
    server.clock.advance(47 * HOUR);
    const third = await refresh(app, second.refresh_token ?? '');
    expect(third.status).toBe(200);
    server.clock.advance(49 * HOUR);
    const late = await refresh(app, third.refresh_token ?? '');
    expect({ status: late.status, error: late.error }).toEqual({ status: 400, error: 'invalid_grant' });
    expect(late.error_description).toContain('expired');
  });

  it('if checked, lasts 90 rolling days, and the scope contains offline_access', async () => {
    const app = await addApp(server);
    const first = await connectApp(server.app, app, {}, { offline: 'yes' });
    expect(first.scope).toContain('offline_access');
    server.clock.advance(89 * 24 * HOUR);
    const second = await refresh(app, first.refresh_token ?? '');
    expect(second.status).toBe(200);
    server.clock.advance(89 * 24 * HOUR);
    expect((await refresh(app, second.refresh_token ?? '')).status).toBe(200);
  });

  it('if requested by name and unchecked, gets no refresh token', async () => {
    const app = await addApp(server);
    const token = await connectApp(server.app, app, { scope: 'offline_access patient/*.rs' }, { offline: 'no' });
    expect(token.refresh_token).toBeUndefined();
    expect(token.scope).toBe('patient/*.rs');
  });

  it('SMART App Launch 2.2 §3.0.2.4: online_access ends with the session', async () => {
    const app = await addApp(server, { scope: 'online_access patient/*.rs' });
    const token = await connectApp(server.app, app, { scope: 'online_access patient/*.rs' });
    const next = await refresh(app, token.refresh_token ?? '');
    expect(next.status).toBe(200);
    server.clock.advance(2 * HOUR);
    await server.purgeExpired();
    const later = await refresh(app, next.refresh_token ?? '');
    expect(later.status).toBe(200);
    await server.db.queryText('delete from session', []);
    expect((await refresh(app, later.refresh_token ?? '')).error).toBe('invalid_grant');
  });
});

describe('the access duration', () => {
  const HOUR = 3_600_000;

  it('is chosen with radio buttons, and by default has no end', async () => {
    const { page } = await consentPage(await addApp(server));
    const values = choicesOf(page, 'duration').map(({ value, checked }) => [value, checked]);
    expect(values).toEqual([
      ['', true],
      ['P1D', false],
      ['P30D', false],
      ['P90D', false],
      ['P1Y', false],
    ]);
  });

  it('ends every token of that consent', async () => {
    const app = await addApp(server);
    const { access_token, refresh_token, ...token } = await connectApp(
      server.app,
      app,
      {},
      { duration: 'P1D', offline: 'yes' },
    );
    expect(token.status).toBe(200);
    server.clock.advance(23.5 * HOUR);
    const { client_id, client_secret } = app;
    const again = () =>
      requestToken(server.app, {
        grant_type: 'refresh_token',
        refresh_token: refresh_token ?? '',
        client_id,
        client_secret,
      });
    const refreshed = await again();
    expect(refreshed.status).toBe(200);
    expect((await getFhir(server.app, `${R4}/Patient`, refreshed.access_token)).statusCode).toBe(200);
    server.clock.advance(HOUR);
    expect((await getFhir(server.app, `${R4}/Patient`, refreshed.access_token)).statusCode).toBe(401);
    expect((await again()).error).toBe('invalid_grant');
  });

  it('rejects other values', async () => {
    const { browser, page } = await consentPage(await addApp(server));
    expect((await browser.submitConsent(page, { duration: 'P1000Y' })).status).toBe(400);
  });
});
