import type { Executor } from '../../../database/index.ts';
import { createAccountEmails, createLink } from '../../../identity/index.ts';
import { html } from '../../../kernel/index.ts';
import type { PatientAdminDeps } from '../deps.ts';
import type { RecordAccount } from '../record-accounts.ts';
import { renderActionPage } from './action-page.ts';
import { type IdentityProof, parseProof, proofFields, VERIFY_IDENTITY_TEXT } from './identity-proofing.ts';
import { renderLinkPage } from './link-page.ts';
import type { PatientAction, PatientAdminContext } from './patient-action.ts';
import { isAccountActive, requireAccount } from './require-account.ts';

/**
 * Gives a password link to someone who can't receive the reset email. The second factor remains. The action isn't
 * available for an account that also opens records of other practices, because a practice must not give access to those
 * records.
 */
export const resetPasswordAction = (deps: PatientAdminDeps): PatientAction => ({
  path: 'accounts/:accountId/lost-password',
  changesAccount: true,
  async renderForm(context, form, errors) {
    const account = await requireAccount(deps, context);
    if (!isAccountActive(account) || !account.hasPassword) return undefined;
    const title = `Reset the password of ${account.displayName}`;
    if (account.opensOtherPractices) return renderActionPage(context, { title, intro: OPERATOR_ONLY_NOTICE });
    return renderActionPage(context, {
      title,
      intro: html`
<p>${account.email === undefined ? 'The account has no email address, so the person can’t use “Forgot your username or password?” on the sign-in page.' : 'If the person can read email at the account’s address, ask them to use “Forgot your username or password?” on the sign-in page. Use this page only if they can’t.'}</p>
<p>${VERIFY_IDENTITY_TEXT}</p>
<p>Then give the person a link to choose a new password. It works once, within 30 minutes.</p>`,
      fields: proofFields(context.pageContext, form, errors, context.session.displayName),
      buttonText: 'Create link',
      errors,
    });
  },
  async perform(context, form) {
    const account = await requireAccount(deps, context);
    if (!isAccountActive(account) || !account.hasPassword || account.opensOtherPractices) return { done: 'changed' };
    const proof = parseProof(form);
    if (!('check' in proof)) return { errors: proof };
    const link = await deps.db.transaction((tx) => createPasswordLink(deps, tx, context, { account, proof }));
    const { displayName, username } = account;
    const about = `${displayName} opens this link on their own phone or computer and chooses a new password. Their username is ${username}. The link works once, within 30 minutes. It is shown only once.`;
    return { page: renderLinkPage(context, displayName, link, about) };
  },
});

const OPERATOR_ONLY_NOTICE = html`
<div class="note"><p>This account also opens records at other practices, so you can’t reset its password here. If the person can read email at the account’s address, they can use “Forgot your username or password?” on the sign-in page. Otherwise, they must ask the operator of this server.</p></div>`;

async function createPasswordLink(
  deps: PatientAdminDeps,
  tx: Executor,
  { actor, patient, session }: PatientAdminContext,
  { account: { accountId }, proof }: { readonly account: RecordAccount; readonly proof: IdentityProof },
): Promise<string> {
  const { random, clock, publicUrl, audit } = deps;
  const token = await createLink(tx, { random, now: clock.now() }, { accountId, purpose: 'reset-password' });
  await createAccountEmails(deps).send(tx, accountId, (messages) => messages.lostPasswordLink());
  await audit.appendInTransaction(tx, {
    kind: 'account',
    outcome: 'success',
    requestId: actor.requestId,
    accountId,
    recordId: patient.recordId,
    detail: { action: 'proofing', for: 'password', by: session.accountId, ...proof, link: 'shown' },
  });
  return `${publicUrl}/reset/${token}`;
}
