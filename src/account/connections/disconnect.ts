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
 * Ends what the account let an app do with this record, and tells its person by mail. It answers when no process takes a
 * token of it any more: what they remember of tokens is a second old at most.
 * @returns whether there was something to end
 */
export async function disconnect(
  deps: AccountDeps,
  place: Place,
  connection: Connection,
  requestId: string,
): Promise<boolean> {
  const { grant_id: grantId } = connection.grant;
  const ended = await deps.db.transaction(async (tx) => {
    if (!(await end(deps, tx, place, grantId))) return false;
    await deps.audit.recordWithin(tx, {
      kind: 'revocation',
      outcome: 'success',
      requestId,
      ...place.whose,
      clientId: connection.grant.client_id,
      grantId,
      detail: { action: 'end', asked: 'patient', by: 'account page' },
    });
    await tell(deps, tx, place, connection);
    return true;
  });
  if (!ended) return false;
  for (const family of await familiesOf(deps.db, grantId, place.browser)) deps.forgetFamily(family);
  await setTimeout(FRESH);
  return true;
}

/** Of an account that everyone may use, only what was allowed in this browser. */
async function end({ clock }: AccountDeps, tx: Executor, place: Place, grantId: GrantId): Promise<boolean> {
  if (!(await lockOwnGrant(tx, place.whose, grantId))) return false;
  const { browser } = place;
  if (browser === undefined) return (await endGrant(tx, clock.now(), grantId, 'patient')) !== undefined;
  return (await endFamiliesIn(tx, clock.now(), { grantId, browser, reason: ENDED_HERE })) > 0;
}

/** In the person's own language; who has no address is told by the page alone. Nothing in it may keep an app connected. */
async function tell(deps: AccountDeps, tx: Executor, place: Place, { grant }: Connection): Promise<void> {
  const { record, session, frame } = place;
  const { name, email } = frame.brand;
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
