import { html } from 'ghtml';
import { DATA_USE_QUESTIONS, type DataUse } from '../access/index.ts';
import type { AskingApp } from '../oauth/index.ts';
import { dayOf, type Language, wordsIn } from '../words/index.ts';

interface Reader {
  readonly language: Language;
  /** Name of the patient whom the reader represents; `undefined` for the reader's own record. */
  readonly patientName: string | undefined;
  readonly timeZone: string;
}

/** Describes the app: what was verified, what the developer only claims, and what is missing. */
export function aboutApp(app: AskingApp, reader: Reader): string {
  const { language, patientName } = reader;
  const { app: words } = wordsIn(language).consent;
  return html`
<section class="about-app" aria-labelledby="about-app"><h2 id="about-app">${words.about(app.name)}</h2>
  !${app.logo === undefined ? '' : html`<p><img src="${app.logo}" alt=""></p>`}
  <p>!${makerOf(app, reader)}</p>
  !${app.selfRegistered ? html`<p>!${words.selfRegisteredHtml(app.address)}</p>` : ''}
  <p>!${(app.onDevice ? words.deviceHtml : words.addressHtml)(app.address, patientName)}</p>
  <p>!${policyOf(app, language)}</p>
  !${dataUse(app.dataUse, reader)}
</section>`;
}

function makerOf({ developer, verifiedAt }: AskingApp, { language, timeZone }: Reader): string {
  const { app: words } = wordsIn(language).consent;
  if (developer === null) return html`${words.unknownDeveloper}`;
  return verifiedAt === null
    ? words.claimedHtml(developer)
    : words.verifiedHtml(developer, dayOf(language, verifiedAt, timeZone));
}

function policyOf({ policy }: AskingApp, language: Language): string {
  const { app: words } = wordsIn(language).consent;
  return policy === undefined
    ? html`${words.noPolicy}`
    : html`<a href="${policy.href}" target="_blank" rel="noopener noreferrer">${words.policy(policy.host)}</a> ${words.newTab}`;
}

/**
 * Shows the most important answers at once and the rest in a collapsed section. Unanswered questions are reported too.
 */
function dataUse(declared: DataUse, { language, patientName }: Reader): string {
  const { dataUse: words } = wordsIn(language).consent;
  const missing = DATA_USE_QUESTIONS.filter((question) => declared[question] === undefined).length;
  const all = DATA_USE_QUESTIONS.length;
  const claims = claimsOf(declared, language);
  const summary = [
    ...(claims.length === 0 ? [] : [words.summary(claims, patientName)]),
    words.unanswered(missing, all),
  ];
  const items = DATA_USE_QUESTIONS.map((question) => {
    const answer = declared[question];
    return html`<dt>${words.questions[question](patientName)}</dt><dd>${answer === undefined ? words.notAnswered : words.answers[answer]}</dd>`;
  });
  return html`<p>${summary.join(' ')}</p>
  <details><summary>${words.more(patientName)}</summary><dl>!${items.join('')}</dl><p class="hint">${words.unchecked}</p></details>`;
}

function claimsOf({ sold, shared, 'other-uses': others }: DataUse, language: Language): readonly string[] {
  const { claims } = wordsIn(language).consent.dataUse;
  return [
    ...(sold === undefined ? [] : [claims.sold[sold]]),
    ...(shared === undefined ? [] : [claims.shared[shared]]),
    ...(others === undefined ? [] : [claims['other-uses'][others]]),
  ];
}
