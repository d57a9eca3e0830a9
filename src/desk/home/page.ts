import { html } from 'ghtml';
import { layout, signOutForm } from '../../pages/index.ts';
import type { Job, Session } from '../../people/index.ts';
import type { Frame } from '../../words/index.ts';
import { ADMINISTRATION } from '../administration/frame.ts';
import { deskPath } from '../frame.ts';
import { rolesInWords } from '../staff/words.ts';

export interface StaffHomePage {
  readonly session: Session;
  readonly jobs: readonly Job[];
  readonly csrf: string;
}

export function staffHomePage(pageContext: Frame, { session, jobs, csrf }: StaffHomePage): string {
  const title = jobs.length === 0 ? 'You work at no practice here' : 'Where do you want to work?';
  const administration = html`
  <li><a href="${ADMINISTRATION}">Administration</a><p>Practices, their staff, other administrators</p></li>`;
  const body = html`
<h1>${title}</h1>
<p class="person">Signed in as <b>${session.displayName}</b></p>
!${jobs.length === 0 ? html`<p>Ask an administrator of your practice to invite you again.</p>` : ''}
<ul class="list">!${jobs.map(item).join('')}!${session.administrator ? administration : ''}
</ul>
!${signOutForm(pageContext, csrf)}`;
  return layout(pageContext, { title, body });
}

const item = ({ practiceId, practiceName, roles }: Job): string => html`
  <li><a href="${deskPath(practiceId, 'patients')}">${practiceName}</a><p>As ${rolesInWords(roles)}</p></li>`;
