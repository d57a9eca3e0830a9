import {
  type InvitationLetter,
  type PatientChart,
  printedLetter,
  type SandboxPatient,
} from '../../enrollment/index.ts';
import { formatBirthDate, formatHourAndMinute, getMessages, type PageContext } from '../../i18n/index.ts';
import { emptyHtml, type Html, html } from '../../kernel/index.ts';
import { layout, PRINT_SCRIPTS, type PublicPageContext, printButton, publicHeader } from '../../web-pages/index.ts';
import type { EnrollmentScenario } from '../scenarios/enrollment-scenarios.ts';

export const ENROLLMENT_PATIENTS_PATH = '/sandbox/enrollment';

/** A patient for enrollment, as the public pages show it. */
export interface ListedPatient {
  readonly patient: SandboxPatient;
  readonly scenario: EnrollmentScenario;
  readonly chart: PatientChart;
}

/** Renders the list of the patients for enrollment, with the codes that work. */
export function patientsPage(pageContext: PublicPageContext, patients: readonly ListedPatient[]): Html {
  const { enrollment: messages } = getMessages(pageContext.language).sandbox;
  const steps = (items: readonly Html[]): Html => html`<ol>${items.map((item) => html`<li>${item}</li>`)}</ol>`;
  const body = html`
<h1>${messages.title}</h1>
<p class="lead">${messages.lead}</p>
<div class="options">
<section class="card"><h2>${messages.asPatient}</h2>${steps(messages.patientSteps)}</section>
<section class="card"><h2>${messages.asFrontDesk}</h2>${steps(messages.frontDeskSteps)}</section>
</div>
<p>${messages.reset} ${messages.private}</p>
<h2 class="section-title">${messages.patients}</h2>
<div class="options">${patients.map((one) => patientCard(pageContext, one))}</div>`;
  return layout(pageContext, {
    title: messages.title,
    body,
    header: publicHeader(pageContext, ENROLLMENT_PATIENTS_PATH),
  });
}

function patientCard(pageContext: PageContext, { patient, scenario, chart }: ListedPatient): Html {
  const { language } = pageContext;
  const { sandbox, practicePortal } = getMessages(language);
  const { enrollment: messages } = sandbox;
  const { start, persona } = scenario;
  const { birthDate, postalCode, name } = chart;
  const facts: readonly (readonly [string, Html])[] = [
    [messages.born, html`${birthDate === undefined ? '' : formatBirthDate(language, birthDate)}`],
    [messages.zip, html`<code>${postalCode}</code>`],
    ...(start.status === 'invited'
      ? ([
          [messages.letterCode, html`<code translate="no">${start.letterCode}</code>`],
          [messages.sixDigits, html`<code translate="no">${start.verificationCode}</code>`],
        ] as const)
      : []),
  ];
  return html`
<section class="card"><h3>${name}</h3>
<p>${statusTag(pageContext, patient, practicePortal.patientList.statuses[start.status])}</p>
<p>${messages.about(persona.key, persona.about)}</p>
${patient.inUseUntil === undefined ? '' : html`<p class="hint">${messages.inUseHint}</p>`}
<dl class="facts">${facts.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>
<ul class="actions">${patientLinks(pageContext, { patient, scenario, chart })}</ul></section>`;
}

/** Renders how the patient starts, or until when another visitor uses the patient. */
function statusTag({ language }: PageContext, { inUseUntil, timeZone }: SandboxPatient, startStatus: string): Html {
  const { inUse } = getMessages(language).sandbox.enrollment;
  if (inUseUntil === undefined) return html`<span class="tag">${startStatus}</span>`;
  return html`<span class="tag warning">${inUse(formatHourAndMinute(language, inUseUntil, timeZone))}</span>`;
}

function patientLinks({ language }: PageContext, { patient, scenario, chart }: ListedPatient): readonly Html[] {
  const { enrollment: messages } = getMessages(language).sandbox;
  const { start } = scenario;
  const link = (path: string, text: string, about: string): Html =>
    html`<li><a href="${path}">${text}<span class="visually-hidden"> ${about}</span></a></li>`;
  const inPortal = `/practice/${patient.practiceId}/patients/${chart.patientId}`;
  return [
    ...(start.status === 'invited'
      ? [
          link(`/enroll/${start.letterCode}`, messages.start, messages.asName(chart.name)),
          link(`${ENROLLMENT_PATIENTS_PATH}/${patient.persona}`, messages.letter, messages.of(chart.name)),
        ]
      : []),
    link(inPortal, messages.openInPortal, `: ${chart.name}`),
  ];
}

interface PublishedLetterPage extends ListedPatient {
  readonly verificationCode: string;
  /** Undefined while the letter doesn't work, because a visitor uses the patient. */
  readonly letter: InvitationLetter | undefined;
}

/** Renders the published letter of a patient, to be printed or read on the screen. */
export function publishedLetterPage(
  pageContext: PageContext,
  { patient, chart, verificationCode, letter }: PublishedLetterPage,
): Html {
  const { language } = pageContext;
  const { sandbox, practicePortal } = getMessages(language);
  const { letter: messages } = sandbox;
  const { print, printHint } = practicePortal.patientInvitation.letterPage;
  const { birthDate = '', postalCode = '' } = chart;
  const { inUseUntil, timeZone } = patient;
  const note =
    inUseUntil === undefined
      ? emptyHtml
      : html`<div class="note"><p>${messages.notNow(formatHourAndMinute(language, inUseUntil, timeZone))}</p></div>`;
  const body = html`
<div class="unprinted">
  <h1>${messages.title}</h1>
  <p class="lead">${messages.lead}</p>
  ${note}
  <p>${messages.codes(formatBirthDate(language, birthDate), postalCode, verificationCode)}</p>
  ${letter === undefined ? '' : printButton(print, { hint: printHint, main: true })}
  <p><a href="${ENROLLMENT_PATIENTS_PATH}">${messages.back}</a></p>
</div>
${letter === undefined ? '' : printedLetter(letter)}`;
  return layout(pageContext, { title: messages.title, body, scripts: PRINT_SCRIPTS });
}
