import type { CodeChannel, Invitation, PatientChart } from '../../../enrollment/index.ts';
import { type Html, html } from '../../../kernel/index.ts';
import { choiceField, type FormChoice } from '../../../web-pages/index.ts';
import { formatPhone, maskEmail } from '../contact-format.ts';
import type { PatientAdminDeps } from '../deps.ts';
import { renderActionPage } from './action-page.ts';
import { requireInvitation } from './invitation-actions.ts';
import { requireChart } from './invite.ts';
import type { PatientAction, PatientAdminContext } from './patient-action.ts';

const CODE_CHANNELS: readonly CodeChannel[] = ['in-person', 'phone', 'contact'];
const isCodeChannel = (text: string | undefined): text is CodeChannel =>
  CODE_CHANNELS.some((channel) => channel === text);

/**
 * Gives the code of an invitation through another channel than the invitation itself, so that a person who intercepts
 * one doesn't have the other.
 */
export const giveCodeAction = (deps: PatientAdminDeps): PatientAction => ({
  path: 'invitations/:invitationId/code',
  errorField: 'way',
  async renderForm(context, form, errors) {
    const invitation = await requireInvitation(deps, context);
    if (invitation.state !== 'open') return undefined;
    const chart = await requireChart(deps, context);
    const contact = await deps.enrollments.findCodeContact(invitation.invitationId);
    const choices = codeChannelChoices(invitation, chart, contact).map((choice) => ({
      ...choice,
      checked: choice.value === form['way'],
    }));
    const replacementNote =
      invitation.codeChannel === undefined
        ? ''
        : html`<p>A code was already given. It stops working when you give a new one.</p>`;
    return renderActionPage(context, {
      title: `Give a code to ${invitation.name}`,
      intro: html`
<p>The invitation works only with a six-digit code. Give the code separately from the invitation. The code is valid for 7 days.</p>
${replacementNote}`,
      fields: choiceField(
        context.pageContext,
        { name: 'way', legend: 'How do you give the code?', kind: 'radio', choices },
        errors,
      ),
      buttonText: 'Create code',
      errors,
    });
  },
  async perform(context, { way }) {
    const invitation = await requireInvitation(deps, context);
    if (!isCodeChannel(way)) return { errors: [{ field: 'way', message: 'Choose how you give the code' }] };
    const chart = await requireChart(deps, context);
    if (way === 'phone' && patientPhones(invitation, chart).length === 0 && invitation.kind === 'patient')
      return {
        errors: [
          { field: 'way', message: 'The chart has no phone number. Add it in your EHR, or give the code in person.' },
        ],
      };
    const code = await deps.enrollments.issueCode(context.actor, invitation.invitationId, way);
    return code === undefined
      ? { done: 'code-mailed' }
      : { page: renderCodePage(context, { code, channel: way, invitation, chart }) };
  },
});

/**
 * Lists the channels through which the code can be given.
 * @param contact email address from the chart to which the code can be sent; undefined if the chart has none
 */
function codeChannelChoices(
  invitation: Invitation,
  chart: PatientChart,
  contact: string | undefined,
): readonly FormChoice[] {
  const phones = patientPhones(invitation, chart);
  const callTarget = phones.length === 0 ? 'a number that you already have' : `${phones.join(' or ')}, from the chart`;
  return [
    { value: 'in-person', label: 'In person', hint: 'The person is here. Check a photo ID first.' },
    ...(phones.length === 0 && invitation.kind === 'patient'
      ? []
      : [
          {
            value: 'phone',
            label: 'By phone',
            hint: `Call ${callTarget}. Never give the code on a call that you receive.`,
          },
        ]),
    ...(contact === undefined
      ? []
      : [
          {
            value: 'contact',
            label: 'By email to another address',
            hint: `To ${maskEmail(contact)}, from the chart.`,
          },
        ]),
  ];
}

/**
 * Returns the patient's phone numbers from the chart. For a representative there are none, because the numbers belong
 * to the patient.
 */
const patientPhones = ({ kind }: Invitation, { phones }: PatientChart): readonly string[] =>
  kind === 'patient' ? phones.map(formatPhone) : [];

interface GeneratedCode {
  readonly code: string;
  readonly channel: CodeChannel;
  readonly invitation: Invitation;
  readonly chart: PatientChart;
}

function renderCodePage(context: PatientAdminContext, { code, channel, invitation, chart }: GeneratedCode): Html {
  const phones = patientPhones(invitation, chart);
  const call = phones.length === 0 ? 'a number that you already have' : phones.join(' or ');
  const steps =
    channel === 'phone'
      ? html`<ol><li>Call ${call}.</li><li>Confirm that you are speaking with ${invitation.name}.</li><li>Read the code aloud.</li></ol>`
      : html`<p>Check a photo ID. Then show ${invitation.name} the code or write it down for them.</p>`;
  const about = html`
${steps}
<p class="code" translate="no"><b>${code.slice(0, 3)} ${code.slice(3)}</b></p>
<p>The code is shown only once and is valid for 7 days. Don’t send it by email or text message. Reloading this page creates a new code.</p>
<p><a href="${context.patientPath}">Done</a></p>`;
  return renderActionPage(context, { title: `Code for ${invitation.name}`, intro: about });
}
