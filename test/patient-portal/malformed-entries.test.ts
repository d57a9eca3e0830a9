import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeIn, hasElement, textOf } from '../support/browser/html.ts';
import { slice } from '../support/runs/slice.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';
import { completeRecord } from './complete-record.ts';
import { openLinkedRecord } from './linked-record.ts';
import { subject } from './patients.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const SECTIONS = ['medicines', 'appointments', 'procedures', 'reports', 'orders', 'plans', 'devices', 'insurance'];
const MORE = ['questionnaires', 'pictures', 'results', 'timeline', 'search?q=a', 'medicines?show=unclear'];
const PATHS = ['/record', '/summary', '/downloads/html', ...[...SECTIONS, ...MORE].map((name) => `/record/${name}`)];
/** Where a page may have data URLs: the documents in the record's file. */
const EMBEDDED: Readonly<Record<string, readonly string[]>> = { '/downloads/html': ['a href', 'img src'] };
const ODD = [5, 'x', '', null, true, [], {}, [null], [[{}]], { constructor: {} }, '9999-99-99T99:99:99Z', '\u202e<i>'];

/** Replaces each value at this depth, one at a time. */
function mutated(value: unknown, depth: number, odd: unknown): unknown {
  if (depth === 0) return odd;
  if (Array.isArray(value)) return value.map((item) => mutated(item, depth, odd));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) =>
      name === 'resourceType' || name === 'id' ? [name, inner] : [name, mutated(inner, depth - 1, odd)],
    ),
  );
}

describe('malformed entries of every type', () => {
  it.each([1, 2, 3])(
    'cause no error and no markup, with every value at depth %i replaced',
    async (depth) => {
      const { browser, base, person } = await openLinkedRecord(server, completeRecord(server.clock.now()));
      const rows = await server.db.queryText<{ id: string; type: string; content: string }>(
        'select r.id, r.type, r.content from resource r join representation h using (record_id) where h.account_id = $1',
        [person.accountId],
      );
      for (const odd of slice(ODD, { share: 0.4 })) {
        for (const { id, type, content } of rows)
          await server.db.queryText('update resource set content = $3 where type = $2 and id = $1', [
            id,
            type,
            JSON.stringify(mutated(JSON.parse(content), depth, odd)),
          ]);
        for (const path of PATHS) {
          const { status, body } = await browser.get(`${base}${path}`);
          expect(status, `${odd} ${path}`).toBe(200);
          expect(hasElement(body, 'i')).toBe(false);
          expect(codeIn(body).filter((place) => !(EMBEDDED[path] ?? []).includes(place))).toEqual([]);
          expect(body).not.toMatch(/\u202e|NaN|\[object|undefined/);
        }
      }
    },
    60_000,
  );
});

describe('the narrative of a plan', () => {
  const narrativeText = async (div: string) => {
    const { section } = await openLinkedRecord(server, [
      {
        resourceType: 'CarePlan',
        id: 'p~',
        status: 'active',
        intent: 'plan',
        subject,
        text: { status: 'additional', div },
      },
    ]);
    return section('plans');
  };

  it('is displayed as text and never as markup, whatever it contains', async () => {
    const evil =
      '<script>alert(1)</script><img src=x onerror="alert(2)"> &lt;script&gt;alert(3)&lt;/script&gt; &#60;b&#62;';
    const page = await narrativeText(
      `<div xmlns="http://www.w3.org/1999/xhtml">${evil}<!-- <p>aside</p> --><p>Walk</p></div>`,
    );
    expect(codeIn(page)).toEqual([]);
    expect(hasElement(page, 'main :is(script, img, b)')).toBe(false);
    expect(page.body).not.toMatch(/alert\(1\)|alert\(2\)|aside/);
    expect(textOf(page)).toContain('Description <script>alert(3)</script> <b> Walk');
  });

  it('that is endless or has unclosed tags is cut within the time limit of a test', async () => {
    for (const part of ['<', '<script', '<!--', '&#', '; '])
      expect((await narrativeText(`<div>${part.repeat(100_000)}`)).body.length).toBeLessThan(20_000);
  });
});
