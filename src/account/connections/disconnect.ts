import { setTimeout } from 'node:timers/promises';
import type { Executor } from '../../database/index.ts';
import { FRESH, type GrantId } from '../../kernel/index.ts';
import { isAddress } from '../../mail/index.ts';
import { endFamiliesIn, endGrant, familiesOf } from '../../oauth/index.ts';
import { findPerson } from '../../people/index.ts';
import { secondOf, wordsIn } from '../../words/index.ts';
import type { AccountDeps } from '../deps.ts';
import type { Place } from '../place.ts';
import { plain } from '../plain.ts';
import type { Connection } from './connection.ts';
import { ENDED_HERE } from './state.ts';
import { lockOwnGrant } from './store.ts';

/**
 * Ends the app's access to this record and emails the patient. Returns only after every process has stopped accepting
 * its tokens, whose cached copies are at most one second old.
 * @returns false if there was nothing to end
 */
export async function disconnect(
  deps: AccountDeps,
  context: Place,
  connection: Connection,
  requestId: string,
): Promise<boolean> {
  const { grant_id: grantId } = connection.grant;
  const ended = await deps.db.transaction(async (tx) => {
    if (!(await end(deps, tx, context, grantId))) return false;
    await deps.audit.recordWithin(tx, {
      kind: 'revocation',
      outcome: 'success',
      requestId,
      ...context.whose,
      clientId: connection.grant.client_id,
      grantId,
      detail: { action: 'end', asked: 'patient', by: 'account page' },
    });
    await tell(deps, tx, context, connection);
    return true;
  });
  if (!ended) return false;
  for (const family of await familiesOf(deps.db, grantId, context.browser)) deps.forgetFamily(family);
  await setTimeout(FRESH);
  return true;
}

/** For a shared sandbox account, only access granted in this browser ends. */
async function end({ clock }: AccountDeps, tx: Executor, context: Place, grantId: GrantId): Promise<boolean> {
  if (!(await lockOwnGrant(tx, context.whose, grantId))) return false;
  const { browser } = context;
  if (browser === undefined) return (await endGrant(tx, clock.now(), grantId, 'patient')) !== undefined;
  return (await endFamiliesIn(tx, clock.now(), { grantId, browser, reason: ENDED_HERE })) > 0;
}

/**
 * Queues the email in the person's language. Without an email address the page is the only notice. Nothing here may
 * prevent the disconnection.
 */
async function tell(deps: AccountDeps, tx: Executor, context: Place, { grant }: Connection): Promise<void> {
  const { record, session, frame: pageContext } = context;
  const { name, email } = pageContext.brand;
  const person = await findPerson(tx, session.accountId);
  if (person?.email === undefined) return;
  const { account, mail } = wordsIn(person.language);
  const { mail: w } = account.disconnect;
  const app = plain(grant.app, 100);
  const text = w.text({
    app,
    record: `${plain(record.personName, 100)}, ${record.practiceName}`,
    at: secondOf(person.language, deps.clock.now(), record.timeZone),
    address: `${deps.addresses.origin}/account`,
  });
  await deps.post.queueWithin(tx, {
    to: person.email,
    subject: w.subject(app),
    text: `${text}\n\n-- \n${mail.signature(name)}\n`,
    senderName: plain(name, 100),
    replyTo: email !== undefined && isAddress(email) ? email : undefined,
    sandbox: record.practiceKind === 'sandbox',
  });
}
