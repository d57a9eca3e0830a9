import type { EnrollmentStatus, PatientListItem, PatientListOrder, SortColumn } from '../../../enrollment/index.ts';
import { formatBirthDate, getMessages, type Messages, type PageContext } from '../../../i18n/index.ts';
import { attribute, emptyHtml, type Html, html } from '../../../kernel/index.ts';

export interface PatientTable {
  readonly patients: readonly PatientListItem[];
  readonly caption: string;
  readonly order: PatientListOrder;
  /** Whether this staff member may enroll patients. */
  readonly canEnroll: boolean;
  readonly listPath: string;
  /** Returns the path of the first page in another order. */
  sortPath(order: PatientListOrder): string;
}

/** Renders one page of patients as a table. A link in the head of a column sorts by it, and a second time reverses it. */
export function renderPatientTable(pageContext: PageContext, table: PatientTable): Html {
  const { columns } = listMessages(pageContext);
  return html`
<table class="patients">
  <caption>${table.caption}</caption>
  <thead><tr>${sortHeader(table, 'name', columns.name)}${sortHeader(table, 'birth-date', columns.birthDate)}${sortHeader(table, 'status', columns.status)}${table.canEnroll && html`<th scope="col" class="next-step">${columns.nextStep}</th>`}</tr></thead>
  <tbody>${table.patients.map((patient) => renderRow(pageContext, patient, table))}
  </tbody>
</table>`;
}

const listMessages = ({ language }: PageContext): Messages['practicePortal']['patientList'] =>
  getMessages(language).practicePortal.patientList;

function sortHeader({ order, sortPath }: PatientTable, column: SortColumn, text: string): Html {
  const isSorted = order.column === column;
  const path = sortPath({ column, descending: isSorted && !order.descending });
  const direction = order.descending ? 'descending' : 'ascending';
  return html`<th scope="col" ${attribute('aria-sort', isSorted && direction)}><a href="${path}">${text}</a></th>`;
}

function renderRow(pageContext: PageContext, patient: PatientListItem, { listPath, canEnroll }: PatientTable): Html {
  const { patientId, name, birthDate, status, expired } = patient;
  const { birthDateUnknown } = listMessages(pageContext);
  const path = `${listPath}/${patientId}`;
  const born =
    birthDate === undefined
      ? html`<span class="muted">${birthDateUnknown}</span>`
      : formatBirthDate(pageContext.language, birthDate);
  return html`
    <tr><th scope="row"><a href="${path}">${name}</a></th><td>${born}</td><td>${statusTag(pageContext, status, expired)}</td>${canEnroll && html`<td>${nextStep(pageContext, patient, path)}</td>`}</tr>`;
}

/** Renders the link to what staff usually do next for the patient. Empty if there is nothing to do. */
function nextStep(pageContext: PageContext, { name, status, expired }: PatientListItem, path: string): Html {
  const { nextSteps } = listMessages(pageContext);
  const link = (text: string, stepPath: string): Html =>
    html`<a href="${path}${stepPath}">${text}<span class="visually-hidden">: ${name}</span></a>`;
  if (status === 'not-enrolled') return link(nextSteps.enroll, '/enroll');
  if (status === 'invited')
    return expired ? link(nextSteps.inviteAgain, '/enroll') : link(nextSteps.viewInvitation, '#invitations');
  return emptyHtml;
}

/**
 * Renders the enrollment status as text, so that color is never the only cue.
 * @param expired whether the status is `invited`, but the invitation is no longer valid
 */
export function statusTag(pageContext: PageContext, status: EnrollmentStatus, expired: boolean): Html {
  const messages = listMessages(pageContext);
  return html`<span class="tag ${status} ${expired && 'warning'}">${expired ? messages.invitationExpired : messages.statuses[status]}</span>`;
}
