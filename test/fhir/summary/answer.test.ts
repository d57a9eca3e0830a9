import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromXml } from '../../../src/fhir/core/xml/from-xml.ts';
import { r4 } from '../../../src/fhir/index.ts';
import { BASE } from '../../support/fhir-server.ts';
import { SHARED_DATA } from '../../support/shared-data.ts';
import { normalized } from '../xml/compare.ts';
import { schemaOf } from '../xml/schema.ts';
import { faultsOf } from './document.ts';
import { type Served, serveChart } from './served.ts';

let served: Served;
beforeAll(async () => {
  served = await serveChart();
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
    served.server.breakTrail();
    expect((await served.server.get(served.token, '/Patient/$summary')).statusCode).toBe(500);
    served.server.breakTrail(Number.POSITIVE_INFINITY);
  });
});

describe('a summary in XML', () => {
  it('is the same document', async () => {
    const answer = await served.server.get(served.token, '/Patient/$summary?_format=xml');
    expect(answer.headers['content-type']).toContain('application/fhir+xml');
    const back = JSON.parse(fromXml(answer.body, r4.elements));
    expect(faultsOf(back)).toEqual([]);
    const made = await served.summary();
    const same = (text: string) =>
      normalized(text.replace(/[\da-f-]{36}/g, (uuid) => (/-0000-4000-/.test(uuid) ? uuid : 'made')));
    expect(same(JSON.stringify(back))).toBe(
      same(JSON.stringify(made).replaceAll('\\u0000', '\ufffd').replaceAll('\\u0007', '\ufffd')),
    );
  });

  it.runIf(SHARED_DATA)('is valid by the official schema', async () => {
    const answer = await served.server.get(served.token, '/Patient/$summary?_format=xml');
    expect(schemaOf('r4')(answer.body)).toEqual([]);
  });
});
