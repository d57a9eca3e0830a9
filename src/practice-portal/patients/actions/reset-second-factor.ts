import type { Executor } from '../../../database/index.ts';
import { createAccountEmails, createMfaResetLink } from '../../../identity/index.ts';
import { type Html, html } from '../../../kernel/index.ts';
import type { FormFieldError } from '../../../web-pages/index.ts';
import type { FormFields } from '../../parse-fields.ts';
import { maskEmail } from '../contact-format.ts';
import type { PatientAdminDeps } from '../deps.ts';
import type { RecordAccount } from '../record-accounts.ts';
import { renderActionPage } from './action-page.ts';
import { type IdentityProof, parseProof, proofFields, radioField } from './identity-proofing.ts';
import { renderLinkPage } from './link-page.ts';
import type { PatientAction, PatientAdminContext } from './patient-action.ts';
import { isAccountActive, requireAccount } from './require-account.ts';

/**
 * Gives a link to someone who lost their authenticator app or passkey, after staff have verified the person's identity.
 */
export const resetSecondFactorAction = (deps: PatientAdminDeps): PatientAction => ({
  path: 'accounts/:accountId/lost-factor',
  changesAccount: true,
  async renderForm(context, form, errors) {
    const account = await requireAccount(deps, context);
    if (!isAccountActive(account) || !account.hasSecondFactor) return undefined;
    const { resetSecondFactor: messages, identityProofing } = context.messages.patientAccount;
    const title = messages.title(account.displayName);
    if (linkOpensOtherPractices(account) && account.email === undefined)
      return renderActionPage(context, { title, intro: html`<div class="note"><p>${messages.operatorOnly}</p></div>` });
    const proof = proofFields(context, form, errors);
    return renderActionPage(context, {
      title,
      intro: html`
<p>${identityProofing.text}</p>
<p>${(account.hasPassword ? messages.linkWithPassword : messages.link)(account.displayName)}</p>`,
      fields: html`${proof}${deliveryField(context, form, errors, account)}`,
      buttonText: messages.button,
      errors,
    });
  },
  async perform(context, form) {
    const account = await requireAccount(deps, context);
    if (!isAccountActive(account) || !account.hasSecondFactor) return { done: 'changed' };
    const proof = parseProof(context, form);
    const delivery = parseDelivery(context, form, account);
    if (!('check' in proof) || 'message' in delivery)
      return { errors: [...('check' in proof ? [] : proof), ...('message' in delivery ? [delivery] : [])] };
    const { mailed } = delivery;
    const link = await deps.db.transaction((tx) => createResetLink(deps, tx, context, { account, proof, mailed }));
    if (mailed) return { done: 'link-mailed' };
    const { handOver, handOverWithPassword } = context.messages.patientAccount.resetSecondFactor;
    const about = (account.hasPassword ? handOverWithPassword : handOver)(account.displayName);
    return { page: renderLinkPage(context, account.displayName, link, about) };
  },
});

/**
 * Whether the link alone would open records of other practices, because the account has no password. Staff never see
 * such a link: it is only emailed to the confirmed address of the account.
 */
const linkOpensOtherPractices = ({ hasPassword, opensOtherPractices }: RecordAccount): boolean =>
  !hasPassword && opensOtherPractices;

interface ResetLinkRequest {
  readonly account: RecordAccount;
  readonly proof: IdentityProof;
  readonly mailed: boolean;
}

async function createResetLink(
  deps: PatientAdminDeps,
  tx: Executor,
  { actor, patient, session }: PatientAdminContext,
  { account: { accountId }, proof, mailed }: ResetLinkRequest,
): Promise<string> {
  const { requestId } = actor;
  const options = { by: session.accountId, requestId, proofing: proof.check };
  const link = `${deps.publicUrl}${await createMfaResetLink(tx, deps, accountId, options)}`;
  if (mailed) await createAccountEmails(deps).send(tx, accountId, (messages) => messages.mfaResetLink(link));
  await deps.audit.appendInTransaction(tx, {
    kind: 'account',
    outcome: 'success',
    requestId,
    accountId,
    recordId: patient.recordId,
    detail: { action: 'proofing', by: session.accountId, ...proof, link: mailed ? 'mailed' : 'shown' },
  });
  return link;
}

function deliveryField(
  context: PatientAdminContext,
  form: FormFields,
  errors: readonly FormFieldError[],
  account: RecordAccount,
): Html {
  const { resetSecondFactor: messages } = context.messages.patientAccount;
  const { email } = account;
  const handOverChoice = {
    value: 'shown',
    label: messages.shown,
    hint: messages.shownHint,
  };
  const choices = [
    ...(linkOpensOtherPractices(account) ? [] : [handOverChoice]),
    ...(email === undefined
      ? []
      : [{ value: 'mailed', label: messages.mailed(maskEmail(email)), hint: messages.mailedHint }]),
  ];
  return radioField(context, form, errors, {
    name: 'handed',
    legend: messages.delivery,
    choices,
  });
}

function parseDelivery(
  { messages }: PatientAdminContext,
  { handed: delivery }: FormFields,
  account: RecordAccount,
): { readonly mailed: boolean } | FormFieldError {
  if (delivery === 'mailed' && account.email !== undefined) return { mailed: true };
  if (delivery === 'shown' && !linkOpensOtherPractices(account)) return { mailed: false };
  return { field: 'handed', message: messages.patientAccount.resetSecondFactor.noDelivery };
}
