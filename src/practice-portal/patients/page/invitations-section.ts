import type { Invitation } from '../../../enrollment/index.ts';
import { formatLongDate, type Messages } from '../../../i18n/index.ts';
import { emptyHtml, type Html, html } from '../../../kernel/index.ts';
import { maskForSession } from '../contact-format.ts';
import { type PatientActionLink, renderActionLinks } from './action-links.ts';
import type { PatientPageView } from './view.ts';

/** Renders all invitations of the patient with their state. */
export function renderInvitationsSection(view: PatientPageView): Html {
  if (view.invitations.length === 0) return emptyHtml;
  const items = view.invitations.map((invitation) => html`<li>${renderInvitation(view, invitation)}</li>`);
  return html`
<section class="card" id="invitations"><h2>${view.context.messages.patientPage.invitations.title}</h2>
<ol class="list invitations">${items}</ol></section>`;
}

type InvitationsMessages = Messages['practicePortal']['patientPage']['invitations'];

function renderInvitation(view: PatientPageView, invitation: Invitation): Html {
  const { invitations: messages } = view.context.messages.patientPage;
  const { name, kind, createdAt, lastDay, state, invitationId } = invitation;
  const day = (at: Date) => formatLongDate(view.context.pageContext.language, at, view.chart.timeZone);
  const inviterName = view.inviters.get(invitationId) ?? messages.commandLine;
  const invitee = kind === 'patient' ? messages.toPatient : messages.toRepresentative(name);
  const until = state === 'open' ? ` ${messages.validUntil(day(lastDay))}` : '';
  return html`
<p><b>${day(createdAt)}</b>: ${messages.sent(formatDelivery(view, invitation), invitee, inviterName)}</p>
<p><span class="tag ${state}">${messages.states[state]}</span>${until}${formatCodeStatus(messages, invitation)}</p>
${state === 'open' ? renderActionLinks(view, invitationLinks(messages.links, invitation)) : ''}`;
}

function formatDelivery({ context }: PatientPageView, { email }: Invitation): string {
  const { letter, emailTo } = context.messages.patientPage.invitations;
  return email === undefined ? letter : emailTo(maskForSession(context.session, email));
}

function formatCodeStatus({ needsCode, codeGiven }: InvitationsMessages, { state, codeChannel }: Invitation): string {
  if (state !== 'open') return '';
  return `. ${codeChannel === undefined ? needsCode : codeGiven[codeChannel]}`;
}

function invitationLinks(
  links: InvitationsMessages['links'],
  { invitationId, email, codeChannel, name }: Invitation,
): readonly PatientActionLink[] {
  const invitationPath = `invitations/${invitationId}`;
  return [
    {
      path: `${invitationPath}/code`,
      text: codeChannel === undefined ? links.giveCode : links.giveNewCode,
      about: links.to(name),
      main: codeChannel === undefined,
    },
    {
      path: `${invitationPath}/resend`,
      text: email === undefined ? links.printAgain : links.emailAgain,
      about: links.to(name),
    },
    { path: `${invitationPath}/cancel`, text: links.cancel, about: links.of(name), destructive: true },
  ];
}
