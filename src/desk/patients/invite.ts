import { html } from 'ghtml';
import { type Chart, YOUNGEST } from '../../enrollment/index.ts';
import { choiceField } from '../../pages/index.ts';
import { notFound } from '../roles.ts';
import { actPage } from './act-page.ts';
import type { Act, AtPatient } from './acts.ts';
import type { PatientsDeps } from './deps.ts';
import { showLetter } from './letter.ts';
import { inWords, MISSING_NAMES, refusalText } from './refusals.ts';
import { wayFields, wayIn } from './way.ts';

/** Invites the patient, using the data on the chart. */
export const enrollAct = (deps: PatientsDeps): Act => ({
  path: 'enroll',
  field: 'way',
  async ask(context, form, errors) {
    const chart = await chartOf(deps, context);
    if (context.patient.status === 'enrolled' || context.patient.status === 'locked') return undefined;
    const title = `Enroll ${context.patient.name}`;
    const obstacle = obstacleOf(chart, context);
    if (obstacle !== undefined)
      return actPage(context, { title, about: html`<div class="note"><p>${obstacle}</p></div>` });
    return actPage(context, {
      title,
      about: proofs(chart, context.patient.status === 'invited'),
      fields: wayFields(context.frame, form, errors, chart),
      button: 'Invite',
      faults: errors,
    });
  },
  async perform(context, form) {
    if (context.patient.status === 'locked') return { done: 'changed' };
    const chart = await chartOf(deps, context);
    const delivery = wayIn(form, chart.emails);
    if ('faults' in delivery) return delivery;
    const { recordId } = chart;
    const invitation = await deps.enrollments.invite(context.by, { recordId, whom: { kind: 'patient' }, ...delivery });
    return invitation.letterCode === undefined ? { done: 'mailed' } : showLetter(deps, context, invitation);
  },
});

/** Invites a representative who is named on the chart. */
export const inviteRepresentativeAct = (deps: PatientsDeps): Act => ({
  path: 'related/:relatedPersonId/invite',
  field: 'way',
  async ask(context, form, errors) {
    const chart = await chartOf(deps, context);
    const person = relatedPerson(chart, context);
    const title = `Invite ${person.name} to act for ${context.patient.name}`;
    if (chart.missing.length > 0)
      return actPage(context, { title, about: html`<div class="note"><p>${missingText(chart)}</p></div>` });
    const consent = {
      value: 'yes',
      label: `${person.name} may see the whole record of ${context.patient.name}`,
      hint: 'By law, or because the patient says so. Who is 12 to 17 may have care that parents are not told of.',
      checked: form['sure'] === 'yes',
    };
    const fields = [
      wayFields(context.frame, form, errors, { emails: person.emails, language: chart.language }),
      choiceField(context.frame, { name: 'sure', legend: 'Make sure', kind: 'checkbox', choices: [consent] }, errors),
    ];
    const about = html`<p class="person">${person.relationship === '' ? 'On the chart' : person.relationship}</p>`;
    return actPage(context, { title, about, fields: fields.join(''), button: 'Invite', faults: errors });
  },
  async perform(context, form) {
    const chart = await chartOf(deps, context);
    const { id, emails } = relatedPerson(chart, context);
    const delivery = wayIn(form, emails);
    if ('faults' in delivery) return delivery;
    if (form['sure'] !== 'yes')
      return {
        faults: [{ field: 'sure', message: 'Make sure that this person may see the record, and tick the box' }],
      };
    const invitee = { kind: 'representative', relatedPersonId: id } as const;
    const invitation = await deps.enrollments.invite(context.by, {
      recordId: chart.recordId,
      whom: invitee,
      ...delivery,
    });
    return invitation.letterCode === undefined ? { done: 'mailed' } : showLetter(deps, context, invitation);
  },
});

export async function chartOf(
  { enrollments }: Pick<PatientsDeps, 'enrollments'>,
  { patient }: AtPatient,
): Promise<Chart> {
  const chart = await enrollments.chart(patient.recordId);
  if (chart === undefined) throw notFound();
  return chart;
}

function relatedPerson({ relatedPersons }: Chart, { params }: AtPatient): Chart['relatedPersons'][number] {
  const person = relatedPersons.find(({ id }) => id === params['relatedPersonId']);
  if (person === undefined) throw notFound();
  return person;
}

function obstacleOf(chart: Chart, { patient }: AtPatient): string | undefined {
  if (chart.missing.length > 0) return missingText(chart);
  if (chart.age !== undefined && chart.age < YOUNGEST) return refusalText('too-young');
  return patient.status === 'declined' ? refusalText('declined') : undefined;
}

export const missingText = ({ missing }: Chart): string =>
  `Missing on the chart: ${inWords(missing.map((item) => MISSING_NAMES[item]))}. Add it in your EHR; it is read from there.`;

/**
 * Describes what the patient will be asked to prove, so that staff can explain it. The expected answers aren't shown.
 */
const proofs = ({ age = 18 }: Chart, again: boolean): string => html`
!${again ? '<p>The invitation that is out can’t be used any more once there is a new one.</p>' : ''}
<p>The patient will be asked for their birth date, their ZIP code, and a six-digit code that you give in another way.</p>
!${age < 18 ? '<div class="note"><p>The patient is under 18. Take an e-mail address that no parent or guardian reads.</p></div>' : ''}`;
