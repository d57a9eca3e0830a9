import type { Executor } from '../../../database/index.ts';
import { createAccountEmails, createMfaResetLink } from '../../../identity/index.ts';
import { type Html, html } from '../../../kernel/index.ts';
import type { FormFieldError } from '../../../web-pages/index.ts';
import type { FormFields } from '../../parse-fields.ts';
import { maskEmail } from '../contact-format.ts';
import type { PatientAdminDeps } from '../deps.ts';
import type { RecordAccount } from '../record-accounts.ts';
import { renderActionPage } from './action-page.ts';
import { type IdentityProof, parseProof, proofFields, radioField, VERIFY_IDENTITY_TEXT } from './identity-proofing.ts';
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
    const title = `Reset the second factor of ${account.displayName}`;
    if (linkOpensOtherPractices(account) && account.email === undefined)
      return renderActionPage(context, { title, intro: OPERATOR_ONLY_NOTICE });
    const proof = proofFields(context.pageContext, form, errors, context.session.displayName);
    return renderActionPage(context, {
      title,
      intro: html`
<p>${VERIFY_IDENTITY_TEXT}</p>
<p>Then the person gets a link that works once, within 24 hours${account.hasPassword ? ', together with the password' : ''}. It removes the old authenticator app and passkeys. We notify ${account.displayName} by email.</p>`,
      fields: html`${proof}${deliveryField(context, form, errors, account)}`,
      buttonText: 'Create link',
      errors,
    });
  },
  async perform(context, form) {
    const account = await requireAccount(deps, context);
    if (!isAccountActive(account) || !account.hasSecondFactor) return { done: 'changed' };
    const proof = parseProof(form);
    const delivery = parseDelivery(form, account);
    if (!('check' in proof) || 'message' in delivery)
      return { errors: [...('check' in proof ? [] : proof), ...('message' in delivery ? [delivery] : [])] };
    const { mailed } = delivery;
    const link = await deps.db.transaction((tx) => createResetLink(deps, tx, context, { account, proof, mailed }));
    if (mailed) return { done: 'link-mailed' };
    const requirement = account.hasPassword ? 'also needs their password' : 'chooses a password there';
    const about = `${account.displayName} opens this link on their own phone or computer and ${requirement}. The link works once, within 24 hours. It is shown only once.`;
    return { page: renderLinkPage(context, account.displayName, link, about) };
  },
});

/**
 * Whether the link alone would open records of other practices, because the account has no password. Staff never see
 * such a link: it is only emailed to the confirmed address of the account.
 */
const linkOpensOtherPractices = ({ hasPassword, opensOtherPractices }: RecordAccount): boolean =>
  !hasPassword && opensOtherPractices;

const OPERATOR_ONLY_NOTICE = html`
<div class="note"><p>This account also opens records at other practices, and it has no password and no email address. Only the operator of this server can reset its second factor.</p></div>`;

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
  const { email } = account;
  const handOverChoice = {
    value: 'shown',
    label: 'I give it to them now',
    hint: 'The link is shown once, with a QR code for their phone.',
  };
  const choices = [
    ...(linkOpensOtherPractices(account) ? [] : [handOverChoice]),
    ...(email === undefined
      ? []
      : [{ value: 'mailed', label: `Email to ${maskEmail(email)}`, hint: 'The account’s address.' }]),
  ];
  return radioField(context.pageContext, form, errors, {
    name: 'handed',
    legend: 'How does the person get the link?',
    choices,
  });
}

function parseDelivery(
  { handed: delivery }: FormFields,
  account: RecordAccount,
): { readonly mailed: boolean } | FormFieldError {
  if (delivery === 'mailed' && account.email !== undefined) return { mailed: true };
  if (delivery === 'shown' && !linkOpensOtherPractices(account)) return { mailed: false };
  return { field: 'handed', message: 'Choose how the person gets the link' };
}
