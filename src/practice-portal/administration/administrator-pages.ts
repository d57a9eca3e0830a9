import type { StaffInvitation } from '../../enrollment/index.ts';
import { formatLongDateTime, getMessages, type Language, type PageContext } from '../../i18n/index.ts';
import type { Administrator } from '../../identity/index.ts';
import { type Html, html } from '../../kernel/index.ts';
import { errorSummary, type FormFieldError, hiddenField, pageTitle } from '../../web-pages/index.ts';
import type { StaffInvitationLink } from '../invitations/invite.ts';
import { renderInviteeFields } from '../staff/fields.ts';
import { renderHandOver } from '../staff/pages.ts';
import { ADMINISTRATORS_PATH, renderAdministrationPage } from './administration-page.ts';
import type { AdministrationContext } from './practice-pages.ts';

export interface AdministratorListPage extends AdministrationContext {
  readonly administrators: readonly Administrator[];
  readonly invitations: readonly StaffInvitation[];
  readonly error: string | undefined;
  readonly done: string | undefined;
}

/** The installation has no time zone of its own, so the pages about its administrators show times in UTC. */
const TIME_ZONE = 'UTC';

export function renderAdministratorList(pageContext: PageContext, page: AdministratorListPage): Html {
  const { session, csrf, administrators, invitations, error, done } = page;
  const { language } = pageContext;
  const { administration, staff } = getMessages(language).practicePortal;
  const messages = administration.administrators;
  const errors = error === undefined ? [] : [{ field: 'administrators', message: error }];
  const body = html`
${errorSummary(pageContext, errors)}
${done === undefined ? '' : html`<div class="note" role="status"><p>${done}</p></div>`}
<div class="heading"><h1>${messages.title}</h1><p><a class="button" href="${ADMINISTRATORS_PATH}/invite">${messages.invite}</a></p></div>
<p>${messages.lead}</p>
<ul class="list" id="administrators">${administrators.map((one) => renderAdministrator(language, page, one))}
</ul>
${invitations.length === 0 ? '' : html`<h2>${staff.invited.heading}</h2><ul class="list">${invitations.map((one) => renderInvitedAdministrator(language, one, csrf))}</ul>`}`;
  const title = pageTitle(pageContext, errors, messages.title);
  return renderAdministrationPage(pageContext, { title, body, currentPath: ADMINISTRATORS_PATH, csrf, session });
}

function renderAdministrator(
  language: Language,
  { session, csrf }: AdministrationContext,
  { accountId, displayName, username, lockedAt }: Administrator,
): Html {
  const messages = getMessages(language).practicePortal.administration.administrators;
  return html`
  <li><b>${displayName}</b><p>${username}${accountId === session.accountId && ` · ${messages.you}`}${lockedAt === undefined ? '' : html` · <b>${messages.locked}</b>`}</p>
    <form method="post" action="${ADMINISTRATORS_PATH}/${accountId}/remove">${hiddenField('csrf', csrf)}<button class="secondary danger" aria-label="${messages.removeOf(displayName)}">${messages.remove}</button></form></li>`;
}

function renderInvitedAdministrator(
  language: Language,
  { invitationId, name, email, expiresAt }: StaffInvitation,
  csrf: string,
): Html {
  const { byLink, expires, cancel, cancelOf } = getMessages(language).practicePortal.staff.invited;
  return html`
  <li><b>${name}</b><p>${email ?? byLink} · ${expires(formatLongDateTime(language, expiresAt, TIME_ZONE))}</p>
    <form method="post" action="${ADMINISTRATORS_PATH}/invitations/${invitationId}/cancel">${hiddenField('csrf', csrf)}<button class="link-button" aria-label="${cancelOf(name)}">${cancel}</button></form></li>`;
}

export interface InviteAdministratorPage extends AdministrationContext {
  readonly name: string;
  readonly email: string;
  readonly errors: readonly FormFieldError[];
}

export function renderInviteAdministrator(pageContext: PageContext, page: InviteAdministratorPage): Html {
  const { session, csrf, errors } = page;
  const { administration, staff } = getMessages(pageContext.language).practicePortal;
  const title = administration.administrators.invite;
  const body = html`
<p class="back"><a href="${ADMINISTRATORS_PATH}">${administration.administrators.title}</a></p>
${errorSummary(pageContext, errors)}
<h1>${title}</h1>
<form method="post" action="${ADMINISTRATORS_PATH}/invite">${hiddenField('csrf', csrf)}
  ${renderInviteeFields(pageContext, page, errors)}
  <button>${staff.newInvitation.button}</button>
</form>`;
  return renderAdministrationPage(pageContext, {
    title: pageTitle(pageContext, errors, title),
    body,
    currentPath: ADMINISTRATORS_PATH,
    csrf,
    session,
  });
}

export function renderAdministratorInvited(
  pageContext: PageContext,
  {
    session,
    csrf,
    name,
    invited: { link, expiresAt },
  }: AdministrationContext & { readonly name: string; readonly invited: StaffInvitationLink },
): Html {
  const { language } = pageContext;
  const { administration, staff } = getMessages(language).practicePortal;
  const title = staff.invitationLink.title(name);
  const body = html`
<p class="back"><a href="${ADMINISTRATORS_PATH}">${administration.administrators.title}</a></p>
<h1>${title}</h1>
${renderHandOver(language, link, formatLongDateTime(language, expiresAt, TIME_ZONE))}`;
  return renderAdministrationPage(pageContext, { title, body, currentPath: ADMINISTRATORS_PATH, csrf, session });
}
