import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PAGES } from '../../src/portal-api/contract/pages.ts';
import { signInDeveloper } from '../support/people/developer-portal.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

let server: TestServer;
let session: string;
beforeAll(async () => {
  server = await startServer();
  ({ session } = await signInDeveloper(server));
});
afterAll(() => server.close());

const get = (url: string, cookie?: string) =>
  server.app.inject({ url, headers: cookie === undefined ? {} : { cookie: `session=${cookie}` } });
const addresses = Object.entries(PAGES).flatMap(([area, pages]) =>
  Object.entries(pages).map(([page, access]) => ({
    address: `/${area}/${page}`.replace(/\/$/, '').replace(':tab', 'log').replaceAll(/:\w+/g, 'some-id'),
    access,
  })),
);

it('the document is in the language of the reader', async () => {
  for (const [language, accepted] of [
    ['en', 'en-US'],
    ['es', 'es-US,en;q=0.5'],
  ]) {
    const { body } = await server.app.inject({ url: '/developer', headers: { 'accept-language': accepted } });
    expect(body).toContain(`<html lang="${language}">`);
  }
});

describe('URLs below /developer and /review', () => {
  it.each(addresses)('$address is a page', async ({ address }) => {
    for (const variant of [address, `${address}/`, `${address}?a=b`]) {
      const { statusCode, headers } = await get(variant, session);
      expect({ statusCode, contentType: headers['content-type'] }).toEqual({
        statusCode: 200,
        contentType: 'text/html; charset=utf-8',
      });
    }
  });

  it.each([
    '/developer/nothing',
    '/developer/apps/some-id/nothing',
    '/developer/apps/some-id/log/nothing',
    '/developer/explorer/nothing',
    '/developer/sign-up/nothing/at/all',
    '/developer/%00',
    '/developer//apps',
    '/review/nothing',
    '/review/apps/some-id/nothing',
    '/review/keys/nothing',
  ])('%s has no page: 404, signed in or not', async (address) => {
    for (const cookie of [undefined, session]) expect((await get(address, cookie)).statusCode).toBe(404);
  });

  it.each(addresses.filter(({ access }) => access === 'signed-in'))(
    '$address leads a signed-out user to sign-in and back',
    async ({ address }) => {
      const url = `${address}?find=a%26b`;
      for (const cookie of [undefined, 'expired']) {
        const { statusCode, headers } = await get(url, cookie);
        expect({ statusCode, location: headers.location }).toEqual({
          statusCode: 303,
          location: `/sign-in?${new URLSearchParams({ return_to: url })}`,
        });
      }
    },
  );
});
