import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attributesOf, linkIn, nextLink, textOf, textsOf } from '../support/browser/html.ts';
import { PatientBrowser } from '../support/people/patient.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';
import { completeRecord } from './complete-record.ts';
import { linkedPatient, openLinkedRecord } from './linked-record.ts';
import { a1c, category, observation, openRecord } from './observations.ts';
import { subject } from './patients.ts';

let server: TestServer;
let opened: Awaited<ReturnType<typeof openLinkedRecord>>;
beforeAll(async () => {
  server = await startServer();
  opened = await openLinkedRecord(server, completeRecord(server.clock.now()), {
    ...linkedPatient(),
    identifier: [
      { system: 'urn:mrn', value: 'MRN-1' },
      { type: { coding: [{ code: 'MB' }] }, value: 'MEMBER-12345' },
      { type: { coding: [{ code: 'PPN' }] }, value: 'X85058581X' },
      { system: 'http://hl7.org/fhir/sid/us-ssn', value: '999-55-5174' },
    ],
  });
});
afterAll(() => server.close());

const section = async (name: string): Promise<string> => textOf(await opened.section(name));
const NEW = [
  'appointments',
  'procedures',
  'reports',
  'orders',
  'plans',
  'devices',
  'family',
  'questionnaires',
  'pictures',
  'insurance',
];

describe('every type of entry in plain words', () => {
  it('procedures: what, when, who, where and the outcome', async () => {
    expect(await section('procedures')).toMatch(
      /Hip replacement March 4, 2021 Date March 4, 2021 – March 5, 2021 Status Completed Body part Left hip By Dr\. Ann Rowe Location Meadow Clinic Outcome Successful Complications None Device SureStem/,
    );
  });

  it('a report: its conclusion, with its results and its specimen', async () => {
    const text = await section('reports');
    expect(text).toMatch(
      /Basic metabolic panel January 10, 2026 Kind Laboratory Status Final By Dr\. Ann Rowe Conclusion All within the normal range\. Results Glucose: 95 mg\/dL Sample Venous blood Open \(text\) Download \(text\)/,
    );
    expect(text).toMatch(
      /Samples Venous blood January 10, 2026 Date collected January 10, 2026 Body part Left arm By Dr/,
    );
  });

  it('plans: the narrative of what is planned, goals with their target, and the care team', async () => {
    const text = await section('plans');
    expect(text).toMatch(
      /Care plans Care plan January 10, 2026 Status Current Reason Diabetes Description Check the eyes & feet\. Walk daily Goals Blood sugar under control Care team Diabetes team/,
    );
    expect(text).toMatch(
      /Goals Blood sugar under control January 10, 2026 Status In progress Progress Getting better Since January 10, 2026 Target Hemoglobin A1c: less than 7% Target date December 2026 Reason Diabetes/,
    );
    expect(text).toContain('Members Dr. Ann Rowe (Primary care doctor); Dietitian');
  });

  it('orders: for when, how urgent, why and the instructions', async () => {
    expect(await section('orders')).toMatch(
      /Referral to an eye doctor February 3, 2026 Status Ordered Date ordered February 3, 2026 Planned for March 1, 2026 Urgency Urgent By Dr\. Ann Rowe Reason Diabetes Instructions Bring your glasses\./,
    );
  });

  it('implants: the common name, and the identifiers of the device', async () => {
    expect(await section('devices')).toMatch(
      /SureStem Kind Femoral stem prosthesis Status In use Manufacturer Stem Makers Model FS-9 Serial number SN-4711 Lot number LOT-8 Expiration date January 1, 2031 Device number \(UDI\) \(01\)09504010059118\(21\)SN-4711/,
    );
  });

  it('insurance: the payer with the member’s identifiers; bills: for what, how much, and who pays what', async () => {
    const text = await section('insurance');
    expect(text).toMatch(
      /Blue Meadow Health January 1, 2026 Status Current Plan Meadow Silver Group GROUP-5 Member number MEMBER-12345 Subscriber number SUB-987 Relationship to the insured person The insured person Coverage dates from January 1, 2026/,
    );
    expect(text).toMatch(
      /Bills and payments Dr\. Ann Rowe January 5, 2026 .* Services Office visit Insurance company Blue Meadow Health Billed \$1,234\.50 Patient’s share \$25\.00 Paid \$1,209\.50 Date paid February 1, 2026/,
    );
  });

  it('medications: prescribed, taken, dispensed and administered, by the name of the referenced Medication', async () => {
    const text = await section('medicines');
    expect(text).toMatch(
      /Current Metformin 500 mg tablet February 3, 2026 .* Prescribed by Dr\. Ann Rowe Reason Diabetes/,
    );
    expect(text).toMatch(
      /Vitamin D January 2, 2025 Status Current Source Reported to the practice How to take it One drop a day/,
    );
    expect(text).toMatch(
      /Dispensed Metformin 500 mg tablet February 4, 2026 Status Dispensed Date dispensed February 4, 2026 Amount 60 tablets Supply lasts 30 days By Corner Pharmacy/,
    );
    expect(text).toMatch(/Given during care Ibuprofen 400 mg January 5, 2026 Status Given .* Route By mouth/);
  });

  it('family history: who had what and when, and that it is not the patient’s own', async () => {
    const text = await section('family');
    expect(text).toContain('These are health problems of relatives, not of the patient.');
    expect(text).toMatch(
      /Mother \(Maud\) May 6, 2024 Health problems of this relative Breast cancer \(at 45 years, Recovered, contributed to death\); High blood pressure Status Complete Died at 71 years/,
    );
    expect(text).toMatch(
      /Father No date on record Status The health of this relative is not known Age about 60 years to 70 years \(estimated\)/,
    );
    for (const path of ['/record/problems', '/summary'])
      expect(textOf(await opened.browser.get(`${opened.base}${path}`))).not.toContain('Breast cancer');
  });

  it('questionnaires: each question with its answer', async () => {
    expect(await section('questionnaires')).toMatch(
      /Exercise January 4, 2026 Answered by Dr\. Ann Rowe Days of exercise in a week 3 Do you live alone\? No Who helps\? A friend/,
    );
  });

  it('appointments: the next one first, with its time, then past ones, the latest first', async () => {
    const text = await section('appointments');
    const order = [
      'Upcoming appointments First',
      'Second visit to come',
      'Earlier appointments Visit of last week',
      'Visit of last year',
    ];
    const positions = order.map((part) => text.indexOf(part, text.indexOf('First visit to come') - 30));
    expect(positions.every((position) => position > 0)).toBe(true);
    expect(positions).toEqual(positions.toSorted((one, other) => one - other));
    expect(text).toMatch(
      /First visit to come \w+ \d+, 2\d{3} at \d+:\d\d [AP]M E[SD]T Ends .* Status Scheduled Location Meadow Clinic With Dr\. Ann Rowe Instructions Come without breakfast\./,
    );
    expect(text).toMatch(/Visit of last year .* Status Missed/);
  });

  it('an appointment that has started is a past one', async () => {
    const start = new Date(server.clock.now().getTime() + 600_000).toISOString();
    const participant = [{ actor: subject, status: 'accepted' }];
    const { section: own } = await openRecord(server, [
      { resourceType: 'Appointment', id: 'soon', status: 'booked', description: 'Soon', start, participant },
    ]);
    expect(textOf(await own('appointments'))).toContain('Upcoming appointments Soon');
    server.clock.advance(600_001);
    expect(textOf(await own('appointments'))).toContain('Earlier appointments Soon');
  });
});

describe('the list of sections', () => {
  it('has sections with entries first, counted over their types, and empty ones last', async () => {
    const wide = await opened.browser.get(`${opened.base}/record`);
    const filled = textOf(wide, '.sections');
    for (const part of [
      'Medicines 4 entries',
      'Plans, goals and care team 3 entries',
      'Appointments 4 entries',
      'Lab results 2 entries',
    ])
      expect(filled).toContain(part);
    expect(filled).not.toMatch(/Measurements|Vaccinations|Notes and documents|Visits/);
    expect(textOf(wide)).toMatch(/Nothing on record in these sections .*Vaccinations.*Visits.*Measurements.*Notes and/);
    const { browser, base } = await openRecord(server, []);
    const bare = await browser.get(`${base}/record`);
    const links = attributesOf(bare, 'main :is(.sections, .quiet-links) a', 'href');
    const names = links.map((link) => link.replace(/^.*\/record\//, ''));
    expect(names.slice(0, 2)).toEqual(['about', 'people']);
    expect(names.slice(2)).toEqual(expect.arrayContaining(['medicines', 'allergies', 'results', ...NEW]));
    for (const name of NEW) expect(textOf(await browser.get(`${base}/record/${name}`))).toContain('Nothing on record.');
  });

  it('counts observations by their section, and stops counting long before it would take long', async () => {
    const { browser, base, person } = await openRecord(server, [
      a1c(6, '2026-01-01'),
      observation({ category: category('vital-signs'), code: { text: 'Pulse' }, valueInteger: 60 }),
      observation({ category: category('survey'), code: { text: 'Mood' }, valueString: 'Good' }),
      observation({ category: category('social-history'), code: { text: 'Smoking' }, valueString: 'Never' }),
    ]);
    const counted = async () => textOf(await browser.get(`${base}/record`), '.sections');
    expect(await counted()).toContain('Measurements 1 entry Lab results 1 entry Other answers and tests 2 entries');
    await server.db.queryText(
      `insert into resource select (jsonb_populate_record(r, jsonb_build_object('id', gen_random_uuid()))).*
       from resource r join representation h using (record_id), generate_series(1, 1200)
       where h.account_id = $1 and r.type = 'Patient'`,
      [person.accountId],
    );
    await server.db.queryText(
      `update resource r set type = 'Immunization' from representation h
       where h.record_id = r.record_id and h.account_id = $1 and r.type = 'Patient' and r.id <> $2`,
      [person.accountId, person.patientId],
    );
    expect(await counted()).toContain('Vaccinations 1,000 entries or more');
  });

  it('and only the insurance page shows a member’s identifiers', async () => {
    const pages = [
      '',
      '/record',
      '/log',
      '/summary',
      ...NEW.filter((name) => name !== 'insurance').map((name) => `/record/${name}`),
    ];
    for (const path of [...pages, '/record/about', '/record/people'])
      expect((await opened.browser.get(`${opened.base}${path}`)).body.includes('MEMBER-12345'), path).toBe(false);
    expect(await section('about')).toContain('ID number MRN-1');
  });

  it('and only the personal details have a passport number, which the reader opens, and the end of an SSN', async () => {
    const about = await opened.browser.get(`${opened.base}/record/about`);
    expect(textOf(about)).toContain(
      'Social Security number ends in 5174 ID number MRN-1 Passport number Show number (Passport number) X85058581X',
    );
    expect(textOf(about, 'main details')).toBe('Show number (Passport number) X85058581X');
    for (const path of ['', '/record', '/summary', '/record/about', '/record/people']) {
      const { body } = await opened.browser.get(`${opened.base}${path}`);
      expect(body.includes('999-55'), path).toBe(false);
      expect(body.includes('X85058581X'), path).toBe(path === '/record/about');
    }
  });
});

describe('a section of several types', () => {
  const dispense = (index: number) => ({
    resourceType: 'MedicationDispense',
    id: `d-${index}`,
    status: 'completed',
    subject,
    medicationCodeableConcept: { text: `Fill ${index}` },
    whenHandedOver: `20${String(index % 20).padStart(2, '0')}-01-01`,
  });
  const request = {
    resourceType: 'MedicationRequest',
    id: 'r',
    status: 'active',
    intent: 'order',
    subject,
    medicationCodeableConcept: { text: 'Prescribed thing' },
  };

  it('merges them by date when it continues: each entry once', async () => {
    const { browser, base } = await openRecord(server, [
      request,
      ...Array.from({ length: 160 }, (_, index) => dispense(index)),
    ]);
    const seen: string[] = [];
    for (let path = `${base}/record/medicines`; path !== ''; ) {
      const page = await browser.get(path);
      seen.push(...textsOf(page, 'h3').filter((name) => name.startsWith('Fill ')));
      if (path.includes('?')) expect(page.body).not.toContain('Prescribed thing');
      path = nextLink(page) ?? '';
    }
    expect({ seen: seen.length, distinct: new Set(seen).size }).toEqual({ seen: 160, distinct: 160 });
  });

  it.each([
    '?group=none',
    '?before=x&group=given',
    '?group=given&group=taken',
    '?before=infinity/x',
    '?group=__proto__',
  ])('ignores an invalid cursor: %s', async (query) => {
    const page = await opened.browser.get(`${opened.base}/record/medicines${query}`);
    expect({ status: page.status, hasIbuprofen: textOf(page).includes('Ibuprofen') }).toEqual({
      status: 200,
      hasIbuprofen: true,
    });
  });

  it('is recorded by type, each with the number of displayed entries', async () => {
    const { browser, base, person } = await openLinkedRecord(server, completeRecord(server.clock.now()));
    await browser.get(`${base}/record/medicines`);
    await browser.get(`${base}/record/appointments`);
    await browser.get(`${base}/record/visits`);
    const rows = await server.db.queryText<{ type: string; resources: number }>(
      "select type, resources::int from audit_event where account_id = $1 and kind = 'record-view' order by 1",
      [person.accountId],
    );
    expect(rows.map(({ type, resources }) => [type, resources])).toEqual([
      ['Appointment', 4],
      ['Encounter', 0],
      ['MedicationAdministration', 1],
      ['MedicationDispense', 1],
      ['MedicationRequest', 1],
      ['MedicationStatement', 1],
    ]);
    const log = textOf(await browser.get(`${base}/log`));
    expect(log).toMatch(/The record, in this portal: Dispensed medicines 1 Allowed/);
    expect(log).toMatch(/The record, in this portal: Appointments 4 Allowed/);
  });
});

describe('the target of a reference', () => {
  it('is never displayed from another record, whatever the reference says', async () => {
    const other = await openLinkedRecord(server, completeRecord(server.clock.now()));
    const [foreign] = await server.db.queryText<{ type: string; id: string }>(
      `select r.type, r.id from resource r join representation h using (record_id)
       where h.account_id = $1 and r.type = 'Condition'`,
      [other.person.accountId],
    );
    const { section: own } = await openRecord(server, [
      {
        resourceType: 'ServiceRequest',
        id: 's',
        status: 'active',
        intent: 'order',
        subject,
        code: { text: 'An order' },
        reasonReference: [{ reference: `Condition/${foreign?.id}` }],
      },
    ]);
    await server.db.queryText(
      `update resource set content = regexp_replace(content, '"reasonReference":\\[[^]]*\\]', $1) where type = 'ServiceRequest' and content like '%An order%'`,
      [`"reasonReference":[{"reference":"Condition/${foreign?.id}"}]`],
    );
    const text = textOf(await own('orders'));
    expect(text).toContain('An order');
    expect(text).not.toContain('Diabetes');
  });

  it('that was entered in error gives no name, and a contained resource gives its own', async () => {
    const { section: own } = await openLinkedRecord(server, [
      {
        resourceType: 'Condition',
        id: 'wrong~',
        subject,
        code: { text: 'Mix-up' },
        verificationStatus: { coding: [{ code: 'entered-in-error' }] },
      },
      {
        resourceType: 'MedicationRequest',
        id: 'contained~',
        status: 'active',
        intent: 'order',
        subject,
        contained: [{ resourceType: 'Medication', id: 'm', code: { text: 'Azithromycin 250 mg' } }],
        medicationReference: { reference: '#m' },
        reasonReference: [{ reference: 'Condition/wrong~' }],
      },
    ]);
    const text = textOf(await own('medicines'));
    expect(text).toContain('Azithromycin 250 mg');
    expect(text).not.toContain('Mix-up');
  });

  it('a prohibition starts by saying so', async () => {
    const {
      section: own,
      browser,
      base,
    } = await openRecord(server, [
      {
        resourceType: 'MedicationRequest',
        id: 'not',
        status: 'active',
        intent: 'order',
        doNotPerform: true,
        subject,
        medicationCodeableConcept: { text: 'Aspirin' },
      },
      {
        resourceType: 'ServiceRequest',
        id: 'not',
        status: 'active',
        intent: 'order',
        doNotPerform: true,
        subject,
        code: { text: 'Resuscitation' },
      },
    ]);
    expect(textOf(await own('medicines'))).toMatch(/Aspirin No date on record Note Not to be taken Status/);
    expect(textOf(await own('orders'))).toMatch(/Resuscitation No date on record Note Not to be done Status/);
    expect(textOf(await browser.get(`${base}/summary`))).toMatch(
      /Not to be taken Medicine .*Aspirin .*Current medicines/,
    );
  });
});

describe('in Spanish', () => {
  it('every section is translated', async () => {
    const browser = new PatientBrowser(server.app);
    await browser.get('/language?to=es&return_to=/');
    await browser.signIn('/sign-in?return_to=/account', opened.person);
    const textOfPage = async (name: string) => textOf(await browser.get(`${opened.base}/record/${name}`));
    expect(await textOfPage('plans')).toMatch(/Planes de atención Plan de atención 10 de enero de 2026 Estado Actual/);
    expect(await textOfPage('plans')).toMatch(/Estado En curso Avance Mejora .* Fecha prevista diciembre de 2026/);
    expect(await textOfPage('medicines')).toMatch(
      /Surtidas Metformin 500 mg tablet 4 de febrero de 2026 Estado Surtida/,
    );
    expect(await textOfPage('insurance')).toMatch(/Número de miembro MEMBER-12345/);
    expect(await textOfPage('appointments')).toMatch(/Próximas citas First visit to come/);
    expect(textOf(await browser.get(`${opened.base}/record`))).toMatch(/Órdenes y referencias 1 anotación/);
  });
});

describe('the summary', () => {
  it('has procedures, implants in use and payers, without member identifiers, and omits empty sections', async () => {
    const text = textOf(await opened.browser.get(`${opened.base}/summary`));
    expect(text).toMatch(/Metformin 500 mg tablet One tablet twice a day .* Vitamin D One drop a day/);
    expect(text).toMatch(/Hip replacement March 4, 2021/);
    expect(text).toMatch(/Implants and devices .*SureStem Stem Makers FS-9/);
    expect(text).toMatch(/Current insurance .*Blue Meadow Health Meadow Silver/);
    expect(text).not.toMatch(/SUB-987|MEMBER-12345|SN-4711/);
    const { browser, base } = await openRecord(server, []);
    expect(textOf(await browser.get(`${base}/summary`))).not.toMatch(/Procedures|Implants|Insurance/);
  });

  it('omits expired insurance and devices that are no longer in use', async () => {
    const coverage = (id: string, end: string) => ({
      resourceType: 'Coverage',
      id,
      status: 'active',
      beneficiary: subject,
      payor: [{ display: `Insurer until ${end}` }],
      period: { end },
    });
    const { browser, base } = await openRecord(server, [
      coverage('ended', '2020'),
      coverage('holds', '2999-01'),
      { resourceType: 'Device', id: 'gone', status: 'inactive', patient: subject, type: { text: 'Old pacemaker' } },
    ]);
    const text = textOf(await browser.get(`${base}/summary`));
    expect(text).toContain('Insurer until 2999-01');
    expect(text).not.toMatch(/Insurer until 2020|Old pacemaker/);
  });
});

describe('attachments', () => {
  it('of a report or an image can be opened, whether referenced or inline, and are recorded by type', async () => {
    const { browser, base, person, section: own } = await openLinkedRecord(server, completeRecord(server.clock.now()));
    const held = linkIn(await own('reports'), '/record/attachments/DiagnosticReport/[0-9a-f-]{36}/0');
    expect((await browser.get(held)).body).toBe('Report text');
    const images = await own('pictures');
    const within = linkIn(images, '/record/attachments/Media/[0-9a-f-]{36}/0');
    const beside = linkIn(images, '/record/documents/[0-9a-f-]{36}');
    for (const path of [within, beside]) {
      const { status, headers } = await browser.get(path);
      expect({
        status,
        contentType: headers['content-type'],
        contentDisposition: headers['content-disposition'],
      }).toEqual({ status: 200, contentType: 'image/png', contentDisposition: 'inline; filename="document.png"' });
      expect(headers['content-security-policy']).toBe(
        "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox",
      );
    }
    const rows = await server.db.queryText<{ type: string }>(
      "select type from audit_event where account_id = $1 and detail ->> 'view' = 'document' order by at",
      [person.accountId],
    );
    expect(rows.map(({ type }) => type)).toEqual(['DiagnosticReport', 'Media', 'Media']);
    const other = await openRecord(server, []);
    for (const path of [held, within, beside])
      expect((await other.browser.get(path.replace(base, other.base))).status).toBe(404);
  });

  it.each([
    ['text/html', '<script>alert(document.domain)</script>'],
    ['image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
    ['constructor', 'x'],
    ['text/plain\r\nset-cookie: a=b', 'x'],
  ])('of type %j inside an entry are saved, and never displayed in our origin', async (contentType, text) => {
    const data = Buffer.from(text).toString('base64');
    const { browser, section: own } = await openRecord(server, [
      {
        resourceType: 'DiagnosticReport',
        id: 'evil',
        status: 'final',
        subject,
        code: { text: 'Evil' },
        presentedForm: [{ contentType, data }],
      },
    ]);
    const page = await own('reports');
    expect(page.body).not.toContain('Open (');
    const path = linkIn(page, '/record/attachments/DiagnosticReport/[0-9a-f-]{36}/0\\?save');
    for (const address of [path, path.replace('?save=yes', '')]) {
      const { status, headers } = await browser.get(address);
      expect({ status, contentType: headers['content-type'], setCookie: headers['set-cookie'] }).toEqual({
        status: 200,
        contentType: 'application/octet-stream',
        setCookie: undefined,
      });
      expect(headers['content-disposition']).toMatch(/^attachment; filename="document\.\w+"$/);
    }
  });

  it('that do not exist, or belong to a type without attachments, are not found', async () => {
    const held = linkIn(await opened.section('reports'), '/record/attachments/DiagnosticReport/[0-9a-f-]{36}/0');
    for (const path of [
      held.replace(/0$/, '1'),
      held.replace(/0$/, '-1'),
      held.replace(/0$/, 'length'),
      held.replace('DiagnosticReport', 'Patient'),
      held.replace('DiagnosticReport', '__proto__'),
      held.replace(/[0-9a-f-]{36}\/0$/, 'x/0'),
    ])
      expect((await opened.browser.get(path)).status, path).toBe(404);
  });
});
