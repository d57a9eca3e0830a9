import type { CodeChannel, Invitation, PatientChart } from '../../../enrollment/index.ts';
import type { Messages } from '../../../i18n/index.ts';
import { type Html, html } from '../../../kernel/index.ts';
import { choiceField, type FormChoice } from '../../../web-pages/index.ts';
import { formatPhone, maskEmail } from '../contact-format.ts';
import type { PatientAdminDeps } from '../deps.ts';
import { renderActionPage } from './action-page.ts';
import { requireInvitation } from './invitation-actions.ts';
import { requireChart } from './invite.ts';
import type { PatientAction, PatientAdminContext } from './patient-action.ts';
import { renderPatientIdentity } from './patient-identity.ts';

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
    const messages = context.messages.patientInvitation.code;
    const chart = await requireChart(deps, context);
    const contact = await deps.enrollments.findCodeContact(invitation.invitationId);
    const choices = codeChannelChoices(messages, { invitation, chart, contact }).map((choice) => ({
      ...choice,
      checked: choice.value === form['way'],
    }));
    const replacementNote = invitation.codeChannel === undefined ? '' : html`<p>${messages.replaces}</p>`;
    return renderActionPage(context, {
      title: messages.title(invitation.name),
      intro: html`${await renderPatientIdentity(deps, context)}
<p>${messages.text}</p>
${replacementNote}`,
      fields: choiceField(
        context.pageContext,
        { name: 'way', legend: messages.legend, kind: 'radio', choices },
        errors,
      ),
      buttonText: messages.button,
      errors,
    });
  },
  async perform(context, { way }) {
    const invitation = await requireInvitation(deps, context);
    const { noMethod, noPhone } = context.messages.patientInvitation.code;
    if (!isCodeChannel(way)) return { errors: [{ field: 'way', message: noMethod }] };
    const chart = await requireChart(deps, context);
    if (way === 'phone' && patientPhones(invitation, chart).length === 0 && invitation.kind === 'patient')
      return { errors: [{ field: 'way', message: noPhone }] };
    const identity = await renderPatientIdentity(deps, context);
    const code = await deps.enrollments.issueCode(context.actor, invitation.invitationId, way);
    return code === undefined
      ? { done: 'code-mailed' }
      : { page: renderCodePage(context, { code, channel: way, invitation, chart, identity }) };
  },
});

type CodeMessages = Messages['practicePortal']['patientInvitation']['code'];

/**
 * Lists the channels through which the code can be given.
 * @param contact email address from the chart to which the code can be sent; undefined if the chart has none
 */
function codeChannelChoices(
  messages: CodeMessages,
  {
    invitation,
    chart,
    contact,
  }: { readonly invitation: Invitation; readonly chart: PatientChart; readonly contact: string | undefined },
): readonly FormChoice[] {
  const phones = patientPhones(invitation, chart);
  const callTarget = phones.length === 0 ? messages.knownNumber : messages.fromChart(phones.join(messages.or));
  return [
    { value: 'in-person', label: messages.inPerson, hint: messages.inPersonHint },
    ...(phones.length === 0 && invitation.kind === 'patient'
      ? []
      : [
          {
            value: 'phone',
            label: messages.byPhone,
            hint: messages.byPhoneHint(callTarget),
          },
        ]),
    ...(contact === undefined
      ? []
      : [
          {
            value: 'contact',
            label: messages.byEmail(maskEmail(contact)),
            hint: messages.byEmailHint,
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
  /** Name, birth date and MRN of the patient. */
  readonly identity: Html;
}

function renderCodePage(
  context: PatientAdminContext,
  { code, channel, invitation, chart, identity }: GeneratedCode,
): Html {
  const phones = patientPhones(invitation, chart);
  const { code: codeMessages, codePage: messages } = context.messages.patientInvitation;
  const callTarget = phones.length === 0 ? codeMessages.knownNumber : phones.join(codeMessages.or);
  const steps =
    channel === 'phone'
      ? html`<ol><li>${messages.call(callTarget)}</li><li>${messages.confirm(invitation.name)}</li><li>${messages.read}</li></ol>`
      : html`<p>${messages.show(invitation.name)}</p>`;
  const about = html`${identity}
${steps}
<p class="code" translate="no"><b>${code.slice(0, 3)} ${code.slice(3)}</b></p>
<p>${messages.once}</p>
<p><a href="${context.patientPath}">${context.messages.patientAccount.done}</a></p>`;
  return renderActionPage(context, { title: messages.title(invitation.name), intro: about });
}
