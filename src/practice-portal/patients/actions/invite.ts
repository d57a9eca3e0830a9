import { MIN_ACCOUNT_AGE, type PatientChart } from '../../../enrollment/index.ts';
import { formatList } from '../../../i18n/index.ts';
import { type Html, html } from '../../../kernel/index.ts';
import { choiceField } from '../../../web-pages/index.ts';
import { notFound } from '../../roles.ts';
import type { PatientAdminDeps } from '../deps.ts';
import { renderActionPage } from './action-page.ts';
import { deliveryFields, parseDelivery } from './delivery.ts';
import type { PatientAction, PatientAdminContext } from './patient-action.ts';
import { renderPatientIdentity } from './patient-identity.ts';
import { showLetter } from './show-letter.ts';

/** Invites the patient, using the data on the chart. */
export const invitePatientAction = (deps: PatientAdminDeps): PatientAction => ({
  path: 'enroll',
  errorField: 'way',
  async renderForm(context, form, errors) {
    const chart = await requireChart(deps, context);
    if (context.patient.status === 'enrolled' || context.patient.status === 'locked') return undefined;
    const messages = context.messages.patientInvitation.invite;
    const title = messages.title(context.patient.name);
    const obstacle = findObstacle(chart, context);
    const identity = await renderPatientIdentity(deps, context);
    if (obstacle !== undefined)
      return renderActionPage(context, { title, intro: html`${identity}<div class="note"><p>${obstacle}</p></div>` });
    return renderActionPage(context, {
      title,
      intro: html`${identity}${renderProofRequirements(context, chart)}`,
      fields: deliveryFields(context, form, errors, chart),
      buttonText: messages.button,
      errors,
    });
  },
  async perform(context, form) {
    if (context.patient.status === 'locked') return { done: 'changed' };
    const chart = await requireChart(deps, context);
    const delivery = parseDelivery(context, form, chart.emails);
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
    const messages = context.messages.patientInvitation.inviteRepresentative;
    const title = messages.title(person.name, context.patient.name);
    if (chart.missing.length > 0)
      return renderActionPage(context, {
        title,
        intro: html`<div class="note"><p>${formatMissingItems(context, chart)}</p></div>`,
      });
    const consent = {
      value: 'yes',
      label: messages.maySee(person.name, context.patient.name),
      hint: messages.maySeeHint,
      checked: form['sure'] === 'yes',
    };
    const fields = [
      deliveryFields(context, form, errors, { emails: person.emails, language: chart.language }),
      choiceField(
        context.pageContext,
        { name: 'sure', legend: messages.confirm, kind: 'checkbox', choices: [consent] },
        errors,
      ),
    ];
    const about = html`<p class="subtitle">${person.relationship === '' ? messages.onChart : person.relationship}</p>
${await renderPatientIdentity(deps, context)}`;
    return renderActionPage(context, {
      title,
      intro: about,
      fields: html`${fields}`,
      buttonText: messages.button,
      errors,
    });
  },
  async perform(context, form) {
    const chart = await requireChart(deps, context);
    const { id, emails } = requireRelatedPerson(chart, context);
    const delivery = parseDelivery(context, form, emails);
    if ('errors' in delivery) return delivery;
    if (form['sure'] !== 'yes')
      return {
        errors: [{ field: 'sure', message: context.messages.patientInvitation.inviteRepresentative.notConfirmed }],
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

function findObstacle(chart: PatientChart, context: PatientAdminContext): string | undefined {
  const { rejections } = context.messages.patientInvitation;
  if (chart.missing.length > 0) return formatMissingItems(context, chart);
  if (chart.age !== undefined && chart.age < MIN_ACCOUNT_AGE) return rejections['too-young'];
  return context.patient.status === 'declined' ? rejections.declined : undefined;
}

export function formatMissingItems(
  { messages, pageContext }: Pick<PatientAdminContext, 'messages' | 'pageContext'>,
  { missing }: PatientChart,
): string {
  const { missing: text, missingNames } = messages.patientInvitation;
  const names = missing.map((item) => missingNames[item]);
  return text(formatList(pageContext.language, names));
}

/**
 * Describes what the patient will be asked to prove, so that staff can explain it.
 */
function renderProofRequirements({ messages, patient }: PatientAdminContext, { age = 18 }: PatientChart): Html {
  const { replaces, requirements, minor } = messages.patientInvitation.invite;
  return html`
${patient.status === 'invited' ? html`<p>${replaces}</p>` : ''}
<p>${requirements}</p>
${age < 18 ? html`<div class="note"><p>${minor}</p></div>` : ''}`;
}
