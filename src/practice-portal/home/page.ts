import type { PageContext } from '../../i18n/index.ts';
import type { Session, StaffPosition } from '../../identity/index.ts';
import { type Html, html } from '../../kernel/index.ts';
import { layout, signOutForm } from '../../web-pages/index.ts';
import { ADMINISTRATION_PATH } from '../administration/administration-page.ts';
import { formatRoles } from '../staff/role-names.ts';
import { practicePath } from '../staff-page.ts';

export interface StaffHomePage {
  readonly session: Session;
  readonly jobs: readonly StaffPosition[];
  readonly csrf: string;
}

export function renderStaffHome(pageContext: PageContext, { session, jobs, csrf }: StaffHomePage): Html {
  const title = jobs.length === 0 ? 'You aren’t on the staff of any practice' : 'Choose a practice';
  const administration = html`
  <li><a href="${ADMINISTRATION_PATH}">Administration</a><p>Manage practices, their staff and administrators</p></li>`;
  const body = html`
<h1>${title}</h1>
<p class="person">Signed in as <b>${session.displayName}</b></p>
${jobs.length === 0 ? html`<p>Ask an administrator of your practice to invite you again.</p>` : ''}
<ul class="list">${jobs.map(renderPracticeLink)}${session.administrator ? administration : ''}
</ul>
${signOutForm(pageContext, csrf)}`;
  return layout(pageContext, { title, body });
}

const renderPracticeLink = ({ practiceId, practiceName, roles }: StaffPosition): Html => html`
  <li><a href="${practicePath(practiceId, 'patients')}">${practiceName}</a><p>Your role: ${formatRoles(roles)}</p></li>`;
