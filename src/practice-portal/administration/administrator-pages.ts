import type { StaffInvitation } from '../../enrollment/index.ts';
import { formatLongDateTime, getMessages, type Language, type PageContext } from '../../i18n/index.ts';
import type { Administrator } from '../../identity/index.ts';
import { type Html, html } from '../../kernel/index.ts';
import { errorSummary, type FormFieldError, hiddenField, pageTitle } from '../../web-pages/index.ts';
import type { StaffInvitationLink } from '../invitations/invite.ts';
import {
  type CancelInvitationPage,
  renderCancelQuestion,
  renderNotice,
  renderOpenInvitations,
} from '../invitations/pages.ts';
import { renderInviteeFields } from '../staff/fields.ts';
import { renderHandOver } from '../staff/invitation-pages.ts';
import { ADMINISTRATORS_PATH, renderAdministrationPage } from './administration-page.ts';
import type { AdministrationContext } from './practice-pages.ts';

export interface AdministratorListPage extends AdministrationContext {
  readonly administrators: readonly Administrator[];
  readonly invitations: readonly StaffInvitation[];
  readonly error: string | undefined;
  readonly done: Html | undefined;
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
${renderNotice(done)}
<div class="heading"><h1>${messages.title}</h1><p><a class="button" href="${ADMINISTRATORS_PATH}/invite">${messages.invite}</a></p></div>
<p>${messages.lead}</p>
<ul class="list with-action" id="administrators">${administrators.map((one) => renderAdministrator(language, session, one))}
</ul>
${renderOpenInvitations(language, {
  invitations,
  listPath: ADMINISTRATORS_PATH,
  describe: ({ email, expiresAt }) =>
    `${email ?? staff.invited.byLink} · ${staff.invited.expires(formatLongDateTime(language, expiresAt, TIME_ZONE))}`,
})}`;
  const title = pageTitle(pageContext, errors, messages.title);
  return renderAdministrationPage(pageContext, { title, body, currentPath: ADMINISTRATORS_PATH, csrf, session });
}

function renderAdministrator(
  language: Language,
  { accountId: ownAccountId }: AdministrationContext['session'],
  { accountId, displayName, username, lockedAt }: Administrator,
): Html {
  const messages = getMessages(language).practicePortal.administration.administrators;
  return html`
  <li><div><b>${displayName}</b><p>${username}${accountId === ownAccountId && ` · ${messages.you}`}${lockedAt === undefined ? '' : html` <span class="tag danger">${messages.locked}</span>`}</p></div><a class="danger" href="${ADMINISTRATORS_PATH}/${accountId}/remove" aria-label="${messages.removeOf(displayName)}">${messages.remove}</a></li>`;
}

export interface RemoveAdministratorPage extends AdministrationContext {
  readonly administrator: Administrator;
}

/** Renders the page that asks whether to remove an administrator of the installation. */
export function renderRemoveAdministrator(
  pageContext: PageContext,
  { session, csrf, administrator: { accountId, displayName } }: RemoveAdministratorPage,
): Html {
  const { title: listTitle, removePage: messages } = getMessages(pageContext.language).practicePortal.administration
    .administrators;
  const isOwn = accountId === session.accountId;
  const title = isOwn ? messages.ownTitle : messages.title(displayName);
  const body = html`
<p class="back"><a href="${ADMINISTRATORS_PATH}">${listTitle}</a></p>
<h1>${title}</h1>
<p>${isOwn ? messages.ownText : messages.text(displayName)}</p>
<p>${messages.retained}</p>
<form method="post" action="${ADMINISTRATORS_PATH}/${accountId}/remove">${hiddenField('csrf', csrf)}
  <div class="buttons"><button class="danger">${messages.button}</button><a class="button secondary" href="${ADMINISTRATORS_PATH}">${messages.keep}</a></div>
</form>`;
  return renderAdministrationPage(pageContext, { title, body, currentPath: ADMINISTRATORS_PATH, csrf, session });
}

/** Renders the page that asks whether to cancel the invitation of an administrator. */
export function renderCancelAdministratorInvitation(
  pageContext: PageContext,
  { session, csrf, ...page }: AdministrationContext & Pick<CancelInvitationPage, 'invitation' | 'sender'>,
): Html {
  const { title: listTitle } = getMessages(pageContext.language).practicePortal.administration.administrators;
  const { title, body } = renderCancelQuestion(pageContext, { ...page, listPath: ADMINISTRATORS_PATH, csrf });
  const content = html`<p class="back"><a href="${ADMINISTRATORS_PATH}">${listTitle}</a></p>${body}`;
  return renderAdministrationPage(pageContext, {
    title,
    body: content,
    currentPath: ADMINISTRATORS_PATH,
    csrf,
    session,
  });
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
