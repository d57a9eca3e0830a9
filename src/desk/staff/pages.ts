import { html } from 'ghtml';
import { errorSummary, type FieldFault, hidden, textField, titleWith } from '../../pages/index.ts';
import type { Colleague } from '../../people/index.ts';
import { dayOf, type Frame, minuteOf } from '../../words/index.ts';
import { ADMINISTRATION, administrationPage } from '../administration/frame.ts';
import { deskPage, deskPath } from '../frame.ts';
import type { Invited } from '../invitations/invite.ts';
import type { StaffInvitation } from '../invitations/store.ts';
import { type JobFields, jobFields, personFields } from './fields.ts';
import { isOfPractice, type Keeper } from './keeper.ts';
import type { Practitioner, ReadInvitation } from './read-job.ts';
import { rolesInWords } from './words.ts';

/** Data that all pages about the staff of a practice need. */
export interface StaffPage {
  readonly keeper: Keeper;
  readonly csrf: string;
}

export const staffPath = ({ practice }: Keeper, ...further: readonly string[]): string =>
  [deskPath(practice.practiceId, 'staff'), ...further].join('/');

interface Content {
  readonly title: string;
  readonly body: string;
  readonly wide?: boolean;
}

/** Uses the practice's navigation for its own administrators, and the administration's for others. */
function page(pageContext: Frame, { keeper, csrf }: StaffPage, content: Content): string {
  const { session, job } = keeper;
  if (isOfPractice(job)) return deskPage(pageContext, { ...content, here: staffPath(keeper), csrf, session, job });
  return administrationPage(pageContext, { ...content, here: ADMINISTRATION, csrf, session });
}

const backTo = (path: string, text: string): string => html`<p class="back"><a href="${path}">${text}</a></p>`;

export interface StaffListPage extends StaffPage {
  readonly colleagues: readonly Colleague[];
  readonly invitations: readonly StaffInvitation[];
  readonly directory: readonly Practitioner[];
  /** Confirmation of the preceding action. */
  readonly done: string | undefined;
}

export function staffListPage(pageContext: Frame, data: StaffListPage): string {
  const { keeper, colleagues, done } = data;
  const { name } = keeper.practice;
  const body = html`
!${done === undefined ? '' : html`<div class="note" role="status"><p>${done}</p></div>`}
<h1>Staff of ${name}</h1>
<p><a href="${staffPath(keeper, 'invite')}">Invite somebody</a></p>
!${colleagues.length === 0 ? html`<p>Nobody works here yet.</p>` : colleagueList(data)}
!${invitationList(data)}`;
  return page(pageContext, data, { title: `Staff of ${name}`, body });
}

const colleagueList = ({ keeper, colleagues, directory }: StaffListPage): string => html`
<ul class="list">!${colleagues
  .map(
    (one) => html`
  <li><a href="${staffPath(keeper, one.accountId)}">${one.displayName}</a>
    <p>${one.username} · ${rolesInWords(one.roles)}!${inDirectory(one, directory)}!${one.lockedAt === undefined ? '' : ' · <b>locked</b>'}</p></li>`,
  )
  .join('')}
</ul>`;

const inDirectory = ({ practitionerId }: Colleague, directory: readonly Practitioner[]): string => {
  if (practitionerId === undefined) return '';
  return html` · ${directory.find(({ id }) => id === practitionerId)?.name ?? 'in the directory'}`;
};

function invitationList({ keeper, invitations, csrf }: StaffListPage): string {
  if (invitations.length === 0) return '';
  const { timeZone } = keeper.practice;
  return html`
<h2>Invited</h2>
<ul class="list">!${invitations
    .map(
      ({ invitationId, name, email, roles, expiresAt }) => html`
  <li><b>${name}</b><p>${rolesInWords(roles)} · ${email ?? 'link handed over'} · until ${dayOf('en', expiresAt, timeZone)}</p>
    <form method="post" action="${staffPath(keeper, 'invitations', invitationId, 'cancel')}">!${hidden('csrf', csrf)}<button class="plain" aria-label="Take it back: the invitation of ${name}">Take it back</button></form></li>`,
    )
    .join('')}
</ul>`;
}

export interface InvitePage extends StaffPage {
  readonly given: Omit<ReadInvitation, 'faults'>;
  readonly directory: readonly Practitioner[];
  readonly faults: readonly FieldFault[];
}

export function invitePage(pageContext: Frame, data: InvitePage): string {
  const { keeper, given, directory, faults: errors, csrf } = data;
  const title = `Invite somebody to ${keeper.practice.name}`;
  const body = html`
!${backTo(staffPath(keeper), 'Staff')}
!${errorSummary(pageContext, errors)}
<h1>${title}</h1>
<form method="post" action="${staffPath(keeper, 'invite')}">!${hidden('csrf', csrf)}
  !${personFields(pageContext, given, errors)}
  !${jobFields(pageContext, { ...given, directory }, errors)}
  <button>Invite</button>
</form>`;
  return page(pageContext, data, { title: titleWith(pageContext, errors, title), body });
}

/** Shows the link. It can't be shown again. */
export function invitedPage(
  pageContext: Frame,
  data: StaffPage & { readonly name: string; readonly invited: Invited },
): string {
  const { keeper, name, invited } = data;
  const title = `A link for ${name}`;
  const body = html`
!${backTo(staffPath(keeper), 'Staff')}
<h1>${title}</h1>
!${handOver(invited.link, minuteOf('en', invited.expiresAt, keeper.practice.timeZone))}`;
  return page(pageContext, data, { title, body });
}

/** @param until formatted date */
export const handOver = (link: string, until: string): string => html`
<p>Give it to them yourself. It works once, until ${until}, for whoever has it.</p>
<p class="note"><code>${link}</code></p>
<p><b>It is shown this once.</b> If it is lost, take the invitation back and make another.</p>`;

export interface ColleaguePage extends StaffPage {
  readonly colleague: Colleague;
  readonly job: JobFields;
  readonly faults: readonly FieldFault[];
  /** Whether the manager may lock and unlock the account. */
  readonly own: boolean;
}

export function colleaguePage(pageContext: Frame, data: ColleaguePage): string {
  const { keeper, colleague, job, faults: errors, csrf } = data;
  const { displayName, username, accountId, published } = colleague;
  const path = staffPath(keeper, accountId);
  const body = html`
!${backTo(staffPath(keeper), 'Staff')}
!${errorSummary(pageContext, errors)}
<h1>${displayName}</h1>
<p class="person">Username ${username}!${colleague.lockedAt === undefined ? '' : ' · <b>locked</b>'}</p>
!${
    published
      ? PUBLISHED
      : html`
<form method="post" action="${path}">!${hidden('csrf', csrf)}
  !${jobFields(pageContext, job, errors)}
  <button>Save</button>
</form>
!${ways(data, path)}`
  }`;
  return page(pageContext, data, { title: titleWith(pageContext, errors, displayName), body });
}

const PUBLISHED = html`
<div class="note"><p>This is an account of the sandbox that everyone may use: it can’t be changed.</p></div>`;

function ways({ own, colleague, keeper }: ColleaguePage, path: string): string {
  const accountActions = own
    ? html`
  <li><a href="${path}/lock">!${colleague.lockedAt === undefined ? 'Lock the account' : 'Unlock the account'}</a></li>
  <li><a href="${path}/lost-factor">They lost their phone or passkey</a></li>`
    : html`
  <li><p>The account itself is your own, or is used elsewhere too: an administrator of the installation can lock it, or let them in again.</p></li>`;
  return html`
<h2>Other things to do</h2>
<ul class="list">!${accountActions}
  <li><a href="${path}/remove">They don’t work at ${keeper.practice.name} any more</a></li>
</ul>`;
}

export interface ConfirmPage extends StaffPage {
  readonly colleague: Colleague;
  readonly faults: readonly FieldFault[];
}

export function removePage(pageContext: Frame, data: ConfirmPage): string {
  const { displayName } = data.colleague;
  return confirm(pageContext, data, {
    title: `Remove ${displayName}?`,
    act: 'remove',
    button: 'Remove',
    body: html`
<p>${displayName} will not see this practice’s desk any more. Apps that they opened for its patients lose that access at once: there is nothing else to end.</p>
<p>Their account stays, with what they did in the records of who did what.</p>`,
  });
}

export function lockPage(pageContext: Frame, data: ConfirmPage): string {
  const { displayName, lockedAt } = data.colleague;
  if (lockedAt !== undefined)
    return confirm(pageContext, data, {
      title: `Unlock ${displayName}?`,
      act: 'unlock',
      button: 'Unlock',
      body: html`<p>${displayName} can sign in again, with the same password and the same phone or passkey. Apps they opened work again as far as that access has not run out.</p>`,
    });
  return confirm(pageContext, data, {
    title: `Lock ${displayName}?`,
    act: 'lock',
    button: 'Lock',
    body: html`<p>${displayName} is signed out everywhere and can’t sign in. Apps they opened get nothing more, until you unlock the account.</p>`,
    fields: textField(
      pageContext,
      { name: 'reason', label: 'Why?', hint: 'In a few words, for the records.', autocomplete: 'off', maxlength: 64 },
      data.faults,
    ),
  });
}

export const lostFactorPage = (pageContext: Frame, data: ConfirmPage): string =>
  confirm(pageContext, data, {
    title: `Let ${data.colleague.displayName} in again`,
    act: 'lost-factor',
    button: 'Make a link',
    body: html`
<p>You get a link to hand over. With it and their password they take the lost phone or passkey off their account and set up a new one.</p>
<p><b>Make sure that it is them</b>: see them, or call them on a number you know.</p>`,
    fields: textField(
      pageContext,
      {
        name: 'proofing',
        label: 'How did you make sure?',
        hint: 'In a few words, such as: in person, photo ID.',
        autocomplete: 'off',
        maxlength: 64,
      },
      data.faults,
    ),
  });

export function lostFactorLinkPage(pageContext: Frame, data: ConfirmPage & { readonly link: string }): string {
  const { keeper, colleague, link } = data;
  const title = `A link for ${colleague.displayName}`;
  const body = html`
!${backTo(staffPath(keeper, colleague.accountId), colleague.displayName)}
<h1>${title}</h1>
<p>Give it to them yourself. It works once, within a day, together with their password.</p>
<p class="note"><code>${link}</code></p>
<p><b>It is shown this once.</b></p>`;
  return page(pageContext, data, { title, body });
}

interface Confirmation {
  readonly title: string;
  /** Last segment of the path. */
  readonly act: string;
  readonly button: string;
  readonly body: string;
  readonly fields?: string;
}

function confirm(
  pageContext: Frame,
  data: ConfirmPage,
  { title, act, button, body, fields = '' }: Confirmation,
): string {
  const { keeper, colleague, faults: errors, csrf } = data;
  const path = staffPath(keeper, colleague.accountId);
  const content = html`
!${backTo(path, colleague.displayName)}
!${errorSummary(pageContext, errors)}
<h1>${title}</h1>
!${body}
<form method="post" action="${path}/${act}">!${hidden('csrf', csrf)}!${fields}
  <button>${button}</button>
</form>`;
  return page(pageContext, data, { title: titleWith(pageContext, errors, title), body: content });
}
