import type { Messages } from '../../i18n/index.ts';
import { emptyHtml, type Html, html } from '../../kernel/index.ts';

type PatientPageMessages = Messages['practicePortal']['patientPage'];

/**
 * Name of a notice that the patient's page shows after an action. It appears in the URL, so it must not reveal anything
 * about a patient.
 */
export type PatientNotice = keyof PatientPageMessages['notices'];

/** Notices about email, which can be unsent. */
const EMAIL_NOTICES: readonly PatientNotice[] = ['mailed', 'resent', 'code-mailed', 'link-mailed'];

/**
 * Renders the notice about a preceding action.
 * @param done name of the notice, from the URL
 * @param sends whether email to patients of this practice is sent
 */
export function renderNotice(
  { notices, notSent }: PatientPageMessages,
  done: string | undefined,
  sends: boolean,
): Html {
  const isPatientNotice = (name: string): name is PatientNotice => Object.hasOwn(notices, name);
  if (done === undefined || !isPatientNotice(done)) return emptyHtml;
  return html`
<div class="note done" role="status"><p>${notices[done]}</p>${EMAIL_NOTICES.includes(done) && !sends ? html`<p>${notSent}</p>` : ''}</div>`;
}
