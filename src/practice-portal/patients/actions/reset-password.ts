import type { Executor } from '../../../database/index.ts';
import { createAccountEmails, createLink } from '../../../identity/index.ts';
import { html } from '../../../kernel/index.ts';
import type { PatientAdminDeps } from '../deps.ts';
import type { RecordAccount } from '../record-accounts.ts';
import { renderActionPage } from './action-page.ts';
import { type IdentityProof, parseProof, proofFields } from './identity-proofing.ts';
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
    const { resetPassword: messages, identityProofing } = context.messages.patientAccount;
    const title = messages.title(account.displayName);
    if (account.opensOtherPractices)
      return renderActionPage(context, { title, intro: html`<div class="note"><p>${messages.operatorOnly}</p></div>` });
    return renderActionPage(context, {
      title,
      intro: html`
<p>${account.email === undefined ? messages.noEmail : messages.useEmail}</p>
<p>${identityProofing.text}</p>
<p>${messages.link}</p>`,
      fields: proofFields(context, form, errors),
      buttonText: messages.button,
      errors,
    });
  },
  async perform(context, form) {
    const account = await requireAccount(deps, context);
    if (!isAccountActive(account) || !account.hasPassword || account.opensOtherPractices) return { done: 'changed' };
    const proof = parseProof(context, form);
    if (!('check' in proof)) return { errors: proof };
    const link = await deps.db.transaction((tx) => createPasswordLink(deps, tx, context, { account, proof }));
    const { displayName, username } = account;
    const about = context.messages.patientAccount.resetPassword.handOver(displayName, username);
    return { page: renderLinkPage(context, displayName, link, about) };
  },
});

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
