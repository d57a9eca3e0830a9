import { getMessages, type Language, type PageContext } from '../../i18n/index.ts';
import type { Session, StaffPosition } from '../../identity/index.ts';
import { type Html, html } from '../../kernel/index.ts';
import { icon, layout, signOutForm } from '../../web-pages/index.ts';
import { ADMINISTRATION_PATH } from '../administration/administration-page.ts';
import { formatRoles } from '../staff/role-names.ts';
import { practicePath } from '../staff-page.ts';

export interface StaffHomePage {
  readonly session: Session;
  readonly jobs: readonly StaffPosition[];
  readonly csrf: string;
  /** Whether the person just accepted an invitation. */
  readonly joined: boolean;
}

export function renderStaffHome(pageContext: PageContext, { session, jobs, csrf, joined }: StaffHomePage): Html {
  const { language } = pageContext;
  const { home } = getMessages(language).practicePortal;
  const title = jobs.length === 0 ? home.noPractice : home.choosePractice;
  const administration = html`
  <li>${icon('security')}<h2><a href="${ADMINISTRATION_PATH}">${home.administration}</a></h2><p>${home.administrationText}</p></li>`;
  const body = html`
${joined ? html`<div class="note" role="status"><p>${home.joined}</p></div>` : ''}
<h1>${title}</h1>
<p class="subtitle">${home.signedInAsHtml(session.displayName)}</p>
${jobs.length === 0 ? html`<p>${home.noPracticeText}</p>` : ''}
<ul class="cards">${jobs.map((job) => renderPracticeLink(language, job))}${session.administrator ? administration : ''}
</ul>
${signOutForm(pageContext, csrf)}`;
  return layout(pageContext, { title, body });
}

const renderPracticeLink = (language: Language, { practiceId, practiceName, roles }: StaffPosition): Html => html`
  <li>${icon('practice')}<h2><a href="${practicePath(practiceId, 'patients')}">${practiceName}</a></h2><p>${getMessages(language).practicePortal.home.yourRole(formatRoles(language, roles))}</p></li>`;
