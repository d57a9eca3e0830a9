import { attribute, type Html, html } from '../../../kernel/index.ts';
import { errorSummary, type FormFieldError, hiddenField, pageTitle } from '../../../web-pages/index.ts';
import { practicePath, renderStaffPage } from '../../staff-page.ts';
import type { PatientAdminContext } from './patient-action.ts';

export interface PatientActionPage {
  readonly title: string;
  /** Content above the form: what the action is about and what it does. */
  readonly intro?: Html;
  readonly fields?: Html;
  readonly buttonText?: string;
  /** Whether the action ends something, so that its button is red. */
  readonly destructive?: boolean;
  readonly errors?: readonly FormFieldError[];
}

/** Renders the page of one action on one patient. The page shows the patient's name. */
export function renderActionPage(
  context: PatientAdminContext,
  { title, intro, fields, buttonText, destructive = false, errors = [] }: PatientActionPage,
): Html {
  const { pageContext, messages, session, job, csrf, patient } = context;
  const form =
    buttonText === undefined
      ? ''
      : html`
<form method="post">
  ${hiddenField('csrf', csrf)}
  ${fields}
  <div class="buttons"><button ${attribute('class', destructive && 'danger')}>${buttonText}</button><a class="button secondary" href="${context.patientPath}">${messages.shared.cancel}</a></div>
</form>`;
  const body = html`
${errorSummary(pageContext, errors)}
<p class="back"><a href="${context.patientPath}">${messages.patientAccount.backTo(patient.name)}</a></p>
<h1>${title}</h1>
${intro}
${form}`;
  const currentPath = practicePath(job.practiceId, 'patients');
  return renderStaffPage(pageContext, {
    title: pageTitle(pageContext, errors, title),
    body,
    currentPath,
    csrf,
    session,
    job,
    patientId: patient.patientId,
  });
}
