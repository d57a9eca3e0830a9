import { formatLongDateTime } from '../../../i18n/index.ts';
import { type Html, html } from '../../../kernel/index.ts';
import { isAccountActive } from '../actions/require-account.ts';
import { maskForSession } from '../contact-format.ts';
import type { EnrollmentStatus } from '../enrollment-status.ts';
import type { RecordAccount } from '../record-accounts.ts';
import { type PatientActionLink, renderActionLinks } from './action-links.ts';
import type { PatientPageView } from './view.ts';

/** Renders the enrollment status of the patient, the patient's own accounts, and the available actions. */
export function renderAccountSection(view: PatientPageView): Html {
  const ownAccounts = view.accounts.filter(({ relationship }) => relationship === 'self');
  const { status } = view.context.patient;
  return html`
<section><h2>The patient’s account</h2>
<p>${STATUS_TEXTS[status](view)}</p>
${ownAccounts.map((account) => renderAccount(view, account))}
${renderActionLinks(view, STATUS_LINKS[status](view))}</section>`;
}

const STATUS_TEXTS: Readonly<Record<EnrollmentStatus, (view: PatientPageView) => string | Html>> = {
  'not-enrolled': () => 'The patient has no account and no open invitation.',
  invited: ({ context }) =>
    context.patient.expired
      ? 'The invitation is no longer valid. It expired, or there were too many wrong answers. Invite the patient again.'
      : 'The patient was invited but hasn’t created an account yet.',
  enrolled: () => 'The patient has an account and can connect apps to this record.',
  declined: ({ context, chart }) => {
    const { declined } = context.patient;
    if (declined === undefined) return 'The patient declined the invitation.';
    const reasonText = declined.reason === '' ? '' : `: ${declined.reason}`;
    return html`The patient doesn’t want an account${reasonText}. Recorded on ${formatLongDateTime('en', declined.at, chart.timeZone)}.`;
  },
  locked: () => 'The account is deactivated. It can’t open this record, and its apps can’t read data.',
};

const STATUS_LINKS: Readonly<Record<EnrollmentStatus, (view: PatientPageView) => readonly PatientActionLink[]>> = {
  'not-enrolled': () => [
    { path: 'enroll', text: 'Enroll patient', main: true },
    { path: 'decline', text: 'Record that the patient doesn’t want an account' },
  ],
  invited: ({ context }) => [
    {
      path: 'enroll',
      text: context.patient.expired ? 'Invite again' : 'Send a different invitation',
      main: context.patient.expired,
    },
    { path: 'decline', text: 'Record that the patient doesn’t want an account' },
  ],
  enrolled: () => [],
  declined: () => [{ path: 'undo-decline', text: 'Allow invitations again' }],
  locked: () => [],
};

function renderAccount(view: PatientPageView, account: RecordAccount): Html {
  const { username, accessSince, locked, ended, email } = account;
  const zone = view.chart.timeZone;
  const time = (at: Date) => formatLongDateTime('en', at, zone);
  const stopped = locked ?? ended;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Username', maskForSession(view.context.session, username)],
    ['Account email', email === undefined ? 'none' : maskForSession(view.context.session, email)],
    ['Access since', accessSince && time(accessSince)],
    [locked === undefined ? 'Access ended' : 'Locked', stopped && `${time(stopped.at)}${reasonSuffix(stopped.reason)}`],
    ['Also opens', account.otherPatientNames.length === 0 ? undefined : account.otherPatientNames.join(', ')],
    ['Other practices', account.opensOtherPractices ? 'also opens records at other practices' : undefined],
  ];
  const facts = rows.filter(([, value]) => value !== undefined);
  return html`
<dl class="facts">${facts.map(([name, value = '']) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
${account.published ? html`<p class="hint">This is a shared sandbox account. It can’t be changed or locked.</p>` : renderActionLinks(view, accountLinks(account))}`;
}

export const reasonSuffix = (reason: string): string => (reason === '' ? '' : `: ${reason}`);

function accountLinks(account: RecordAccount): readonly PatientActionLink[] {
  const accountPath = `accounts/${account.accountId}`;
  if (!isAccountActive(account))
    return [{ path: `${accountPath}/unlock`, text: 'Unlock account', changesAccount: true }];
  const resetFactor = { path: `${accountPath}/lost-factor`, text: 'Reset second factor', changesAccount: true };
  const resetPassword = { path: `${accountPath}/lost-password`, text: 'Reset password', changesAccount: true };
  return [
    ...(account.hasSecondFactor ? [resetFactor] : []),
    ...(account.hasPassword ? [resetPassword] : []),
    { path: `${accountPath}/deactivate`, text: 'Deactivate account', changesAccount: true },
  ];
}
