import type { EnrollmentStatus, SandboxPatient } from '../../../enrollment/index.ts';
import { formatLongDateTime, type Messages } from '../../../i18n/index.ts';
import { emptyHtml, type Html, html } from '../../../kernel/index.ts';
import { launcherPath } from '../../staff-page.ts';
import type { PatientAdminContext } from '../actions/patient-action.ts';
import { translateReason } from '../actions/reason.ts';
import { isAccountActive } from '../actions/require-account.ts';
import { maskForSession, maskUsername } from '../contact-format.ts';
import type { RecordAccount } from '../record-accounts.ts';
import { type PatientActionLink, renderActionLinks } from './action-links.ts';
import type { PatientPageView } from './view.ts';

/** Renders the enrollment status of the patient, the patient's own accounts, and the available actions. */
export function renderAccountSection(view: PatientPageView): Html {
  const { account: messages } = view.context.messages.patientPage;
  const ownAccounts = view.accounts.filter(({ relationship }) => relationship === 'self');
  const { status } = view.context.patient;
  return html`
<section class="card"><h2>${messages.title}</h2>
<p>${STATUS_TEXTS[status](messages, view)}</p>
${ownAccounts.map((account) => renderAccount(view, account))}
${renderActionLinks(
  view,
  statusLinks(view).filter(({ main = false }) => !main),
)}</section>`;
}

/** Renders the most frequent actions, which the page shows beside the patient's name. */
export function renderMainActions(view: PatientPageView): Html {
  const { job, patient, messages } = view.context;
  const enroll = renderActionLinks(
    view,
    statusLinks(view).filter(({ main = false }) => main),
  );
  const path = launcherPath(job, patient.patientId);
  const launch = view.canLaunchApps
    ? html`<ul class="actions"><li><a class="button secondary" href="${path}">${messages.patientPage.openApp}</a></li></ul>`
    : emptyHtml;
  return html`${enroll}${launch}`;
}

const statusLinks = (view: PatientPageView): readonly PatientActionLink[] =>
  STATUS_LINKS[view.context.patient.status](view.context.messages.patientPage.account.links, view);

type AccountMessages = Messages['practicePortal']['patientPage']['account'];

const STATUS_TEXTS: Readonly<Record<EnrollmentStatus, (messages: AccountMessages, view: PatientPageView) => string>> = {
  'not-enrolled': ({ notEnrolled }) => notEnrolled,
  invited: ({ invited, invitationExpired }, { context }) => (context.patient.expired ? invitationExpired : invited),
  enrolled: ({ enrolled }) => enrolled,
  declined: (messages, { context, chart }) => {
    const { declined } = context.patient;
    if (declined === undefined) return messages.declined;
    const at = formatLongDateTime(context.pageContext.language, declined.at, chart.timeZone);
    return messages.declinedOn(translateReason(context, declined.reason), at);
  },
  locked: ({ locked, ended }, { accounts }) =>
    accounts.some((account) => account.relationship === 'self' && account.locked !== undefined) ? locked : ended,
};

const STATUS_LINKS: Readonly<
  Record<EnrollmentStatus, (links: AccountMessages['links'], view: PatientPageView) => readonly PatientActionLink[]>
> = {
  'not-enrolled': (links) => [
    { path: 'enroll', text: links.enroll, main: true },
    { path: 'decline', text: links.decline },
  ],
  invited: (links, { context }) => [
    {
      path: 'enroll',
      text: context.patient.expired ? links.inviteAgain : links.inviteDifferently,
      main: context.patient.expired,
    },
    { path: 'decline', text: links.decline },
  ],
  enrolled: () => [],
  declined: (links) => [{ path: 'undo-decline', text: links.allowInvitations }],
  locked: () => [],
};

function renderAccount(view: PatientPageView, account: RecordAccount): Html {
  const { pageContext, messages: portalMessages, session } = view.context;
  const { account: messages } = portalMessages.patientPage;
  const { facts: names } = messages;
  const { accessSince, locked, ended, email } = account;
  const zone = view.chart.timeZone;
  // The username of the account with which a sandbox patient starts wasn’t chosen by a visitor.
  const isStartAccount = view.sandboxPatient?.accountId === account.accountId;
  const time = (at: Date) => formatLongDateTime(pageContext.language, at, zone);
  const stopped = locked ?? ended;
  const rows: readonly (readonly [string, string | undefined])[] = [
    [names.username, isStartAccount ? account.username : maskUsername(session, account)],
    [names.email, email === undefined ? messages.noEmail : maskForSession(session, email)],
    [names.accessSince, accessSince && time(accessSince)],
    [
      locked === undefined ? names.accessEnded : names.lockedAt,
      stopped && `${time(stopped.at)}${reasonSuffix(view.context, stopped.reason)}`,
    ],
    [names.otherPatients, account.otherPatientNames.length === 0 ? undefined : account.otherPatientNames.join(', ')],
    [names.otherPractices, account.opensOtherPractices ? messages.opensOtherPractices : undefined],
  ];
  const facts = rows.filter(([, value]) => value !== undefined);
  return html`
<dl class="facts">${facts.map(([name, value = '']) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
${account.published ? html`<p class="hint">${messages.shared}</p>` : renderActionLinks(view, accountLinks(messages.links, account, view.sandboxPatient))}`;
}

/** Returns the recorded reason as the end of a line, or nothing if there is none. */
export const reasonSuffix = (context: Pick<PatientAdminContext, 'messages'>, reason: string): string =>
  reason === '' ? '' : `: ${translateReason(context, reason)}`;

function accountLinks(
  links: AccountMessages['links'],
  account: RecordAccount,
  sandboxPatient: SandboxPatient | undefined,
): readonly PatientActionLink[] {
  const accountPath = `accounts/${account.accountId}`;
  // Visitors of the sandbox may lock and unlock the account with which the patient starts. No one can sign in with it.
  const allowedForVisitors = sandboxPatient?.accountId === account.accountId;
  if (!isAccountActive(account)) {
    const text = account.locked === undefined ? links.restoreAccess : links.unlock;
    return [{ path: `${accountPath}/unlock`, text, changesAccount: true, allowedForVisitors }];
  }
  const resetFactor = { path: `${accountPath}/lost-factor`, text: links.resetSecondFactor, changesAccount: true };
  const resetPassword = { path: `${accountPath}/lost-password`, text: links.resetPassword, changesAccount: true };
  return [
    ...(account.hasSecondFactor ? [resetFactor] : []),
    ...(account.hasPassword ? [resetPassword] : []),
    {
      path: `${accountPath}/deactivate`,
      text: account.opensOtherPractices ? links.endAccess : links.lock,
      changesAccount: true,
      allowedForVisitors,
      destructive: true,
    },
  ];
}
