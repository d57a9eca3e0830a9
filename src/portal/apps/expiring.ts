import type { Executor } from '../../database/index.ts';
import { claimExpiringSecrets, type ExpiringSecret, mayActAs } from '../../registry/index.ts';
import { dayOf, wordsIn } from '../../words/index.ts';
import type { PortalDeps } from '../deps.ts';
import { type MemberPerson, peopleOfOrganisation } from '../organisations/people.ts';

type Deps = Pick<PortalDeps, 'db' | 'clock' | 'post' | 'brandName' | 'publicUrl'>;

/**
 * Queues an email to the developers of each app whose secret is about to expire, once for each secret,
 * so that they hear of it before a request fails.
 */
export async function warnOfExpiringSecrets(deps: Deps): Promise<void> {
  const { db, clock } = deps;
  await db.transaction(async (tx) => {
    for (const secret of await claimExpiringSecrets(tx, clock.now())) {
      const people = await peopleOfOrganisation({ db: tx }, secret.organisationId);
      const recipients = people.filter(({ role }) => mayActAs(role, 'developer'));
      for (const person of recipients) await write(tx, deps, secret, person);
    }
  });
}

async function write(
  tx: Executor,
  { post, brandName, publicUrl }: Deps,
  { clientId, appName, secretName, expiresAt }: ExpiringSecret,
  { email, language, name }: MemberPerson,
): Promise<void> {
  if (email === undefined) return;
  const { apps, mail, security } = wordsIn(language);
  const page = `${publicUrl}/developer/apps/${clientId}`;
  const day = dayOf(language, expiresAt, 'America/New_York');
  const { subject, text } = apps.secretExpires({ app: appName, secret: secretName, day, page });
  const body = `${security.mail.greeting(name)}\n\n${text}\n\n-- \n${mail.signature(brandName)}\n`;
  await post.queueWithin(tx, { to: email, subject, text: body, senderName: brandName, sandbox: false });
}
