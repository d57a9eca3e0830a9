import { html } from 'ghtml';
import type { Executor } from '../../database/index.ts';
import type { FieldFault } from '../../pages/index.ts';
import { giveLostFactorLink, openCorrespondence } from '../../people/index.ts';
import type { Fields } from '../form.ts';
import { accountAt, isOpen } from './account-at.ts';
import type { RecordAccount } from './accounts.ts';
import { actPage } from './act-page.ts';
import type { Act, AtPatient } from './acts.ts';
import type { PatientsDeps } from './deps.ts';
import { maskedEmail } from './masked.ts';
import { MAKE_SURE, type Proof, proofFields, proofIn, radios } from './proofing.ts';
import { shownLink } from './shown-link.ts';

/**
 * Gives a link to someone who lost their authenticator app or passkey, after staff have verified the person's identity.
 */
export const lostFactorAct = (deps: PatientsDeps): Act => ({
  path: 'accounts/:accountId/lost-factor',
  changesAccount: true,
  async ask(context, form, errors) {
    const account = await accountAt(deps, context);
    if (!isOpen(account) || !account.secondFactor) return undefined;
    const title = `${account.displayName} lost the second factor`;
    if (opensAll(account) && account.email === undefined) return actPage(context, { title, about: OPERATORS });
    const proof = proofFields(context.frame, form, errors, context.session.displayName);
    return actPage(context, {
      title,
      about: html`
<p>${MAKE_SURE}</p>
<p>Then they get a link that works once, for a day!${account.password ? ', together with the password' : ''}. It takes the old authenticator app and passkeys away. ${account.displayName} is told by e-mail.</p>`,
      fields: `${proof}${handedField(context, form, errors, account)}`,
      button: 'Make the link',
      faults: errors,
    });
  },
  async perform(context, form) {
    const account = await accountAt(deps, context);
    if (!isOpen(account) || !account.secondFactor) return { done: 'changed' };
    const proof = proofIn(form);
    const delivery = handedIn(form, account);
    if (!('check' in proof) || 'message' in delivery)
      return { faults: [...('check' in proof ? [] : proof), ...('message' in delivery ? [delivery] : [])] };
    const { mailed } = delivery;
    const link = await deps.db.transaction((tx) => giveLink(deps, tx, context, { account, proof, mailed }));
    if (mailed) return { done: 'link-mailed' };
    const requirement = account.password ? 'needs the password too' : 'chooses a password there';
    const about = `${account.displayName} opens this link on their own phone or computer, and ${requirement}. It works once, for a day, and is shown here this once.`;
    return { page: shownLink(context, account.displayName, link, about) };
  },
});

/**
 * Whether the link alone would open records of other practices, because the account has no password. Staff never see
 * such a link: it only goes to the confirmed email address of the account.
 */
const opensAll = ({ password, elsewhere }: RecordAccount): boolean => !password && elsewhere;

const OPERATORS = html`
<div class="note"><p>This account opens records at other practices too, and has no password and no e-mail address: the operator of this server has to help.</p></div>`;

interface Given {
  readonly account: RecordAccount;
  readonly proof: Proof;
  readonly mailed: boolean;
}

async function giveLink(
  deps: PatientsDeps,
  tx: Executor,
  { by, patient, session }: AtPatient,
  { account: { accountId }, proof, mailed }: Given,
): Promise<string> {
  const { requestId } = by;
  const options = { by: session.accountId, requestId, proofing: proof.check };
  const link = `${deps.publicUrl}${await giveLostFactorLink(tx, deps, accountId, options)}`;
  if (mailed) await openCorrespondence(deps).tell(tx, accountId, (messages) => messages.wayBack(link));
  await deps.audit.recordWithin(tx, {
    kind: 'account',
    outcome: 'success',
    requestId,
    accountId,
    recordId: patient.recordId,
    detail: { action: 'proofing', by: session.accountId, ...proof, link: mailed ? 'mailed' : 'shown' },
  });
  return link;
}

function handedField(context: AtPatient, form: Fields, errors: readonly FieldFault[], account: RecordAccount): string {
  const { email } = account;
  const handOverChoice = {
    value: 'shown',
    label: 'I hand it over now',
    hint: 'It is shown once, with a QR code for their phone.',
  };
  const choices = [
    ...(opensAll(account) ? [] : [handOverChoice]),
    ...(email === undefined
      ? []
      : [{ value: 'mailed', label: `E-mail it to ${maskedEmail(email)}`, hint: 'The address of the account.' }]),
  ];
  return radios(context.frame, form, errors, { name: 'handed', legend: 'How do they get the link?', choices });
}

function handedIn({ handed: delivery }: Fields, account: RecordAccount): { readonly mailed: boolean } | FieldFault {
  if (delivery === 'mailed' && account.email !== undefined) return { mailed: true };
  if (delivery === 'shown' && !opensAll(account)) return { mailed: false };
  return { field: 'handed', message: 'Choose how they get the link' };
}
