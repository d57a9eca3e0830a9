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

/** Lets somebody in again who lost the phone or key that signs them in, once somebody has made sure of who they are. */
export const lostFactorAct = (deps: PatientsDeps): Act => ({
  path: 'accounts/:accountId/lost-factor',
  changesAccount: true,
  async ask(at, form, faults) {
    const account = await accountAt(deps, at);
    if (!isOpen(account) || !account.secondFactor) return undefined;
    const title = `${account.displayName} lost the second factor`;
    if (opensAll(account) && account.email === undefined) return actPage(at, { title, about: OPERATORS });
    const proof = proofFields(at.frame, form, faults, at.session.displayName);
    return actPage(at, {
      title,
      about: html`
<p>${MAKE_SURE}</p>
<p>Then they get a link that works once, for a day!${account.password ? ', together with the password' : ''}. It takes the old authenticator app and passkeys away. ${account.displayName} is told by e-mail.</p>`,
      fields: `${proof}${handedField(at, form, faults, account)}`,
      button: 'Make the link',
      faults,
    });
  },
  async perform(at, form) {
    const account = await accountAt(deps, at);
    if (!isOpen(account) || !account.secondFactor) return { done: 'changed' };
    const proof = proofIn(form);
    const handed = handedIn(form, account);
    if (!('check' in proof) || 'message' in handed)
      return { faults: [...('check' in proof ? [] : proof), ...('message' in handed ? [handed] : [])] };
    const { mailed } = handed;
    const link = await deps.db.transaction((tx) => giveLink(deps, tx, at, { account, proof, mailed }));
    if (mailed) return { done: 'link-mailed' };
    const needs = account.password ? 'needs the password too' : 'chooses a password there';
    const about = `${account.displayName} opens this link on their own phone or computer, and ${needs}. It works once, for a day, and is shown here this once.`;
    return { page: shownLink(at, account.displayName, link, about) };
  },
});

/**
 * Without a password the link alone opens the account. Where that opens records of other practices too, nobody here is
 * shown it: it goes to the address that the person has answered from.
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
  const given = { by: session.accountId, requestId, proofing: proof.check };
  const link = `${deps.publicUrl}${await giveLostFactorLink(tx, deps, accountId, given)}`;
  if (mailed) await openCorrespondence(deps).tell(tx, accountId, (words) => words.wayBack(link));
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

function handedField(at: AtPatient, form: Fields, faults: readonly FieldFault[], account: RecordAccount): string {
  const { email } = account;
  const shown = {
    value: 'shown',
    label: 'I hand it over now',
    hint: 'It is shown once, with a QR code for their phone.',
  };
  const choices = [
    ...(opensAll(account) ? [] : [shown]),
    ...(email === undefined
      ? []
      : [{ value: 'mailed', label: `E-mail it to ${maskedEmail(email)}`, hint: 'The address of the account.' }]),
  ];
  return radios(at.frame, form, faults, { name: 'handed', legend: 'How do they get the link?', choices });
}

function handedIn({ handed }: Fields, account: RecordAccount): { readonly mailed: boolean } | FieldFault {
  if (handed === 'mailed' && account.email !== undefined) return { mailed: true };
  if (handed === 'shown' && !opensAll(account)) return { mailed: false };
  return { field: 'handed', message: 'Choose how they get the link' };
}
