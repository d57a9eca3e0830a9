import { setTimeout } from 'node:timers/promises';
import type { Executor } from '../../database/index.ts';
import { formatLongDateTimeSeconds, getMessages } from '../../i18n/index.ts';
import { findAccountProfile } from '../../identity/index.ts';
import { CACHE_TTL_MS, type GrantId, isEmailAddress } from '../../kernel/index.ts';
import { endFamiliesInBrowser, endGrant, listFamilyIds } from '../../oauth/index.ts';
import type { PatientPortalDeps } from '../deps.ts';
import type { PatientPortalContext } from '../portal-context.ts';
import { sanitizeText } from '../sanitize-text.ts';
import type { AppConnection } from './connection.ts';
import { REVOKED_BY_PATIENT } from './connection-state.ts';
import { lockConnection } from './store.ts';

/**
 * Ends the app's access to this record and emails the patient. Each process caches tokens for at most a second, so this
 * function returns only after that time, when every process rejects the app's tokens.
 * @returns false if there was nothing to end
 */
export async function disconnect(
  deps: PatientPortalDeps,
  context: PatientPortalContext,
  connection: AppConnection,
  requestId: string,
): Promise<boolean> {
  const { grant_id: grantId } = connection.grant;
  const ended = await deps.db.transaction(async (tx) => {
    if (!(await endAccess(deps, tx, context, grantId))) return false;
    await deps.audit.appendInTransaction(tx, {
      kind: 'revocation',
      outcome: 'success',
      requestId,
      ...context.accountRecord,
      clientId: connection.grant.client_id,
      grantId,
      detail: { action: 'end', asked: 'patient', by: 'account page' },
    });
    await queueNotice(deps, tx, context, connection);
    return true;
  });
  if (!ended) return false;
  for (const family of await listFamilyIds(deps.db, grantId, context.browser)) deps.forgetFamily(family);
  await setTimeout(CACHE_TTL_MS);
  return true;
}

/**
 * Ends the app's access to the record. For a shared sandbox account, ends only access that was granted in this browser.
 */
async function endAccess(
  { clock }: PatientPortalDeps,
  tx: Executor,
  context: PatientPortalContext,
  grantId: GrantId,
): Promise<boolean> {
  if (!(await lockConnection(tx, context.accountRecord, grantId))) return false;
  const { browser } = context;
  if (browser === undefined) return (await endGrant(tx, clock.now(), grantId, 'patient')) !== undefined;
  return (await endFamiliesInBrowser(tx, clock.now(), { grantId, browser, reason: REVOKED_BY_PATIENT })) > 0;
}

/**
 * Queues the email that confirms the disconnection, in the person's language. For a person without an email address,
 * the page is the only confirmation. Nothing in this function may prevent the disconnection.
 */
async function queueNotice(
  deps: PatientPortalDeps,
  tx: Executor,
  context: PatientPortalContext,
  { grant }: AppConnection,
): Promise<void> {
  const { record, session, pageContext } = context;
  const { name, phone, email } = pageContext.brand;
  const person = await findAccountProfile(tx, session.accountId);
  if (person?.email === undefined) return;
  const { patientPortal } = getMessages(person.language);
  const { email: w } = patientPortal.disconnect;
  const app = sanitizeText(grant.app, 100);
  const address = `${deps.addresses.origin}/account`;
  const text = w.text({
    app,
    record: `${sanitizeText(record.personName, 100)}, ${record.practiceName}`,
    at: formatLongDateTimeSeconds(person.language, deps.clock.now(), record.timeZone),
    address,
  });
  await deps.post.queueInTransaction(tx, {
    to: person.email,
    subject: w.subject(app),
    text,
    language: person.language,
    button: { label: w.button, url: address },
    practiceId: record.practiceId,
    contact: { phone, email },
    reason: 'account',
    senderName: sanitizeText(name, 100),
    replyTo: email !== undefined && isEmailAddress(email) ? email : undefined,
    sandbox: record.practiceKind === 'sandbox',
  });
}
