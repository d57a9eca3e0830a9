import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  days,
  hours,
  isEmailAddress,
  minutes,
  normalizeEmailAddress,
  systemRandom as random,
  seconds,
} from '../../src/kernel/index.ts';
import {
  createEmailDelivery,
  createEmailQueue,
  type Email,
  listLatestEmails,
  purgeOldEmails,
} from '../../src/mail/index.ts';
import { smtpOptions } from '../../src/mail/smtp-options.ts';
import { type EmptyDatabase, emptyDatabase } from '../support/database/empty-database.ts';
import { testDatabase } from '../support/database/test-database.ts';
import { inClear } from '../support/in-clear.ts';
import { type MailServer, startMailServer } from '../support/servers/mail-server.ts';
import { type TestClock, testClock } from '../support/servers/server.ts';

const LETTER: Email = {
  to: 'ann@example.org',
  subject: 'Hello',
  text: 'A text with a link: https://records.example/x\n\n.\nand a dot before',
  language: 'en',
  senderName: 'Lakeside Clinic',
  reason: 'account',
  sandbox: false,
};

let database: EmptyDatabase;
let server: MailServer;
let clock: TestClock;
beforeAll(async () => {
  database = await emptyDatabase(testDatabase());
});
afterAll(() => database.close());
beforeEach(async () => {
  server = await startMailServer();
  clock = testClock();
  await database.db.queryText('delete from mail', []);
});
afterEach(() => server.close());

const FOOTER = `

-- 
Lakeside Clinic

You got this email because this address was entered for an account at Lakeside Clinic.
This is an automated message. We will never ask for your password.
`;
const TEXT = LETTER.text + FOOTER;
const SENDER = { from: 'records@clinic.example', publicUrl: 'https://records.example' };

const post = (sends = true) => createEmailQueue({ clock, random, encryption: inClear, sends });
const queue = (letter: Partial<Email> = {}, sends = true): Promise<void> =>
  database.db.transaction((tx) => post(sends).queueInTransaction(tx, { ...LETTER, ...letter }));
const delivery = () =>
  createEmailDelivery({ db: database.db, clock, encryption: inClear, smtpUrl: server.url, ...SENDER });
async function deliver(): Promise<void> {
  const one = delivery();
  await one.deliver().finally(() => one.close());
}
const latest = async () => (await listLatestEmails(database.db, inClear, 10))[0];

describe('email', () => {
  it('is sent unchanged, with the practice’s name and the installation’s address', async () => {
    await queue({ replyTo: 'desk@lakeside.example', subject: 'Su invitación – José', text: 'Línea uno\n.\nLínea dos' });
    await deliver();
    const [mail, ...others] = server.received;
    expect({ from: mail?.from, to: mail?.to, others }).toEqual({
      from: 'records@clinic.example',
      to: ['ann@example.org'],
      others: [],
    });
    expect(mail?.headers.get('from')).toBe('Lakeside Clinic <records@clinic.example>');
    expect(mail?.headers.get('reply-to')).toBe('desk@lakeside.example');
    // RFC 3834 §5: these headers prevent automatic replies.
    expect(mail?.headers.get('auto-submitted')).toBe('auto-generated');
    expect(mail?.text).toContain('Línea uno');
    expect(mail?.text).toContain('Línea dos');
  });

  it('has its text deleted once it is sent, because it may contain a valid link', async () => {
    await queue();
    expect((await latest())?.content).toContain('https://records.example/x');
    await deliver();
    expect(await latest()).toMatchObject({ content: null, sent_at: expect.any(Date), fault: null });
  });

  it('of a transaction that was rolled back is never sent', async () => {
    const undone = database.db.transaction(async (tx) => {
      await post().queueInTransaction(tx, LETTER);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    await deliver();
    expect({ received: server.received, kept: await latest() }).toEqual({ received: [], kept: undefined });
  });

  it('stays in the outbox if there is no mail server, and always for the sandbox', async () => {
    await queue({}, false);
    await queue({ sandbox: true });
    await deliver();
    expect(server.received).toEqual([]);
    expect((await listLatestEmails(database.db, inClear, 10)).map(({ outbox, content }) => [outbox, content])).toEqual([
      [true, TEXT],
      [true, TEXT],
    ]);
  });

  it('is sent once, however many processes look for due email', async () => {
    const many = Array.from({ length: 40 }, (_, index) => `p${index}@example.org`);
    for (const to of many) await queue({ to });
    const processes = Array.from({ length: 4 }, delivery);
    await Promise.all(processes.map((one) => one.deliver()));
    for (const one of processes) one.close();
    expect(server.received.flatMap(({ to }) => to).sort()).toEqual([...many].sort());
  });

  it('whose process died while sending is taken over after five minutes, and not before', async () => {
    await queue();
    const { claimEmail } = await import('../../src/mail/email-store.ts');
    expect(await claimEmail(database.db, inClear, (await latest())?.mail_id ?? '', clock.now())).toBeDefined();
    await deliver();
    expect(server.received).toEqual([]);
    clock.advance(minutes(5) + seconds(1));
    await deliver();
    expect(server.received).toHaveLength(1);
  });
});

describe('a mail server that does not accept an email', () => {
  it.each([
    ['451 4.3.0 try again later', '451'],
    ['hang up', expect.stringMatching(/^E/)],
  ])('temporarily (RFC 5321 §4.2.1, %s) gets it again with growing delays', async (reply, error) => {
    server.setReply('RCPT', reply);
    await queue();
    await deliver();
    expect(await latest()).toMatchObject({ fault: error, failed_at: null, sent_at: null });
    await deliver();
    clock.advance(seconds(59));
    await deliver();
    server.setReply('RCPT', undefined);
    expect(server.received).toEqual([]);
    clock.advance(seconds(2));
    await deliver();
    expect(server.received).toHaveLength(1);
    expect(await latest()).toMatchObject({ sent_at: expect.any(Date), fault: null });
  });

  it('temporarily leaves a job that holds only the id and waits a minute for the next attempt', async () => {
    server.setReply('RCPT', '451 4.3.0 try again later');
    await queue();
    const { mail_id = '' } = (await latest()) ?? {};
    const take = async () =>
      (
        await database.db.queryText<{ data: unknown; wait: number }>(
          `delete from pgboss.job where name = 'email' and data->>'id' = $1
           returning data, extract(epoch from start_after - now())::int4 as wait`,
          [mail_id],
        )
      ).map(({ data, wait }) => ({ data, wait }));
    const [first, ...others] = await take();
    expect({ data: first?.data, others }).toEqual({ data: { id: mail_id }, others: [] });
    expect(first?.wait).toBeLessThanOrEqual(0);
    await deliver();
    const [second] = await take();
    expect(second?.data).toEqual({ id: mail_id });
    expect(second?.wait).toBeGreaterThan(45);
    expect(second?.wait).toBeLessThanOrEqual(60);
    // A job that runs before its email is due runs again when it is due.
    clock.advance(seconds(20));
    const early = delivery();
    await early.send(mail_id).finally(() => early.close());
    const third = (await take())[0]?.wait ?? 0;
    expect(third).toBeGreaterThan(20);
    expect(third).toBeLessThanOrEqual(40);
    expect(server.received).toEqual([]);
  });

  it('permanently makes us give up the email at once and delete its text', async () => {
    server.setReply('RCPT', '550 5.1.1 no such person');
    await queue();
    await deliver();
    expect(await latest()).toMatchObject({ fault: '550', failed_at: expect.any(Date), content: null });
    server.setReply('RCPT', undefined);
    clock.advance(days(10));
    await deliver();
    expect(server.received).toEqual([]);
  });

  it.each([
    ['MAIL', '550 5.7.1 you may not send from this address', '550'],
    ['RCPT', '554 5.7.1 relay access denied', '554'],
    ['AUTH', '535 5.7.8 the password was changed', '535'],
  ])(
    'because of our settings (%s: %s) gets it again later, because the operator can fix them',
    async (command, reply, error) => {
      server.setReply('EHLO', '250-tester\r\n250 AUTH PLAIN');
      server.setReply(command, reply);
      await queue();
      const url = server.url.replace('smtp://', 'smtp://user:secret@');
      const send = async () => {
        const one = createEmailDelivery({ db: database.db, clock, encryption: inClear, smtpUrl: url, ...SENDER });
        await one.deliver().finally(() => one.close());
      };
      server.setReply('AUTH', command === 'AUTH' ? reply : '235 welcome');
      await send();
      expect(await latest()).toMatchObject({ fault: error, failed_at: null, content: TEXT });
      server.setReply('AUTH', '235 welcome');
      if (command !== 'AUTH') server.setReply(command, undefined);
      clock.advance(minutes(2));
      await send();
      expect(server.received).toHaveLength(1);
    },
  );

  it('and responds very slowly is given up before another process takes the email, which is sent once', async () => {
    server.setReply('DATA', 'drip');
    await queue();
    const slow = createEmailDelivery({
      db: database.db,
      encryption: inClear,
      clock,
      smtpUrl: server.url,
      ...SENDER,
      longest: 700,
    });
    await slow.deliver().finally(() => slow.close());
    expect(await latest()).toMatchObject({ fault: expect.stringMatching(/^E/), failed_at: null, sent_at: null });
    server.setReply('DATA', undefined);
    clock.advance(minutes(2));
    await deliver();
    expect(server.received).toHaveLength(1);
  });

  it('gets no further pending email while our server stops', async () => {
    for (let one = 0; one < 20; one += 1) await queue({ to: `p${one}@example.org` });
    const stopping = delivery();
    const done = stopping.deliver();
    stopping.close();
    await done;
    expect(server.received.length).toBeLessThanOrEqual(5);
    await deliver();
    expect(server.received.length).toBeLessThanOrEqual(20);
    clock.advance(minutes(6));
    await deliver();
    expect(new Set(server.received.flatMap(({ to }) => to)).size).toBe(20);
    expect(server.received).toHaveLength(20);
  });

  it('for four days makes us give up the email', async () => {
    server.setReply('MAIL', '421 4.3.2 not now');
    await queue();
    const began = clock.now().getTime();
    for (let tries = 0; tries < 12 && (await latest())?.failed_at === null; tries += 1) {
      await deliver();
      clock.advance(hours(48));
    }
    const failed = await latest();
    expect(failed).toMatchObject({ content: null, fault: '421' });
    expect((failed?.failed_at?.getTime() ?? 0) - began).toBeGreaterThan(days(3));
    server.setReply('MAIL', undefined);
    await deliver();
    expect(server.received).toEqual([]);
  });

  it('does not delay other emails', async () => {
    await queue({ to: 'first@example.org' });
    server.setReply('.', '554 5.6.0 content refused');
    await deliver();
    server.setReply('.', undefined);
    await queue({ to: 'second@example.org' });
    await deliver();
    expect(server.received.map(({ to }) => to)).toEqual([['second@example.org']]);
  });

  it('because it offers no TLS gets no email: it stays pending until the operator decides', async () => {
    server.setReply('STAR', '502 5.5.1 command not implemented');
    await queue();
    const smtpUrl = `${server.url}?requireTLS=true`;
    const one = createEmailDelivery({ db: database.db, clock, encryption: inClear, smtpUrl, ...SENDER });
    await one.deliver().finally(() => one.close());
    expect(await latest()).toMatchObject({ fault: '502', failed_at: null, content: TEXT });
    expect(server.received).toEqual([]);
  });

  it.each([
    ['smtp://user:password@mail.example.org:587', true],
    ['smtp://mail.example.org', true],
    ['smtp://mail.example.org?requireTLS=false', false],
    ['smtp://127.0.0.1:25', false],
    ['smtp://localhost', false],
  ])('has to offer TLS if it is on another machine: %s', async (url, isRequired) => {
    const { createTransport } = await import('nodemailer');
    const { options } = createTransport(smtpOptions(url, 1000));
    expect(options).toMatchObject({ requireTLS: isRequired, host: new URL(url).hostname });
  });

  it('because it is unreachable blocks nothing: email stays pending', async () => {
    const { url } = server;
    await server.close();
    await queue();
    const one = createEmailDelivery({ db: database.db, clock, encryption: inClear, smtpUrl: url, ...SENDER });
    await one.deliver().finally(() => one.close());
    expect(await latest()).toMatchObject({ fault: 'ESOCKET', failed_at: null, content: TEXT });
    server = await startMailServer();
  });
});

describe('RFC 5322 §2.2, header injection', () => {
  const EVIL = '\r\nBcc: everybody@example.org\r\n\r\nBuy!';

  it.each([
    ['the address', { to: `ann@example.org${EVIL}` }],
    ['the subject', { subject: `Hello${EVIL}` }],
    ['the sender name', { senderName: `Lakeside${EVIL}` }],
    ['the reply address', { replyTo: `desk@example.org${EVIL}` }],
    ['a lone line feed', { subject: 'a\nBcc: x@example.org' }],
    ['a lone carriage return', { subject: 'a\rBcc: x@example.org' }],
    ['a line separator', { subject: 'a\u2028Bcc: x@example.org' }],
    ['two addresses', { to: 'ann@example.org, eve@example.org' }],
    ['an address in brackets', { to: 'ann <eve@example.org>' }],
    ['a NUL', { subject: 'a\u0000b' }],
  ])('in %s is rejected, and nothing is queued', async (_where, letter) => {
    await expect(queue(letter)).rejects.toMatchObject({ code: 'bad-request' });
    expect(await latest()).toBeUndefined();
  });

  it('does not apply to markup-like text in a name, which is sent as a name', async () => {
    await queue({ senderName: 'Ann <eve@example.org>, "Bob"', subject: '=?utf-8?q?Bcc:_x?=' });
    await deliver();
    const [mail] = server.received;
    expect(mail?.headers.get('from')).toMatch(/ <records@clinic\.example>$/);
    expect({ from: mail?.from, to: mail?.to }).toEqual({ from: 'records@clinic.example', to: ['ann@example.org'] });
    expect([...(mail?.headers.keys() ?? [])]).not.toContain('bcc');
  });

  it('is impossible from the body, which can contain anything and cannot end the message', async () => {
    await queue({ text: 'one\r\n.\r\nMAIL FROM:<eve@example.org>\r\nBcc: x@example.org' });
    await deliver();
    expect(server.received).toHaveLength(1);
    expect(server.received[0]?.text).toContain('MAIL FROM:<eve@example.org>');
  });
});

describe('email addresses', () => {
  it('RFC 5321 §4.1.2: are accepted without quotes, comments and routes, in any case', () => {
    for (const text of ['a@b', 'Ann.Lee+x@Example.ORG', "o'neil@example.co.uk", `${'a'.repeat(64)}@example.org`])
      expect(isEmailAddress(text), text).toBe(true);
    for (const text of [
      '',
      '@',
      'a@',
      '@b',
      'a b@c.org',
      'a@b c',
      '"a"@b.org',
      'a@b..org',
      'a@-b.org',
      `${'a'.repeat(65)}@b.org`,
    ])
      expect(isEmailAddress(text), text).toBe(false);
    expect(normalizeEmailAddress(' Ann@Example.ORG ')).toBe('ann@example.org');
  });
});

it('old email is deleted', async () => {
  await queue();
  await purgeOldEmails(database.db, new Date(clock.now().getTime() - days(30)));
  expect(await latest()).toBeDefined();
  clock.advance(days(31));
  await purgeOldEmails(database.db, new Date(clock.now().getTime() - days(30)));
  expect(await latest()).toBeUndefined();
});
