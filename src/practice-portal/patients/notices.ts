import { emptyHtml, type Html, html } from '../../kernel/index.ts';

/**
 * Notices that the patient's page shows after an action. The name of a notice appears in the URL, so it must not reveal
 * anything about a patient.
 */
const NOTICES = {
  mailed: 'Invitation created. Now give the code to the invited person. The invitation doesn’t work without it.',
  resent: 'Invitation emailed again. The earlier email no longer works.',
  cancelled: 'Invitation canceled. It no longer works.',
  'code-mailed': 'Code emailed.',
  declined: 'Recorded that the patient doesn’t want an account. Open invitations are canceled.',
  undeclined: 'The patient can be enrolled again.',
  locked: 'Account locked. No one can sign in with it, and its apps can’t read data.',
  ended: 'Access ended. This person and the apps they connected can no longer read this record.',
  unlocked: 'Account unlocked. The person can sign in again, and their apps work again.',
  restored: 'Access restored. The account can open this record again. Apps must be connected again.',
  'link-mailed': 'Link emailed to the account’s address. It works once, within 24 hours.',
  changed: 'Nothing was changed, because the data changed in the meantime. This page shows the current state.',
} as const;
export type PatientNotice = keyof typeof NOTICES;

const isPatientNotice = (name: string): name is PatientNotice => Object.hasOwn(NOTICES, name);

/** Text that is added to a notice about email if email for this patient isn't sent. */
const NOT_SENT_TEXT =
  'The email was not sent, because this server doesn’t send email to this patient. An administrator of the installation can find it in the outbox.';
const EMAIL_NOTICES: readonly PatientNotice[] = ['mailed', 'resent', 'code-mailed', 'link-mailed'];

/**
 * Renders the notice about a preceding action.
 * @param done name of the notice, from the URL
 * @param sends whether email to patients of this practice is sent
 */
export function renderNotice(done: string | undefined, sends: boolean): Html {
  if (done === undefined || !isPatientNotice(done)) return emptyHtml;
  return html`
<div class="note done" role="status"><p>${NOTICES[done]}</p>${EMAIL_NOTICES.includes(done) && !sends ? html`<p>${NOT_SENT_TEXT}</p>` : ''}</div>`;
}
