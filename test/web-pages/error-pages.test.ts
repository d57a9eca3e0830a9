import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linksOf, textOf, titleOf } from '../support/browser/html.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

/** Returns the error page at a path, with the request id of its response. */
async function errorPage(path: string) {
  const { body, headers } = await server.app.inject(path);
  return { body, text: textOf(body, 'main'), requestId: String(headers['x-request-id']) };
}

describe('an error page', () => {
  it('says in words what happened, and gives the request id', async () => {
    const { body, text, requestId } = await errorPage('/no-such-page');
    expect(titleOf(body)).toBe('We couldn’t find that page');
    expect(text).toContain(`If you contact us, give this reference: ${requestId}`);
  });

  it('has no error code if the reader’s address is wrong', async () => {
    expect((await errorPage('/no-such-page')).text).not.toContain('not-found');
  });

  it('has the error code for the developer if an app’s request is wrong, with a link to its explanation', async () => {
    const { pathname } = new URL(server.config.publicUrl);
    const prefix = `${pathname.replace(/\/$/, '')}${server.config.prefix}`;
    const { body, text } = await errorPage(`${prefix}/patient-oauth/authorize?client_id=unknown`);
    expect(titleOf(body)).toBe('This app can’t be used here');
    expect(text).toContain('Details for developers: unknown-client');
    expect(linksOf(body)).toContain('/docs/errors#unknown-client');
  });
});
