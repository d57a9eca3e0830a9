import { getMessages, type Language } from '../../i18n/index.ts';
import { type Html, html } from '../../kernel/index.ts';
import { hiddenField } from '../../web-pages/index.ts';
import type { PracticeAdminDeps } from '../deps.ts';
import { findNotice, formField } from '../form-fields.ts';
import { findUndoableInvitation, type InvitationReference } from './cancel.ts';

export interface StaffNoticeContext {
  readonly language: Language;
  /** undefined on the page about the administrators of the installation. */
  readonly practiceId: InvitationReference['practiceId'];
  /** Path of the page with the list of invitations. */
  readonly listPath: string;
  readonly csrf: string;
  /** Texts that confirm actions that aren't about invitations, by action. */
  readonly notices: Readonly<Record<string, string>>;
}

/**
 * Returns the path of the list after an invitation was canceled. The list then confirms this, and offers to undo it.
 * @param listPath path of the page with the list of invitations
 */
export const canceledPath = (listPath: string, invitationId: string): string =>
  `${listPath}?${new URLSearchParams({ done: 'canceled', invitation: invitationId })}`;

/**
 * Returns the text that confirms the preceding action. After a redirect, the query names the action in `done`. After an
 * invitation was canceled, the text has a form to undo it.
 * @returns undefined if there was no action, or for an unknown one
 */
export async function findStaffNotice(
  deps: Pick<PracticeAdminDeps, 'db' | 'clock' | 'post'>,
  query: unknown,
  context: StaffNoticeContext,
): Promise<Html | undefined> {
  const { invitations: messages } = getMessages(context.language).practicePortal;
  const done = formField(query, 'done');
  if (done === 'canceled') return canceledNotice(deps, formField(query, 'invitation'), context);
  const { sent, unsent, notUndone } = messages;
  const texts = { invited: deps.post.canSend ? sent : unsent, 'not-undone': notUndone, ...context.notices };
  const text = findNotice(query, texts);
  return text === undefined ? undefined : html`<p>${text}</p>`;
}

async function canceledNotice(
  deps: Pick<PracticeAdminDeps, 'db' | 'clock'>,
  invitationId: string,
  { language, practiceId, listPath, csrf }: StaffNoticeContext,
): Promise<Html> {
  const { invitations: messages } = getMessages(language).practicePortal;
  const canceled = await findUndoableInvitation(deps, deps.db, { invitationId, practiceId });
  if (canceled === undefined) return html`<p>${messages.canceled}</p>`;
  const { name, email } = canceled;
  return html`
<p>${messages.canceledOf(name)} ${email === undefined ? messages.undoShows : messages.undoEmails(email)}</p>
<form method="post" action="${listPath}/invitations/${invitationId}/undo">${hiddenField('csrf', csrf)}<button class="secondary" aria-label="${messages.undoOf(name)}">${messages.undo}</button></form>`;
}
