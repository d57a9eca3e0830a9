import type { StaffInvitation } from '../../enrollment/index.ts';
import { formatLongDate, formatLongDateTime, type PageContext } from '../../i18n/index.ts';
import type { StaffMember } from '../../identity/index.ts';
import { emptyHtml, type Html, html } from '../../kernel/index.ts';
import { errorSummary, type FormFieldError, hiddenField, pageTitle, textField } from '../../web-pages/index.ts';
import { ADMINISTRATION_PATH, renderAdministrationPage } from '../administration/administration-page.ts';
import type { StaffInvitationLink } from '../invitations/invite.ts';
import { practicePath, renderStaffPage } from '../staff-page.ts';
import { type AssignmentFields, renderAssignmentFields, renderInviteeFields } from './fields.ts';
import type { DirectoryPractitioner, ParsedStaffInvitation } from './parse-staff-form.ts';
import { formatRoles } from './role-names.ts';
import { isPracticeAdministrator, type StaffManager } from './staff-manager.ts';

/** Data that all pages about the staff of a practice need. */
export interface StaffManagementPage {
  readonly manager: StaffManager;
  readonly csrf: string;
}

export const staffPath = ({ practice }: StaffManager, ...further: readonly string[]): string =>
  [practicePath(practice.practiceId, 'staff'), ...further].join('/');

interface StaffPageContent {
  readonly title: string;
  readonly body: Html;
  readonly wide?: boolean;
}

/**
 * Renders a page about the staff of a practice. Administrators of the practice get the navigation of the practice, and
 * administrators of the installation that of the administration pages.
 */
function renderPage(pageContext: PageContext, { manager, csrf }: StaffManagementPage, content: StaffPageContent): Html {
  const { session, job } = manager;
  if (isPracticeAdministrator(job))
    return renderStaffPage(pageContext, { ...content, currentPath: staffPath(manager), csrf, session, job });
  return renderAdministrationPage(pageContext, { ...content, currentPath: ADMINISTRATION_PATH, csrf, session });
}

const backLink = (path: string, text: string): Html => html`<p class="back"><a href="${path}">${text}</a></p>`;

export interface StaffListPage extends StaffManagementPage {
  readonly colleagues: readonly StaffMember[];
  readonly invitations: readonly StaffInvitation[];
  readonly directory: readonly DirectoryPractitioner[];
  /** Text that confirms the preceding action. undefined if there was none. */
  readonly notice: string | undefined;
}

export function renderStaffList(pageContext: PageContext, data: StaffListPage): Html {
  const { manager, colleagues, notice } = data;
  const { name } = manager.practice;
  const body = html`
${notice === undefined ? '' : html`<div class="note" role="status"><p>${notice}</p></div>`}
<h1>Staff of ${name}</h1>
<p><a href="${staffPath(manager, 'invite')}">Invite a staff member</a></p>
${colleagues.length === 0 ? html`<p>No staff yet.</p>` : renderColleagues(data)}
${renderInvitations(data)}`;
  return renderPage(pageContext, data, { title: `Staff of ${name}`, body });
}

const renderColleagues = ({ manager, colleagues, directory }: StaffListPage): Html => html`
<ul class="list">${colleagues.map(
  (one) => html`
  <li><a href="${staffPath(manager, one.accountId)}">${one.displayName}</a>
    <p>${one.username} · ${formatRoles(one.roles)}${directoryName(one, directory)}${one.lockedAt === undefined ? '' : html` · <b>locked</b>`}</p></li>`,
)}
</ul>`;

const directoryName = ({ practitionerId }: StaffMember, directory: readonly DirectoryPractitioner[]): Html => {
  if (practitionerId === undefined) return emptyHtml;
  return html` · ${directory.find(({ id }) => id === practitionerId)?.name ?? 'in the directory'}`;
};

function renderInvitations({ manager, invitations, csrf }: StaffListPage): Html {
  if (invitations.length === 0) return emptyHtml;
  const { timeZone } = manager.practice;
  return html`
<h2>Invited</h2>
<ul class="list">${invitations.map(
    ({ invitationId, name, email, roles, expiresAt }) => html`
  <li><b>${name}</b><p>${formatRoles(roles)} · ${email ?? 'link given in person'} · expires ${formatLongDate('en', expiresAt, timeZone)}</p>
    <form method="post" action="${staffPath(manager, 'invitations', invitationId, 'cancel')}">${hiddenField('csrf', csrf)}<button class="plain" aria-label="Cancel invitation of ${name}">Cancel invitation</button></form></li>`,
  )}
</ul>`;
}

export interface InviteStaffPage extends StaffManagementPage {
  readonly values: Omit<ParsedStaffInvitation, 'errors'>;
  readonly directory: readonly DirectoryPractitioner[];
  readonly errors: readonly FormFieldError[];
}

export function renderInvitePage(pageContext: PageContext, data: InviteStaffPage): Html {
  const { manager, values, directory, errors, csrf } = data;
  const title = `Invite a staff member to ${manager.practice.name}`;
  const body = html`
${backLink(staffPath(manager), 'Staff')}
${errorSummary(pageContext, errors)}
<h1>${title}</h1>
<form method="post" action="${staffPath(manager, 'invite')}">${hiddenField('csrf', csrf)}
  ${renderInviteeFields(pageContext, values, errors)}
  ${renderAssignmentFields(pageContext, { ...values, directory }, errors)}
  <button>Create invitation</button>
</form>`;
  return renderPage(pageContext, data, { title: pageTitle(pageContext, errors, title), body });
}

/** Renders the page with the invitation link, which can't be shown again. */
export function renderInvitedPage(
  pageContext: PageContext,
  data: StaffManagementPage & { readonly name: string; readonly invited: StaffInvitationLink },
): Html {
  const { manager, name, invited } = data;
  const title = `Invitation link for ${name}`;
  const body = html`
${backLink(staffPath(manager), 'Staff')}
<h1>${title}</h1>
${renderHandOver(invited.link, formatLongDateTime('en', invited.expiresAt, manager.practice.timeZone))}`;
  return renderPage(pageContext, data, { title, body });
}

/**
 * Renders a link that staff hand over in person.
 * @param until time at which the link expires, already formatted
 */
export const renderHandOver = (link: string, until: string): Html => html`
<p>Give this link to the person yourself. It works once and expires on ${until}. Anyone who has the link can use it.</p>
<p class="note"><code>${link}</code></p>
<p><b>The link is shown only once.</b> If it is lost, cancel the invitation and create a new one.</p>`;

export interface ColleaguePage extends StaffManagementPage {
  readonly colleague: StaffMember;
  readonly job: AssignmentFields;
  readonly errors: readonly FormFieldError[];
  /** Whether the signed-in manager may lock and unlock the colleague's account. */
  readonly canLock: boolean;
}

export function renderColleaguePage(pageContext: PageContext, data: ColleaguePage): Html {
  const { manager, colleague, job, errors, csrf } = data;
  const { displayName, username, accountId, published } = colleague;
  const path = staffPath(manager, accountId);
  const body = html`
${backLink(staffPath(manager), 'Staff')}
${errorSummary(pageContext, errors)}
<h1>${displayName}</h1>
<p class="person">Username ${username}${colleague.lockedAt === undefined ? '' : html` · <b>locked</b>`}</p>
${
  published
    ? SHARED_ACCOUNT_NOTE
    : html`
<form method="post" action="${path}">${hiddenField('csrf', csrf)}
  ${renderAssignmentFields(pageContext, job, errors)}
  <button>Save changes</button>
</form>
${renderFurtherActions(data, path)}`
}`;
  return renderPage(pageContext, data, { title: pageTitle(pageContext, errors, displayName), body });
}

const SHARED_ACCOUNT_NOTE = html`
<div class="note"><p>This is a shared sandbox account. It can’t be changed.</p></div>`;

function renderFurtherActions({ canLock, colleague, manager }: ColleaguePage, path: string): Html {
  const accountActions = canLock
    ? html`
  <li><a href="${path}/lock">${colleague.lockedAt === undefined ? 'Lock account' : 'Unlock account'}</a></li>
  <li><a href="${path}/lost-factor">Reset second factor (lost phone or passkey)</a></li>`
    : html`
  <li><p>This is your own account, or it is also used elsewhere. Only an administrator of the installation can lock it or reset its second factor.</p></li>`;
  return html`
<h2>Other actions</h2>
<ul class="list">${accountActions}
  <li><a href="${path}/remove">Remove from ${manager.practice.name}</a></li>
</ul>`;
}

export interface ConfirmStaffPage extends StaffManagementPage {
  readonly colleague: StaffMember;
  readonly errors: readonly FormFieldError[];
}

export function renderRemovePage(pageContext: PageContext, data: ConfirmStaffPage): Html {
  const { displayName } = data.colleague;
  return renderConfirmation(pageContext, data, {
    title: `Remove ${displayName}?`,
    action: 'remove',
    button: 'Remove staff member',
    body: html`
<p>${displayName} can no longer open this practice’s staff pages. Apps that they opened for its patients lose access immediately. You don’t need to do anything else.</p>
<p>Their account and their entries in the audit log are retained.</p>`,
  });
}

export function renderLockPage(pageContext: PageContext, data: ConfirmStaffPage): Html {
  const { displayName, lockedAt } = data.colleague;
  if (lockedAt !== undefined)
    return renderConfirmation(pageContext, data, {
      title: `Unlock ${displayName}?`,
      action: 'unlock',
      button: 'Unlock account',
      body: html`<p>${displayName} can sign in again with the same password and the same phone or passkey. Apps that they opened work again, unless their access has expired.</p>`,
    });
  return renderConfirmation(pageContext, data, {
    title: `Lock ${displayName}?`,
    action: 'lock',
    button: 'Lock account',
    body: html`<p>${displayName} is signed out everywhere and can’t sign in. Apps that they opened have no access until you unlock the account.</p>`,
    fields: textField(
      pageContext,
      { name: 'reason', label: 'Reason', hint: 'A few words for the audit log.', autocomplete: 'off', maxlength: 64 },
      data.errors,
    ),
  });
}

export const renderSecondFactorPage = (pageContext: PageContext, data: ConfirmStaffPage): Html =>
  renderConfirmation(pageContext, data, {
    title: `Reset second factor of ${data.colleague.displayName}`,
    action: 'lost-factor',
    button: 'Create link',
    body: html`
<p>You get a link to give to this person. With the link and their password, they remove the lost phone or passkey from their account and set up a new one.</p>
<p><b>Verify their identity first.</b> Meet them in person, or call them on a number that you know.</p>`,
    fields: textField(
      pageContext,
      {
        name: 'proofing',
        label: 'How did you verify their identity?',
        hint: 'A few words, such as “in person, photo ID”.',
        autocomplete: 'off',
        maxlength: 64,
      },
      data.errors,
    ),
  });

export function renderSecondFactorLinkPage(
  pageContext: PageContext,
  data: ConfirmStaffPage & { readonly link: string },
): Html {
  const { manager, colleague, link } = data;
  const title = `Reset link for ${colleague.displayName}`;
  const body = html`
${backLink(staffPath(manager, colleague.accountId), colleague.displayName)}
<h1>${title}</h1>
<p>Give this link to the person yourself. It works once, within 24 hours, together with their password.</p>
<p class="note"><code>${link}</code></p>
<p><b>The link is shown only once.</b></p>`;
  return renderPage(pageContext, data, { title, body });
}

interface StaffConfirmation {
  readonly title: string;
  /** Last segment of the path that the form is submitted to. */
  readonly action: string;
  readonly button: string;
  readonly body: Html;
  readonly fields?: Html;
}

function renderConfirmation(
  pageContext: PageContext,
  data: ConfirmStaffPage,
  { title, action, button, body, fields }: StaffConfirmation,
): Html {
  const { manager, colleague, errors, csrf } = data;
  const path = staffPath(manager, colleague.accountId);
  const content = html`
${backLink(path, colleague.displayName)}
${errorSummary(pageContext, errors)}
<h1>${title}</h1>
${body}
<form method="post" action="${path}/${action}">${hiddenField('csrf', csrf)}${fields}
  <button>${button}</button>
</form>`;
  return renderPage(pageContext, data, { title: pageTitle(pageContext, errors, title), body: content });
}
