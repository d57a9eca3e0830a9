import { formatHourAndMinute, getMessages, type PageContext } from '../../i18n/index.ts';
import { type Html, html } from '../../kernel/index.ts';
import { layout } from '../../web-pages/index.ts';
import type { SandboxPatient } from '../sandbox/sandbox-patients.ts';

/**
 * Page for an invitation that was used, failed, expired or never existed. The text is the same for all of them.
 * @param practice name of the practice; `undefined` if the invitation is unknown
 * @param patient the sandbox patient, if visitors of the sandbox try enrollment with the patient
 */
export function invitationEndedPage(
  pageContext: PageContext,
  practice: string | undefined,
  patient?: SandboxPatient,
): Html {
  const { expired } = getMessages(pageContext.language).enrollment;
  const body = html`
<h1>${expired.title}</h1>
${patient?.inUseUntil === undefined ? invitationHelp(pageContext, practice) : inUseNote(pageContext, patient, patient.inUseUntil)}`;
  return layout(pageContext, { title: expired.title, body });
}

function invitationHelp({ brand, language }: PageContext, practice: string | undefined): Html {
  const { expired } = getMessages(language).enrollment;
  return html`
<p class="lead">${practice === undefined ? expired.askYours : expired.ask(practice, brand.phone)}</p>
<p>${expired.why}</p>
<ul class="list option-list">
  <li><a href="/sign-in">${expired.signIn}</a></li>
  <li><a href="/enroll">${expired.typed}</a></li>
</ul>`;
}

/** Says when a sandbox patient is ready for the next visitor. */
function inUseNote({ language }: PageContext, { timeZone }: SandboxPatient, until: Date): Html {
  const { inUse, otherPatients, signIn } = getMessages(language).enrollment.expired;
  return html`
<p class="lead">${inUse(formatHourAndMinute(language, until, timeZone))}</p>
<ul class="list option-list">
  <li><a href="/sandbox/enrollment">${otherPatients}</a></li>
  <li><a href="/sign-in">${signIn}</a></li>
</ul>`;
}

/** Page for a browser in which an enrollment was started, if another browser has completed that enrollment. */
export function enrolledElsewherePage(pageContext: PageContext): Html {
  const { finishedElsewhere } = getMessages(pageContext.language).enrollment;
  const body = html`
<h1>${finishedElsewhere.title}</h1>
<p class="lead">${finishedElsewhere.text}</p>
<p>${finishedElsewhere.notYou(pageContext.brand.name, pageContext.brand.phone)}</p>
<form method="get" action="/account"><button>${finishedElsewhere.signIn}</button></form>`;
  return layout(pageContext, { title: finishedElsewhere.title, body });
}
