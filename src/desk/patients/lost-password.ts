import { html } from 'ghtml';
import type { Executor } from '../../database/index.ts';
import { makeLink, openCorrespondence } from '../../people/index.ts';
import { accountAt, isOpen } from './account-at.ts';
import type { RecordAccount } from './accounts.ts';
import { actPage } from './act-page.ts';
import type { Act, AtPatient } from './acts.ts';
import type { PatientsDeps } from './deps.ts';
import { MAKE_SURE, type Proof, proofFields, proofIn } from './proofing.ts';
import { shownLink } from './shown-link.ts';

/**
 * Gives a password link to someone who can't receive the reset email. The second factor remains. Not available for
 * accounts that also open records of other practices, because a practice must not give access to those.
 */
export const lostPasswordAct = (deps: PatientsDeps): Act => ({
  path: 'accounts/:accountId/lost-password',
  changesAccount: true,
  async ask(context, form, errors) {
    const account = await accountAt(deps, context);
    if (!isOpen(account) || !account.password) return undefined;
    const title = `${account.displayName} forgot the password`;
    if (account.elsewhere) return actPage(context, { title, about: ELSEWHERE });
    return actPage(context, {
      title,
      about: html`
<p>${account.email === undefined ? 'The account has no e-mail address, so “Forgot your username or password?” on the sign-in page can’t help.' : 'If they can read the e-mail of the account, send them to “Forgot your username or password?” on the sign-in page. This here is for who can’t.'}</p>
<p>${MAKE_SURE}</p>
<p>Then you hand over a link with which they choose a new password. It works once, for 30 minutes.</p>`,
      fields: proofFields(context.frame, form, errors, context.session.displayName),
      button: 'Make the link',
      faults: errors,
    });
  },
  async perform(context, form) {
    const account = await accountAt(deps, context);
    if (!isOpen(account) || !account.password || account.elsewhere) return { done: 'changed' };
    const proof = proofIn(form);
    if (!('check' in proof)) return { faults: proof };
    const link = await deps.db.transaction((tx) => giveLink(deps, tx, context, { account, proof }));
    const { displayName, username } = account;
    const about = `${displayName} opens this link on their own phone or computer, and chooses a new password. Their username is ${username}. The link works once, for 30 minutes, and is shown here this once.`;
    return { page: shownLink(context, displayName, link, about) };
  },
});

const ELSEWHERE = html`
<div class="note"><p>This account opens records at other practices too. “Forgot your username or password?” on the sign-in page helps who can read the e-mail of the account; everybody else has to ask the operator of this server.</p></div>`;

async function giveLink(
  deps: PatientsDeps,
  tx: Executor,
  { by, patient, session }: AtPatient,
  { account: { accountId }, proof }: { readonly account: RecordAccount; readonly proof: Proof },
): Promise<string> {
  const { random, clock, publicUrl, audit } = deps;
  const token = await makeLink(tx, { random, now: clock.now() }, { accountId, purpose: 'reset-password' });
  await openCorrespondence(deps).tell(tx, accountId, (messages) => messages.lostPasswordLink());
  await audit.recordWithin(tx, {
    kind: 'account',
    outcome: 'success',
    requestId: by.requestId,
    accountId,
    recordId: patient.recordId,
    detail: { action: 'proofing', for: 'password', by: session.accountId, ...proof, link: 'shown' },
  });
  return `${publicUrl}/reset/${token}`;
}
