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
  'not-enrolled': () => 'The patient has no account, and no invitation is out.',
  invited: ({ context }) =>
    context.patient.expired
      ? 'The patient was invited, and the invitation can’t be used any more: it has run out, or there were too many wrong answers. Invite them anew.'
      : 'The patient is invited, and has not made the account yet.',
  enrolled: () => 'The patient has an account and can let apps read this record.',
  declined: ({ context, chart }) => {
    const { declined } = context.patient;
    if (declined === undefined) return 'The patient answered the invitation: they want no account.';
    const reasonText = declined.reason === '' ? '' : `: ${declined.reason}`;
    return html`The patient wants no account${reasonText}. Noted ${formatLongDateTime('en', declined.at, chart.timeZone)}.`;
  },
  locked: () => 'The account is deactivated: nobody opens this record with it, and no app reads with it.',
};

const STATUS_LINKS: Readonly<Record<EnrollmentStatus, (view: PatientPageView) => readonly PatientActionLink[]>> = {
  'not-enrolled': () => [
    { path: 'enroll', text: 'Enroll', main: true },
    { path: 'decline', text: 'The patient wants no account' },
  ],
  invited: ({ context }) => [
    {
      path: 'enroll',
      text: context.patient.expired ? 'Invite anew' : 'Invite in another way',
      main: context.patient.expired,
    },
    { path: 'decline', text: 'The patient wants no account' },
  ],
  enrolled: () => [],
  declined: () => [{ path: 'undo-decline', text: 'They want an account after all' }],
  locked: () => [],
};

function renderAccount(view: PatientPageView, account: RecordAccount): Html {
  const { username, accessSince, locked, ended, email } = account;
  const zone = view.chart.timeZone;
  const time = (at: Date) => formatLongDateTime('en', at, zone);
  const stopped = locked ?? ended;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Username', maskForSession(view.context.session, username)],
    ['E-mail of the account', email === undefined ? 'none' : maskForSession(view.context.session, email)],
    ['Since', accessSince && time(accessSince)],
    [
      locked === undefined ? 'Access here ended' : 'Locked',
      stopped && `${time(stopped.at)}${reasonSuffix(stopped.reason)}`,
    ],
    ['Opens too', account.otherPatientNames.length === 0 ? undefined : account.otherPatientNames.join(', ')],
    ['Other practices', account.opensOtherPractices ? 'opens records there too' : undefined],
  ];
  const facts = rows.filter(([, value]) => value !== undefined);
  return html`
<dl class="facts">${facts.map(([name, value = '']) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
${account.published ? html`<p class="hint">An account of the sandbox that everyone may use: it can’t be changed or locked.</p>` : renderActionLinks(view, accountLinks(account))}`;
}

export const reasonSuffix = (reason: string): string => (reason === '' ? '' : `: ${reason}`);

function accountLinks(account: RecordAccount): readonly PatientActionLink[] {
  const accountPath = `accounts/${account.accountId}`;
  if (!isAccountActive(account)) return [{ path: `${accountPath}/unlock`, text: 'Unlock', changesAccount: true }];
  const resetFactor = { path: `${accountPath}/lost-factor`, text: 'Lost second factor', changesAccount: true };
  const resetPassword = { path: `${accountPath}/lost-password`, text: 'Forgot the password', changesAccount: true };
  return [
    ...(account.hasSecondFactor ? [resetFactor] : []),
    ...(account.hasPassword ? [resetPassword] : []),
    { path: `${accountPath}/deactivate`, text: 'Deactivate', changesAccount: true },
  ];
}
