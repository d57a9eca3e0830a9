import { formatLongDateTime, type Language, type PageContext } from '../../i18n/index.ts';
import { type Html, html } from '../../kernel/index.ts';
import { errorSummary, type FormFieldError, hiddenField, pageTitle } from '../../web-pages/index.ts';
import type { StaffInvitationLink } from '../invitations/invite.ts';
import { type CancelInvitationPage, renderCancelQuestion } from '../invitations/pages.ts';
import { renderAssignmentFields, renderInviteeFields } from './fields.ts';
import { backLink, renderManagementPage, type StaffManagementPage, staffMessages, staffPath } from './pages.ts';
import type { DirectoryPractitioner, ParsedStaffInvitation } from './parse-staff-form.ts';

export interface InviteStaffPage extends StaffManagementPage {
  readonly values: Omit<ParsedStaffInvitation, 'errors'>;
  readonly directory: readonly DirectoryPractitioner[];
  readonly errors: readonly FormFieldError[];
}

export function renderInvitePage(pageContext: PageContext, data: InviteStaffPage): Html {
  const { manager, values, directory, errors, csrf } = data;
  const { backToStaff, newInvitation } = staffMessages(pageContext.language);
  const title = newInvitation.title(manager.practice.name);
  const body = html`
${backLink(staffPath(manager), backToStaff)}
${errorSummary(pageContext, errors)}
<h1>${title}</h1>
<form method="post" action="${staffPath(manager, 'invite')}">${hiddenField('csrf', csrf)}
  ${renderInviteeFields(pageContext, values, errors)}
  ${renderAssignmentFields(pageContext, { ...values, directory }, errors)}
  <button>${newInvitation.button}</button>
</form>`;
  return renderManagementPage(pageContext, data, { title: pageTitle(pageContext, errors, title), body });
}

/** Renders the page with the invitation link, which can't be shown again. */
export function renderInvitedPage(
  pageContext: PageContext,
  data: StaffManagementPage & { readonly name: string; readonly invited: StaffInvitationLink },
): Html {
  const { manager, name, invited } = data;
  const { language } = pageContext;
  const { backToStaff, invitationLink } = staffMessages(language);
  const title = invitationLink.title(name);
  const body = html`
${backLink(staffPath(manager), backToStaff)}
<h1>${title}</h1>
${renderHandOver(language, invited.link, formatLongDateTime(language, invited.expiresAt, manager.practice.timeZone))}`;
  return renderManagementPage(pageContext, data, { title, body });
}

/**
 * Renders a link that staff hand over in person.
 * @param until time at which the link expires, already formatted
 */
export function renderHandOver(language: Language, link: string, until: string): Html {
  const { text, onceHtml } = staffMessages(language).invitationLink;
  return html`
<p>${text(until)}</p>
<p class="note"><code>${link}</code></p>
<p>${onceHtml}</p>`;
}

/** Renders the page that asks whether to cancel an invitation. */
export function renderCancelInvitation(
  pageContext: PageContext,
  data: StaffManagementPage & Pick<CancelInvitationPage, 'invitation'>,
): Html {
  const { manager, csrf, invitation } = data;
  const listPath = staffPath(manager);
  const { title, body } = renderCancelQuestion(pageContext, {
    invitation,
    listPath,
    sender: manager.practice.name,
    csrf,
  });
  const content = html`${backLink(listPath, staffMessages(pageContext.language).backToStaff)}${body}`;
  return renderManagementPage(pageContext, data, { title, body: content });
}
