import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dstu2 } from '../../src/fhir/index.ts';
import { GUIDE, readGuide } from '../../src/public-site/docs/guide.ts';
import { testAccounts } from '../../src/sandbox/index.ts';
import { sandboxData } from '../support/fhir/sandbox.ts';
import { R4 } from '../support/people/patient.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
/** Returns the FAQ's answer to a question. */
const answerTo = (question: string): string =>
  readGuide('faq').split(`## ${question}\n`)[1]?.split('\n## ')[0]?.trim() ?? '';

describe('the guide agrees with the CapabilityStatement that', () => {
  let server: TestServer;
  let rest: {
    readonly operation?: readonly { readonly name: string }[];
    readonly interaction?: readonly { readonly code: string }[];
    readonly resource: readonly { readonly operation?: readonly { readonly name: string }[] }[];
  };
  beforeAll(async () => {
    server = await startServer();
    rest = (await server.app.inject(`${R4}/metadata`)).json().rest[0];
  });
  afterAll(() => server.close());

  it('there is a bulk export', () => {
    const operations = [rest, ...rest.resource].flatMap(({ operation = [] }) => operation.map(({ name }) => name));
    expect(operations).toContain('export');
    expect(answerTo('Is there a bulk export?')).toMatch(
      /^Yes, for backend apps: \[exports\]\(backend-services\.md#5-start-an-export\)/,
    );
  });

  it('backend apps write by transaction and batch', () => {
    const codes = rest.interaction?.map(({ code }) => code);
    expect(codes).toEqual(expect.arrayContaining(['transaction', 'batch']));
    expect(answerTo('Can I write?')).toMatch(/^A backend app can/);
  });

  it('no page says that the API is read-only', () => {
    for (const page of GUIDE) expect(readGuide(page)).not.toMatch(/reading and searching are all there is/i);
  });
});

describe('the guide has the right number', () => {
  it('of DSTU2 types', () => {
    const types = dstu2.types.filter(({ name }) => name !== 'Binary');
    expect(README).toContain(`in DSTU2 ${types.length} types`);
  });

  it('of test patients', () => {
    const patients = testAccounts.filter(({ kind }) => kind === 'patient').map(({ username }) => username);
    const [first, ...others] = patients
      .filter((username) => /^patient(apitest|\d+)$/.test(username))
      .toSorted((a, b) => (a === 'patientapitest' ? -1 : b === 'patientapitest' ? 1 : a.localeCompare(b)));
    expect(first).toBe('patientapitest');
    const range = `\`${others[0]}\` to \`${others.at(-1)}\``;
    expect(README).toContain(`There are ${others.length} more, ${range}`);
    expect(readGuide('moving-from-nextgen')).toContain(`There are ${others.length} more, ${range}`);
    expect(readGuide('faq')).toContain(`\`patientapitest\` and ${range} are patients`);
  });

  it('and the right codes of the test patients to enroll', () => {
    const { enrollmentPatients } = sandboxData();
    const rows = readGuide('enrollment')
      .split('\n')
      .filter((line) => / \| \d{4}-\d\d-\d\d \| \d{5} \|/.test(line))
      .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')));
    const published = enrollmentPatients.map(({ displayName, start, resources: [patient] }) => {
      const [address] = (patient?.['address'] ?? []) as readonly { readonly postalCode: string }[];
      const codes = start.status === 'invited' ? [start.letterCode, start.verificationCode] : ['', ''];
      return [displayName, patient?.['birthDate'], address?.postalCode, ...codes];
    });
    expect(rows.map(([, name, , ...others]) => [name, ...others.slice(0, 4)])).toEqual(published);
  });
});
