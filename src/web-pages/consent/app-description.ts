import { DATA_USE_QUESTIONS } from '../../access/index.ts';
import type { DataUse } from '../../domain/index.ts';
import { formatLongDate, getMessages, type Language } from '../../i18n/index.ts';
import { type Html, html } from '../../kernel/index.ts';
import type { RequestingApp } from '../../oauth/index.ts';

interface ConsentReader {
  readonly language: Language;
  /** Name of the patient whom the reader represents; `undefined` for the reader's own record. */
  readonly patientName: string | undefined;
  readonly timeZone: string;
}

/** Renders the description of the app: what was verified, what the developer only claims, and what is missing. */
export function appDescription(app: RequestingApp, reader: ConsentReader): Html {
  const { language, patientName } = reader;
  const { app: messages } = getMessages(language).consent;
  return html`
<section class="about-app" aria-labelledby="about-app"><h2 id="about-app">${messages.about(app.name)}</h2>
  ${app.logo === undefined ? '' : html`<p><img src="${app.logo}" alt=""></p>`}
  <p>${developerSentence(app, reader)}</p>
  ${app.selfRegistered ? html`<p>${messages.selfRegisteredHtml(app.address)}</p>` : ''}
  <p>${(app.onDevice ? messages.deviceHtml : messages.addressHtml)(app.address, patientName)}</p>
  <p>${policyLink(app, language)}</p>
  ${dataUse(app.dataUse, reader)}
</section>`;
}

function developerSentence({ developer, verifiedAt }: RequestingApp, { language, timeZone }: ConsentReader): Html {
  const { app: messages } = getMessages(language).consent;
  if (developer === null) return html`${messages.unknownDeveloper}`;
  return verifiedAt === null
    ? messages.claimedHtml(developer)
    : messages.verifiedHtml(developer, formatLongDate(language, verifiedAt, timeZone));
}

function policyLink({ policy }: RequestingApp, language: Language): Html {
  const { app: messages } = getMessages(language).consent;
  return policy === undefined
    ? html`${messages.noPolicy}`
    : html`<a href="${policy.href}" target="_blank" rel="noopener noreferrer">${messages.policy(policy.host)}</a> ${messages.newTab}`;
}

/**
 * Renders what the developer declared about the use of data. The most important answers are always shown, and the rest
 * in a collapsed section. The number of unanswered questions is shown too.
 */
function dataUse(declared: DataUse, { language, patientName }: ConsentReader): Html {
  const { dataUse: messages } = getMessages(language).consent;
  const missing = DATA_USE_QUESTIONS.filter((question) => declared[question] === undefined).length;
  const all = DATA_USE_QUESTIONS.length;
  const claims = dataUseClaims(declared, language);
  const summary = [
    ...(claims.length === 0 ? [] : [messages.summary(claims, patientName)]),
    messages.unanswered(missing, all),
  ];
  const items = DATA_USE_QUESTIONS.map((question) => {
    const answer = declared[question];
    return html`<dt>${messages.questions[question](patientName)}</dt><dd>${answer === undefined ? messages.notAnswered : messages.answers[answer]}</dd>`;
  });
  return html`<p>${summary.join(' ')}</p>
  <details><summary>${messages.more(patientName)}</summary><dl>${items}</dl><p class="hint">${messages.unchecked}</p></details>`;
}

function dataUseClaims({ sold, shared, 'other-uses': others }: DataUse, language: Language): readonly string[] {
  const { claims } = getMessages(language).consent.dataUse;
  return [
    ...(sold === undefined ? [] : [claims.sold[sold]]),
    ...(shared === undefined ? [] : [claims.shared[shared]]),
    ...(others === undefined ? [] : [claims['other-uses'][others]]),
  ];
}
