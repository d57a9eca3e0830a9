import { OPERATOR_ZONE } from '../../apps/index.ts';
import type { Executor } from '../../database/index.ts';
import type { App } from '../../domain/index.ts';
import { formatLongDate, getMessages, type Language, type Messages } from '../../i18n/index.ts';
import {
  type EmailContent,
  emailMembers,
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
 * @param topic `always` for an email that members can't turn off
 */
export async function emailDevelopers(
  tx: Executor,
  deps: OrganisationEmailDeps,
  app: Pick<App, 'clientId' | 'name' | 'organisationId'>,
  compose: ComposeAppEmail,
  topic: 'review' | 'always' = 'review',
): Promise<void> {
  const { organisationId } = app;
  if (organisationId === undefined) return;
  const page = `${deps.publicUrl}/developer/apps/${encodeURIComponent(app.clientId)}`;
  await emailMembers(tx, deps, { organisationId, topic, role: 'reader' }, ({ language }) =>
    composeReviewEmail(language, { app: app.name, page }, compose),
  );
}

export async function queueReviewEmail(
  tx: Executor,
  deps: OrganisationEmailDeps,
  { name, email, language }: ReviewEmailRecipient,
  about: Pick<AppEmailFacts, 'app' | 'page'>,
  compose: ComposeAppEmail,
): Promise<void> {
  if (email === undefined) return;
  await queueSignedEmail(tx, deps, { email, language, name }, composeReviewEmail(language, about, compose));
}

function composeReviewEmail(
  language: Language,
  about: Pick<AppEmailFacts, 'app' | 'page'>,
  compose: ComposeAppEmail,
): EmailContent {
  const day = (at: Date) => formatLongDate(language, at, OPERATOR_ZONE);
  return compose(getMessages(language).reviewEmails, { ...about, day });
}
