import type { StaffInvitation } from '../../enrollment/index.ts';
import { formatLongDateTime, type PageContext } from '../../i18n/index.ts';
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
  const errors = error === undefined ? [] : [{ field: 'administrators', message: error }];
  const body = html`
${errorSummary(pageContext, errors)}
${done === undefined ? '' : html`<div class="note" role="status"><p>${done}</p></div>`}
<h1>Administrators</h1>
<p>Administrators create practices and invite their staff. This role doesn’t give access to patient records.</p>
<p><a href="${ADMINISTRATORS_PATH}/invite">Invite an administrator</a></p>
<ul class="list" id="administrators">${administrators.map((one) => renderAdministrator(page, one))}
</ul>
${invitations.length === 0 ? '' : html`<h2>Invited</h2><ul class="list">${invitations.map((one) => renderInvitedAdministrator(one, csrf))}</ul>`}`;
  const title = pageTitle(pageContext, errors, 'Administrators');
  return renderAdministrationPage(pageContext, { title, body, currentPath: ADMINISTRATORS_PATH, csrf, session });
}

const renderAdministrator = (
  { session, csrf }: AdministrationContext,
  { accountId, displayName, username, lockedAt }: Administrator,
): Html => html`
  <li><b>${displayName}</b><p>${username}${accountId === session.accountId && ' · you'}${lockedAt === undefined ? '' : html` · <b>locked</b>`}</p>
    <form method="post" action="${ADMINISTRATORS_PATH}/${accountId}/remove">${hiddenField('csrf', csrf)}<button class="plain" aria-label="Remove as administrator: ${displayName}">Remove as administrator</button></form></li>`;

const renderInvitedAdministrator = (
  { invitationId, name, email, expiresAt }: StaffInvitation,
  csrf: string,
): Html => html`
  <li><b>${name}</b><p>${email ?? 'link given in person'} · expires ${formatLongDateTime('en', expiresAt, TIME_ZONE)}</p>
    <form method="post" action="${ADMINISTRATORS_PATH}/invitations/${invitationId}/cancel">${hiddenField('csrf', csrf)}<button class="plain" aria-label="Cancel invitation of ${name}">Cancel invitation</button></form></li>`;

export interface InviteAdministratorPage extends AdministrationContext {
  readonly name: string;
  readonly email: string;
  readonly errors: readonly FormFieldError[];
}

export function renderInviteAdministrator(pageContext: PageContext, page: InviteAdministratorPage): Html {
  const { session, csrf, errors } = page;
  const title = 'Invite an administrator';
  const body = html`
<p class="back"><a href="${ADMINISTRATORS_PATH}">Administrators</a></p>
${errorSummary(pageContext, errors)}
<h1>${title}</h1>
<form method="post" action="${ADMINISTRATORS_PATH}/invite">${hiddenField('csrf', csrf)}
  ${renderInviteeFields(pageContext, page, errors)}
  <button>Create invitation</button>
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
  const title = `Invitation link for ${name}`;
  const body = html`
<p class="back"><a href="${ADMINISTRATORS_PATH}">Administrators</a></p>
<h1>${title}</h1>
${renderHandOver(link, formatLongDateTime('en', expiresAt, TIME_ZONE))}`;
  return renderAdministrationPage(pageContext, { title, body, currentPath: ADMINISTRATORS_PATH, csrf, session });
}
