import type { StaffInvitation } from '../../enrollment/index.ts';
import { formatLongDate, getMessages, type Language, type PageContext } from '../../i18n/index.ts';
import type { StaffMember } from '../../identity/index.ts';
import { type Html, html } from '../../kernel/index.ts';
import { errorSummary, type FormFieldError, hiddenField, pageTitle, textField } from '../../web-pages/index.ts';
import { ADMINISTRATION_PATH, renderAdministrationPage } from '../administration/administration-page.ts';
import { renderNotice, renderOpenInvitations } from '../invitations/pages.ts';
import { practicePath, renderStaffPage } from '../staff-page.ts';
import { type AssignmentFields, renderAssignmentFields } from './fields.ts';
import type { DirectoryPractitioner } from './parse-staff-form.ts';
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
}

/**
 * Renders a page about the staff of a practice. Administrators of the practice get the navigation of the practice, and
 * administrators of the installation that of the administration pages.
 */
export function renderManagementPage(
  pageContext: PageContext,
  { manager, csrf }: StaffManagementPage,
  content: StaffPageContent,
): Html {
  const { session, job } = manager;
  if (isPracticeAdministrator(job))
    return renderStaffPage(pageContext, { ...content, currentPath: staffPath(manager), csrf, session, job });
  return renderAdministrationPage(pageContext, { ...content, currentPath: ADMINISTRATION_PATH, csrf, session });
}

export const staffMessages = (language: Language) => getMessages(language).practicePortal.staff;

export const backLink = (path: string, text: string): Html => html`<p class="back"><a href="${path}">${text}</a></p>`;

export interface StaffListPage extends StaffManagementPage {
  readonly colleagues: readonly StaffMember[];
  readonly invitations: readonly StaffInvitation[];
  readonly directory: readonly DirectoryPractitioner[];
  /** Text that confirms the preceding action. undefined if there was none. */
  readonly notice: Html | undefined;
}

export function renderStaffList(pageContext: PageContext, data: StaffListPage): Html {
  const { manager, colleagues, notice } = data;
  const { language } = pageContext;
  const messages = staffMessages(language);
  const title = messages.title(manager.practice.name);
  const body = html`
${renderNotice(notice)}
<div class="heading"><h1>${title}</h1><p><a class="button" href="${staffPath(manager, 'invite')}">${messages.invite}</a></p></div>
${colleagues.length === 0 ? html`<div class="empty-state"><p>${messages.none}</p></div>` : renderColleagues(language, data)}
${renderOpenInvitations(language, {
  invitations: data.invitations,
  listPath: staffPath(manager),
  describe: ({ roles, email, expiresAt }) => {
    const expires = messages.invited.expires(formatLongDate(language, expiresAt, manager.practice.timeZone));
    return `${formatRoles(language, roles)} · ${email ?? messages.invited.byLink} · ${expires}`;
  },
})}`;
  return renderManagementPage(pageContext, data, { title, body });
}

function renderColleagues(language: Language, { manager, colleagues, directory }: StaffListPage): Html {
  const { columns, locked, inDirectory } = staffMessages(language);
  const practitioner = ({ practitionerId }: StaffMember): string =>
    practitionerId === undefined ? '' : (directory.find(({ id }) => id === practitionerId)?.name ?? inDirectory);
  return html`
<table class="stack">
  <thead><tr><th scope="col">${columns.name}</th><th scope="col">${columns.username}</th><th scope="col">${columns.roles}</th><th scope="col">${columns.practitioner}</th></tr></thead>
  <tbody>${colleagues.map(
    (one) => html`
    <tr><th scope="row"><a href="${staffPath(manager, one.accountId)}">${one.displayName}</a>${one.lockedAt === undefined ? '' : html` <span class="tag danger">${locked}</span>`}</th><td data-name="${columns.username}">${one.username}</td><td data-name="${columns.roles}">${formatRoles(language, one.roles)}</td><td data-name="${columns.practitioner}">${practitioner(one)}</td></tr>`,
  )}
  </tbody>
</table>`;
}

export interface ColleaguePage extends StaffManagementPage {
  readonly colleague: StaffMember;
  readonly job: AssignmentFields;
  readonly errors: readonly FormFieldError[];
  /** Whether the signed-in manager may lock and unlock the colleague's account. */
  readonly canLock: boolean;
  /** Whether the colleague is also an administrator of the installation. */
  readonly isAdministrator: boolean;
}

export function renderColleaguePage(pageContext: PageContext, data: ColleaguePage): Html {
  const { manager, colleague, job, errors, csrf } = data;
  const { displayName, username, accountId, published } = colleague;
  const path = staffPath(manager, accountId);
  const { language } = pageContext;
  const { backToStaff, locked, member, assignment } = staffMessages(language);
  const body = html`
${backLink(staffPath(manager), backToStaff)}
${errorSummary(pageContext, errors)}
<h1>${displayName}</h1>
<p class="subtitle">${member.username(username)}${colleague.lockedAt === undefined ? '' : html` · <b>${locked}</b>`}</p>
${
  published
    ? html`
<div class="note"><p>${member.sharedAccount}</p></div>`
    : html`
<form method="post" action="${path}">${hiddenField('csrf', csrf)}
  ${renderAssignmentFields(pageContext, job, errors)}
  <button>${assignment.button}</button>
</form>
${renderFurtherActions(language, data, path)}`
}`;
  return renderManagementPage(pageContext, data, { title: pageTitle(pageContext, errors, displayName), body });
}

function renderFurtherActions(language: Language, page: ColleaguePage, path: string): Html {
  const { manager } = page;
  const { member } = staffMessages(language);
  const accountActions = renderAccountActions(language, page, path);
  return html`
<h2>${member.otherActions}</h2>
<ul class="actions">${accountActions}
  <li><a class="danger" href="${path}/remove">${member.removeFrom(manager.practice.name)}</a></li>
</ul>`;
}

function renderAccountActions(
  language: Language,
  { canLock, isAdministrator, colleague }: ColleaguePage,
  path: string,
): Html {
  const { member } = staffMessages(language);
  if (!canLock)
    return html`
  <li><p>${member.onlyInstallation}</p></li>`;
  const isLocked = colleague.lockedAt !== undefined;
  const lock = html`
  <li><a class="${!isLocked && 'danger'}" href="${path}/lock">${isLocked ? member.unlock : member.lock}</a></li>`;
  if (!isAdministrator)
    return html`
  <li><a href="${path}/lost-factor">${member.resetFactor}</a></li>${lock}`;
  return html`
  <li><p>${member.administratorAccount}</p></li>${isLocked ? '' : lock}`;
}

export interface ConfirmStaffPage extends StaffManagementPage {
  readonly colleague: StaffMember;
  readonly errors: readonly FormFieldError[];
}

export function renderRemovePage(pageContext: PageContext, data: ConfirmStaffPage): Html {
  const { displayName } = data.colleague;
  const { title, text, retained, button } = staffMessages(pageContext.language).remove;
  return renderConfirmation(pageContext, data, {
    title: title(displayName),
    action: 'remove',
    button,
    destructive: true,
    body: html`
<p>${text(displayName)}</p>
<p>${retained}</p>`,
  });
}

export function renderLockPage(pageContext: PageContext, data: ConfirmStaffPage): Html {
  const { displayName, lockedAt } = data.colleague;
  const { lock, unlock } = staffMessages(pageContext.language);
  if (lockedAt !== undefined)
    return renderConfirmation(pageContext, data, {
      title: unlock.title(displayName),
      action: 'unlock',
      button: unlock.button,
      body: html`<p>${unlock.text(displayName)}</p>`,
    });
  return renderConfirmation(pageContext, data, {
    title: lock.title(displayName),
    action: 'lock',
    button: lock.button,
    destructive: true,
    body: html`<p>${lock.text(displayName)}</p>`,
    fields: textField(
      pageContext,
      { name: 'reason', label: lock.reason, hint: lock.reasonHint, autocomplete: 'off', maxlength: 64 },
      data.errors,
    ),
  });
}

export function renderSecondFactorPage(pageContext: PageContext, data: ConfirmStaffPage): Html {
  const messages = staffMessages(pageContext.language).resetFactor;
  return renderConfirmation(pageContext, data, {
    title: messages.title(data.colleague.displayName),
    action: 'lost-factor',
    button: messages.button,
    body: html`
<p>${messages.text}</p>
<p>${messages.verifyHtml}</p>`,
    fields: textField(
      pageContext,
      {
        name: 'proofing',
        label: messages.proofing,
        hint: messages.proofingHint,
        autocomplete: 'off',
        maxlength: 64,
      },
      data.errors,
    ),
  });
}

export function renderSecondFactorLinkPage(
  pageContext: PageContext,
  data: ConfirmStaffPage & { readonly link: string },
): Html {
  const { manager, colleague, link } = data;
  const messages = staffMessages(pageContext.language).resetFactor;
  const title = messages.linkTitle(colleague.displayName);
  const body = html`
${backLink(staffPath(manager, colleague.accountId), colleague.displayName)}
<h1>${title}</h1>
<p>${messages.linkText}</p>
<p class="note"><code>${link}</code></p>
<p><b>${messages.once}</b></p>`;
  return renderManagementPage(pageContext, data, { title, body });
}

interface StaffConfirmation {
  readonly title: string;
  /** Last segment of the path that the form is submitted to. */
  readonly action: string;
  readonly button: string;
  /** Whether the action ends something, so that its button is red. */
  readonly destructive?: boolean;
  readonly body: Html;
  readonly fields?: Html;
}

function renderConfirmation(
  pageContext: PageContext,
  data: ConfirmStaffPage,
  { title, action, button, destructive = false, body, fields }: StaffConfirmation,
): Html {
  const { manager, colleague, errors, csrf } = data;
  const path = staffPath(manager, colleague.accountId);
  const content = html`
${backLink(path, colleague.displayName)}
${errorSummary(pageContext, errors)}
<h1>${title}</h1>
${body}
<form method="post" action="${path}/${action}">${hiddenField('csrf', csrf)}${fields}
  <div class="buttons"><button class="${destructive && 'danger'}">${button}</button><a class="button secondary" href="${path}">${getMessages(pageContext.language).practicePortal.shared.cancel}</a></div>
</form>`;
  return renderManagementPage(pageContext, data, { title: pageTitle(pageContext, errors, title), body: content });
}
