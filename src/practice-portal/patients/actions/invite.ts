import { MIN_ACCOUNT_AGE, type PatientChart } from '../../../enrollment/index.ts';
import { type Html, html } from '../../../kernel/index.ts';
import { choiceField } from '../../../web-pages/index.ts';
import { notFound } from '../../roles.ts';
import type { PatientAdminDeps } from '../deps.ts';
import { renderActionPage } from './action-page.ts';
import { deliveryFields, parseDelivery } from './delivery.ts';
import { enrollmentErrorText, formatList, MISSING_NAMES } from './enrollment-errors.ts';
import type { PatientAction, PatientAdminContext } from './patient-action.ts';
import { showLetter } from './show-letter.ts';

/** Invites the patient, using the data on the chart. */
export const invitePatientAction = (deps: PatientAdminDeps): PatientAction => ({
  path: 'enroll',
  errorField: 'way',
  async renderForm(context, form, errors) {
    const chart = await requireChart(deps, context);
    if (context.patient.status === 'enrolled' || context.patient.status === 'locked') return undefined;
    const title = `Enroll ${context.patient.name}`;
    const obstacle = findObstacle(chart, context);
    if (obstacle !== undefined)
      return renderActionPage(context, { title, intro: html`<div class="note"><p>${obstacle}</p></div>` });
    return renderActionPage(context, {
      title,
      intro: renderProofRequirements(chart, context.patient.status === 'invited'),
      fields: deliveryFields(context.pageContext, form, errors, chart),
      buttonText: 'Invite patient',
      errors,
    });
  },
  async perform(context, form) {
    if (context.patient.status === 'locked') return { done: 'changed' };
    const chart = await requireChart(deps, context);
    const delivery = parseDelivery(form, chart.emails);
    if ('errors' in delivery) return delivery;
    const { recordId } = chart;
    const invitation = await deps.enrollments.invite(context.actor, {
      recordId,
      whom: { kind: 'patient' },
      ...delivery,
    });
    return invitation.letterCode === undefined ? { done: 'mailed' } : showLetter(deps, context, invitation);
  },
});

/** Invites a representative who is named on the chart. */
export const inviteRepresentativeAction = (deps: PatientAdminDeps): PatientAction => ({
  path: 'related/:relatedPersonId/invite',
  errorField: 'way',
  async renderForm(context, form, errors) {
    const chart = await requireChart(deps, context);
    const person = requireRelatedPerson(chart, context);
    const title = `Invite ${person.name} to act for ${context.patient.name}`;
    if (chart.missing.length > 0)
      return renderActionPage(context, {
        title,
        intro: html`<div class="note"><p>${formatMissingItems(chart)}</p></div>`,
      });
    const consent = {
      value: 'yes',
      label: `${person.name} may see the entire record of ${context.patient.name}`,
      hint: 'This is allowed by law, or the patient agreed. Patients aged 12 to 17 may have care that parents are not told about.',
      checked: form['sure'] === 'yes',
    };
    const fields = [
      deliveryFields(context.pageContext, form, errors, { emails: person.emails, language: chart.language }),
      choiceField(
        context.pageContext,
        { name: 'sure', legend: 'Confirm', kind: 'checkbox', choices: [consent] },
        errors,
      ),
    ];
    const about = html`<p class="person">${person.relationship === '' ? 'On the chart' : person.relationship}</p>`;
    return renderActionPage(context, {
      title,
      intro: about,
      fields: html`${fields}`,
      buttonText: 'Invite representative',
      errors,
    });
  },
  async perform(context, form) {
    const chart = await requireChart(deps, context);
    const { id, emails } = requireRelatedPerson(chart, context);
    const delivery = parseDelivery(form, emails);
    if ('errors' in delivery) return delivery;
    if (form['sure'] !== 'yes')
      return {
        errors: [{ field: 'sure', message: 'Confirm that this person may see the record, and check the box' }],
      };
    const invitee = { kind: 'representative', relatedPersonId: id } as const;
    const invitation = await deps.enrollments.invite(context.actor, {
      recordId: chart.recordId,
      whom: invitee,
      ...delivery,
    });
    return invitation.letterCode === undefined ? { done: 'mailed' } : showLetter(deps, context, invitation);
  },
});

export async function requireChart(
  { enrollments }: Pick<PatientAdminDeps, 'enrollments'>,
  { patient }: PatientAdminContext,
): Promise<PatientChart> {
  const chart = await enrollments.readChart(patient.recordId);
  if (chart === undefined) throw notFound();
  return chart;
}

function requireRelatedPerson(
  { relatedPersons }: PatientChart,
  { params }: PatientAdminContext,
): PatientChart['relatedPersons'][number] {
  const person = relatedPersons.find(({ id }) => id === params['relatedPersonId']);
  if (person === undefined) throw notFound();
  return person;
}

function findObstacle(chart: PatientChart, { patient }: PatientAdminContext): string | undefined {
  if (chart.missing.length > 0) return formatMissingItems(chart);
  if (chart.age !== undefined && chart.age < MIN_ACCOUNT_AGE) return enrollmentErrorText('too-young');
  return patient.status === 'declined' ? enrollmentErrorText('declined') : undefined;
}

export const formatMissingItems = ({ missing }: PatientChart): string =>
  `Missing on the chart: ${formatList(missing.map((item) => MISSING_NAMES[item]))}. Add it in your EHR.`;

/**
 * Describes what the patient will be asked to prove, so that staff can explain it. The expected answers aren't shown.
 */
const renderProofRequirements = ({ age = 18 }: PatientChart, again: boolean): Html => html`
${again ? html`<p>A new invitation replaces the open one, which will no longer work.</p>` : ''}
<p>The patient must enter their birth date, their ZIP code, and a six-digit code that you give them separately.</p>
${age < 18 ? html`<div class="note"><p>The patient is under 18. Use an email address that no parent or guardian can read.</p></div>` : ''}`;
