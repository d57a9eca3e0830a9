import { emptyHtml, type Html, html } from '../../kernel/index.ts';

/**
 * Notices that the patient's page shows after an action. The name of a notice appears in the URL, so it must not reveal
 * anything about a patient.
 */
const NOTICES = {
  mailed: 'The invitation is written. Now give the code: without it the invitation can’t be used.',
  resent: 'The invitation was e-mailed again. What was sent before can’t be used any more.',
  cancelled: 'The invitation is cancelled. Nobody can use it any more.',
  'code-mailed': 'The code was e-mailed.',
  declined: 'It is noted that the patient wants no account. Open invitations are cancelled.',
  undeclined: 'The patient can be enrolled again.',
  locked: 'The account is locked. Nobody can sign in with it, and no app can read with it.',
  ended: 'The access to this record has ended, for the person and for the apps that they let in.',
  unlocked: 'The account works again, and so do the apps that the person let in.',
  restored: 'The account opens this record again. Apps have to be connected anew.',
  'link-mailed': 'The link was e-mailed to the address of the account. It works once, for a day.',
  changed: 'Somebody changed this in the meantime, and nothing was done now. This is how it stands.',
} as const;
export type PatientNotice = keyof typeof NOTICES;

const isPatientNotice = (name: string): name is PatientNotice => Object.hasOwn(NOTICES, name);

/** Text that is added to a notice about email if email for this patient isn't sent. */
const NOT_SENT_TEXT =
  'No mail leaves this server for this patient: it is in the outbox, where an administrator of the installation finds it.';
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
