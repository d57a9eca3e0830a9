import { OPERATOR_ZONE } from '../../apps/index.ts';
import type { Executor } from '../../database/index.ts';
import type { App } from '../../domain/index.ts';
import { formatLongDate, getMessages, type Language, type Messages } from '../../i18n/index.ts';
import {
  type EmailContent,
  listOrganisationMembers,
  type OrganisationEmailDeps,
  queueSignedEmail,
} from '../../portal-api/index.ts';

type ReviewMessages = Messages['reviewEmails'];

/** Facts that every email about an app contains. */
interface AppEmailFacts {
  readonly app: string;
  readonly page: string;
  /** Formats a date in the recipient's language. */
  readonly day: (at: Date) => string;
}
export type ComposeAppEmail = (messages: ReviewMessages, facts: AppEmailFacts) => EmailContent;

interface ReviewEmailRecipient {
  readonly name: string;
  readonly email: string | undefined;
  readonly language: Language;
}

/**
 * Emails each member of the organization that develops an app, in the member's language. Does
 * nothing if the app has no organization.
 */
export async function emailDevelopers(
  tx: Executor,
  deps: OrganisationEmailDeps,
  app: Pick<App, 'clientId' | 'name' | 'organisationId'>,
  compose: ComposeAppEmail,
): Promise<void> {
  if (app.organisationId === undefined) return;
  const page = `${deps.publicUrl}/developer/apps/${encodeURIComponent(app.clientId)}`;
  for (const reader of await listOrganisationMembers({ db: tx }, app.organisationId)) {
    await queueReviewEmail(tx, deps, reader, { app: app.name, page }, compose);
  }
}

export async function queueReviewEmail(
  tx: Executor,
  deps: OrganisationEmailDeps,
  { name, email, language }: ReviewEmailRecipient,
  about: Pick<AppEmailFacts, 'app' | 'page'>,
  compose: ComposeAppEmail,
): Promise<void> {
  if (email === undefined) return;
  const day = (at: Date) => formatLongDate(language, at, OPERATOR_ZONE);
  const content = compose(getMessages(language).reviewEmails, { ...about, day });
  await queueSignedEmail(tx, deps, { email, language, name }, content);
}
