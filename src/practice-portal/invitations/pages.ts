import type { StaffInvitation } from '../../enrollment/index.ts';
import { getMessages, type Language, type PageContext } from '../../i18n/index.ts';
import { emptyHtml, type Html, html } from '../../kernel/index.ts';
import { hiddenField } from '../../web-pages/index.ts';

/** Renders the text that confirms the preceding action. */
export const renderNotice = (notice: Html | undefined): Html =>
  notice === undefined ? emptyHtml : html`<div class="note" role="status">${notice}</div>`;

export interface OpenInvitations {
  readonly invitations: readonly StaffInvitation[];
  /** Path of the page with the list. */
  readonly listPath: string;
  /** Returns what the list says about an invitation below the name. */
  readonly describe: (invitation: StaffInvitation) => string;
}

/** Renders the invitations that can still be accepted. Each has a link to the page that cancels it. */
export function renderOpenInvitations(language: Language, { invitations, listPath, describe }: OpenInvitations): Html {
  if (invitations.length === 0) return emptyHtml;
  const { heading, cancel, cancelOf } = getMessages(language).practicePortal.staff.invited;
  const items = invitations.map(
    (invitation) => html`
  <li><div><b>${invitation.name}</b><p>${describe(invitation)}</p></div><a class="danger" href="${listPath}/invitations/${invitation.invitationId}/cancel" aria-label="${cancelOf(invitation.name)}">${cancel}</a></li>`,
  );
  return html`
<h2>${heading}</h2>
<ul class="list with-action">${items}
</ul>`;
}

export interface CancelInvitationPage {
  readonly invitation: Pick<StaffInvitation, 'invitationId' | 'name' | 'email'>;
  readonly listPath: string;
  /** The practice or installation that the person was invited to join. */
  readonly sender: string;
  readonly csrf: string;
}

/** Returns the title and body of the page that asks whether to cancel an invitation. */
export function renderCancelQuestion(
  { language }: PageContext,
  { invitation, listPath, sender, csrf }: CancelInvitationPage,
): { readonly title: string; readonly body: Html } {
  const { name, email, invitationId } = invitation;
  const { cancelPage: messages } = getMessages(language).practicePortal.invitations;
  const title = messages.title(name);
  const body = html`
<h1>${title}</h1>
<p>${email === undefined ? messages.link : messages.emailed(email)} ${messages.effect(name, sender)}</p>
<p>${messages.again}</p>
<form method="post" action="${listPath}/invitations/${invitationId}/cancel">${hiddenField('csrf', csrf)}
  <div class="buttons"><button class="danger">${messages.button}</button><a class="button secondary" href="${listPath}">${messages.keep}</a></div>
</form>`;
  return { title, body };
}
