import type { Executor } from '../../database/index.ts';
import type { App } from '../../registry/index.ts';
import { OPERATOR_ZONE } from '../../registry/index.ts';
import { dayOf, type Language, type Words, wordsIn } from '../../words/index.ts';
import type { PortalDeps } from '../deps.ts';
import { peopleOfOrganisation } from '../organisations/people.ts';

type ReviewWords = Words['reviewMail'];

/** Common facts of an email about an app. */
interface Facts {
  readonly app: string;
  readonly page: string;
  /** Formats a date in the reader's language. */
  readonly day: (at: Date) => string;
}
export type SayOfApp = (words: ReviewWords, facts: Facts) => { readonly subject: string; readonly text: string };

export type MailDeps = Pick<PortalDeps, 'post' | 'publicUrl' | 'brandName'>;

interface Reader {
  readonly name: string;
  readonly email: string | undefined;
  readonly language: Language;
}

/**
 * Emails each member of the organization that develops the app, in their language. Does nothing for
 * apps without an organization.
 */
export async function tellDevelopers(
  tx: Executor,
  deps: MailDeps,
  app: Pick<App, 'clientId' | 'name' | 'organisationId'>,
  compose: SayOfApp,
): Promise<void> {
  if (app.organisationId === undefined) return;
  const page = `${deps.publicUrl}/developer/apps/${encodeURIComponent(app.clientId)}`;
  for (const reader of await peopleOfOrganisation({ db: tx }, app.organisationId)) {
    await tell(tx, deps, reader, { app: app.name, page }, compose);
  }
}

export async function tell(
  tx: Executor,
  { post, brandName }: MailDeps,
  { name, email, language }: Reader,
  about: Pick<Facts, 'app' | 'page'>,
  compose: SayOfApp,
): Promise<void> {
  if (email === undefined) return;
  const { reviewMail, security, mail } = wordsIn(language);
  const day = (at: Date) => dayOf(language, at, OPERATOR_ZONE);
  const { subject, text } = compose(reviewMail, { ...about, day });
  const body = `${security.mail.greeting(name)}\n\n${text}\n\n-- \n${mail.signature(brandName)}\n`;
  await post.queueWithin(tx, { to: email, subject, text: body, senderName: brandName, sandbox: false });
}
