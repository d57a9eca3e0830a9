import { html } from 'ghtml';
import { errorSummary, type FieldFault, hidden, titleWith } from '../../pages/index.ts';
import { type Frame, minuteOf } from '../../words/index.ts';
import type { Invited } from '../invitations/invite.ts';
import type { StaffInvitation } from '../invitations/store.ts';
import { personFields } from '../staff/fields.ts';
import { handOver } from '../staff/pages.ts';
import type { Administrator } from './administrators.ts';
import { ADMINISTRATORS, administrationPage } from './frame.ts';
import type { Shown } from './practice-pages.ts';

export interface AdministratorsPage extends Shown {
  readonly administrators: readonly Administrator[];
  readonly invitations: readonly StaffInvitation[];
  readonly fault: string | undefined;
  readonly done: string | undefined;
}

/** The installation has no time zone of its own, so its times are shown in UTC. */
const ZONE = 'UTC';

export function administratorsPage(pageContext: Frame, page: AdministratorsPage): string {
  const { session, csrf, administrators, invitations, fault, done } = page;
  const errors = fault === undefined ? [] : [{ field: 'administrators', message: fault }];
  const body = html`
!${errorSummary(pageContext, errors)}
!${done === undefined ? '' : html`<div class="note" role="status"><p>${done}</p></div>`}
<h1>Administrators</h1>
<p>They make practices, invite the people who work there, and see no patient by it.</p>
<p><a href="${ADMINISTRATORS}/invite">Invite an administrator</a></p>
<ul class="list" id="administrators">!${administrators.map((one) => item(page, one)).join('')}
</ul>
!${invitations.length === 0 ? '' : html`<h2>Invited</h2><ul class="list">!${invitations.map((one) => invited(one, csrf)).join('')}</ul>`}`;
  const title = titleWith(pageContext, errors, 'Administrators');
  return administrationPage(pageContext, { title, body, here: ADMINISTRATORS, csrf, session });
}

const item = ({ session, csrf }: Shown, { accountId, displayName, username, lockedAt }: Administrator): string => html`
  <li><b>${displayName}</b><p>${username}!${accountId === session.accountId ? ' · you' : ''}!${lockedAt === undefined ? '' : ' · <b>locked</b>'}</p>
    <form method="post" action="${ADMINISTRATORS}/${accountId}/remove">!${hidden('csrf', csrf)}<button class="plain" aria-label="Remove as administrator: ${displayName}">Remove as administrator</button></form></li>`;

const invited = ({ invitationId, name, email, expiresAt }: StaffInvitation, csrf: string): string => html`
  <li><b>${name}</b><p>${email ?? 'link handed over'} · until ${minuteOf('en', expiresAt, ZONE)}</p>
    <form method="post" action="${ADMINISTRATORS}/invitations/${invitationId}/cancel">!${hidden('csrf', csrf)}<button class="plain" aria-label="Take it back: the invitation of ${name}">Take it back</button></form></li>`;

export interface InviteAdministratorPage extends Shown {
  readonly name: string;
  readonly email: string;
  readonly faults: readonly FieldFault[];
}

export function inviteAdministratorPage(pageContext: Frame, page: InviteAdministratorPage): string {
  const { session, csrf, faults: errors } = page;
  const title = 'Invite an administrator';
  const body = html`
<p class="back"><a href="${ADMINISTRATORS}">Administrators</a></p>
!${errorSummary(pageContext, errors)}
<h1>${title}</h1>
<form method="post" action="${ADMINISTRATORS}/invite">!${hidden('csrf', csrf)}
  !${personFields(pageContext, page, errors)}
  <button>Invite</button>
</form>`;
  return administrationPage(pageContext, {
    title: titleWith(pageContext, errors, title),
    body,
    here: ADMINISTRATORS,
    csrf,
    session,
  });
}

export function administratorInvitedPage(
  pageContext: Frame,
  { session, csrf, name, invited: { link, expiresAt } }: Shown & { readonly name: string; readonly invited: Invited },
): string {
  const title = `A link for ${name}`;
  const body = html`
<p class="back"><a href="${ADMINISTRATORS}">Administrators</a></p>
<h1>${title}</h1>
!${handOver(link, minuteOf('en', expiresAt, ZONE))}`;
  return administrationPage(pageContext, { title, body, here: ADMINISTRATORS, csrf, session });
}
