import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { r4 } from '../../../../src/fhir/index.ts';
import { fromXml } from '../../../../src/fhir/model/xml/from-xml.ts';
import { BASE } from '../../../support/fhir/fhir-server.ts';
import { SHARED_DATA } from '../../../support/fhir/shared-data.ts';
import { normalizeJson } from '../../xml/compare.ts';
import { schemaValidator } from '../../xml/schema.ts';
import { documentProblems } from './document.ts';
import { type SummaryServer, startSummaryServer } from './summary-server.ts';

let served: SummaryServer;
beforeAll(async () => {
  served = await startSummaryServer();
});
afterAll(() => served.server.close());

describe('the disclosure of a summary', () => {
  it('is recorded before the response, with the number of its resources', async () => {
    const before = served.server.disclosures.length;
    const made = await served.summary();
    const stored = made.entry.filter(({ fullUrl }) => fullUrl.startsWith(BASE));
    const ofDirectory = stored.filter(({ fullUrl }) => /Organization|Practitioner/.test(fullUrl));
    const recorded = served.server.disclosures.slice(before);
    expect(recorded.every(({ outcome, recordId }) => outcome === 'success' && recordId !== undefined)).toBe(true);
    expect(recorded.reduce((sum, { resources }) => sum + resources, 0)).toBe(stored.length - ofDirectory.length);
    served.server.breakAuditLog();
    expect((await served.server.get(served.token, '/Patient/$summary')).statusCode).toBe(500);
    served.server.breakAuditLog(Number.POSITIVE_INFINITY);
  });
});

describe('a summary in XML', () => {
  it('is the same document', async () => {
    const answer = await served.server.get(served.token, '/Patient/$summary?_format=xml');
    expect(answer.headers['content-type']).toContain('application/fhir+xml');
    const back = JSON.parse(fromXml(answer.body, r4.elements));
    expect(documentProblems(back)).toEqual([]);
    const made = await served.summary();
    const same = (text: string) =>
      normalizeJson(text.replace(/[\da-f-]{36}/g, (uuid) => (/-0000-4000-/.test(uuid) ? uuid : 'made')));
    expect(same(JSON.stringify(back))).toBe(
      same(JSON.stringify(made).replaceAll('\\u0000', '\ufffd').replaceAll('\\u0007', '\ufffd')),
    );
  });

  it.runIf(SHARED_DATA)('is valid by the official schema', async () => {
    const answer = await served.server.get(served.token, '/Patient/$summary?_format=xml');
    expect(schemaValidator('r4')(answer.body)).toEqual([]);
  });
});
