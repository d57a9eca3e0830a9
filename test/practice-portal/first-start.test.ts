import { expect, it } from 'vitest';
import { csrfIn } from '../support/browser/html.ts';
import { cliDatabase } from '../support/servers/cli-database.ts';
import { freePort, startServerProcess } from '../support/servers/processes.ts';

const { url, run } = cliDatabase();

const linkIn = (printed: string): string | undefined => /Administrator +(\S+\/join\/[\w-]{43})/.exec(printed)?.[1];

it('a start prints a link for the first administrator, the next start another one, and none once there is an administrator', {
  timeout: 120_000,
}, async () => {
  const env = { DATABASE_URL: url, PORT: String(await freePort()), SANDBOX: 'off', LOG_LEVEL: 'info' };
  const first = await startServerProcess(env);
  const link = linkIn(first.printed()) ?? '';
  expect(link).toMatch(new RegExp(`^${first.origin}/join/`));
  const page = await fetch(link);
  expect({ status: page.status, text: await page.text() }).toEqual({
    status: 200,
    text: expect.stringContaining('Your name'),
  });
  const log = (await first.stop()).out.split('\n').filter((line) => line.startsWith('{'));
  expect(log.length).toBeGreaterThan(0);
  expect(log.join('\n')).not.toContain(link.split('/').at(-1));

  const second = await startServerProcess(env);
  const other = linkIn(second.printed()) ?? '';
  expect(other).not.toBe(link);
  // Processes that start together each print a valid link. So a start ends only links that are more than a minute
  // older.
  expect({ link: (await fetch(link)).status, other: (await fetch(other)).status }).toEqual({ link: 200, other: 200 });
  const { answer } = await run('administrators', 'invite', '--name', 'Ada');
  expect(await (await fetch(answer.link.replace(/^http:\/\/[^/]+/, second.origin))).text()).toContain(
    'Welcome, <b>Ada</b>',
  );
  const form = await fetch(other);
  const cookie = form.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const csrf = csrfIn(await form.text());
  const body = new URLSearchParams({ csrf, name: 'Ada', username: 'ada', password: 'orange lamp seventeen rivers' });
  const signedUp = await fetch(other, { method: 'POST', body, headers: { cookie }, redirect: 'manual' });
  expect({ status: signedUp.status, location: signedUp.headers.get('location') }).toEqual({
    status: 303,
    location: expect.stringContaining('/sign-in/set-up'),
  });
  expect((await fetch(link)).status).toBe(404);
  await second.stop();

  const third = await startServerProcess(env);
  expect(linkIn(third.printed())).toBeUndefined();
  await third.stop();
});
