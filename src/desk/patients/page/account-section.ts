import { html } from 'ghtml';
import { minuteOf } from '../../../words/index.ts';
import { isOpen } from '../account-at.ts';
import type { RecordAccount } from '../accounts.ts';
import { addressFor } from '../masked.ts';
import type { Status } from '../status.ts';
import { actLinks, type Link } from './act-links.ts';
import type { PatientView } from './view.ts';

/** Enrollment status of the patient, their accounts, and the available actions. */
export function accountSection(view: PatientView): string {
  const ownAccounts = view.accounts.filter(({ relationship }) => relationship === 'self');
  const { status } = view.at.patient;
  return html`
<section><h2>The patient’s account</h2>
<p>!${sayings[status](view)}</p>
!${ownAccounts.map((account) => accountBlock(view, account)).join('')}
!${actLinks(view, statusLinks[status](view))}</section>`;
}

const sayings: Readonly<Record<Status, (view: PatientView) => string>> = {
  'not-enrolled': () => 'The patient has no account, and no invitation is out.',
  invited: ({ at: context }) =>
    context.patient.expired
      ? 'The patient was invited, and the invitation can’t be used any more: it has run out, or there were too many wrong answers. Invite them anew.'
      : 'The patient is invited, and has not made the account yet.',
  enrolled: () => 'The patient has an account and can let apps read this record.',
  declined: ({ at: context, chart }) => {
    const { declined } = context.patient;
    if (declined === undefined) return 'The patient answered the invitation: they want no account.';
    const reasonText = declined.reason === '' ? '' : `: ${declined.reason}`;
    return html`The patient wants no account${reasonText}. Noted ${minuteOf('en', declined.at, chart.timeZone)}.`;
  },
  locked: () => 'The account is deactivated: nobody opens this record with it, and no app reads with it.',
};

const statusLinks: Readonly<Record<Status, (view: PatientView) => readonly Link[]>> = {
  'not-enrolled': () => [
    { path: 'enroll', text: 'Enroll', main: true },
    { path: 'decline', text: 'The patient wants no account' },
  ],
  invited: ({ at: context }) => [
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

function accountBlock(view: PatientView, account: RecordAccount): string {
  const { username, since, locked, ended, email } = account;
  const zone = view.chart.timeZone;
  const time = (at: Date) => minuteOf('en', at, zone);
  const stopped = locked ?? ended;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Username', addressFor(view.at.session, username)],
    ['E-mail of the account', email === undefined ? 'none' : addressFor(view.at.session, email)],
    ['Since', since && time(since)],
    [locked === undefined ? 'Access here ended' : 'Locked', stopped && `${time(stopped.at)}${because(stopped.reason)}`],
    ['Opens too', account.others.length === 0 ? undefined : account.others.join(', ')],
    ['Other practices', account.elsewhere ? 'opens records there too' : undefined],
  ];
  const facts = rows.filter(([, value]) => value !== undefined);
  return html`
<dl class="facts">!${facts.map(([name, value = '']) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`).join('')}</dl>
!${account.published ? html`<p class="hint">An account of the sandbox that everyone may use: it can’t be changed or locked.</p>` : actLinks(view, linksOf(account))}`;
}

export const because = (reason: string): string => (reason === '' ? '' : `: ${reason}`);

function linksOf(account: RecordAccount): readonly Link[] {
  const accountPath = `accounts/${account.accountId}`;
  if (!isOpen(account)) return [{ path: `${accountPath}/unlock`, text: 'Unlock', changesAccount: true }];
  const resetFactor = { path: `${accountPath}/lost-factor`, text: 'Lost second factor', changesAccount: true };
  const resetPassword = { path: `${accountPath}/lost-password`, text: 'Forgot the password', changesAccount: true };
  return [
    ...(account.secondFactor ? [resetFactor] : []),
    ...(account.password ? [resetPassword] : []),
    { path: `${accountPath}/deactivate`, text: 'Deactivate', changesAccount: true },
  ];
}
