import { DATA_USE_QUESTIONS } from '../../access/index.ts';
import type { DataUse, DataUseQuestion } from '../../domain/index.ts';
import { formatLongDate, getMessages, type Language } from '../../i18n/index.ts';
import { attribute, emptyHtml, type Html, html } from '../../kernel/index.ts';
import type { ConsentPage, RequestingApp } from '../../oauth/index.ts';

interface ConsentReader {
  readonly language: Language;
  /** Name of the patient whom the reader represents; `undefined` for the reader's own record. */
  readonly patientName: string | undefined;
  readonly timeZone: string;
}

/** Renders who asks: what was verified, what the developer only claims, and where the data goes. */
export function appDescription(app: RequestingApp, reader: ConsentReader): Html {
  const { language, patientName } = reader;
  const { app: messages } = getMessages(language).consent;
  const isVerified = app.developer !== null && app.verifiedAt !== null;
  return html`
<section class="about-app who" aria-label="${messages.about(app.name)}">
  ${app.logo === undefined ? '' : html`<p><img src="${app.logo}" alt=""></p>`}
  <p>${developerSentence(app, reader)} <span class="tag ${isVerified ? 'success' : 'warning'}">${isVerified ? messages.verified : messages.notVerified}</span></p>
  ${app.selfRegistered ? html`<p>${messages.selfRegisteredHtml(app.address)}</p>` : ''}
  <p>${(app.onDevice ? messages.deviceHtml : messages.addressHtml)(app.address, patientName)}</p>
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
 * Renders what happens to the data. Answers of the developer that a person may not expect are always shown, apart from
 * the others. So is the number of questions without an answer. All answers are in a collapsed section.
 */
export function dataUseDescription(
  { app, earlierAccess }: ConsentPage,
  { language, patientName }: ConsentReader,
): Html {
  const { dataUse: messages, decision } = getMessages(language).consent;
  const { dataUse: declared, name, address } = app;
  const missing = DATA_USE_QUESTIONS.filter((question) => declared[question] === undefined).length;
  const all = DATA_USE_QUESTIONS.length;
  const { expected, unexpected } = dataUseClaims(declared, language, patientName);
  const items = DATA_USE_QUESTIONS.map((question) => {
    const answer = declared[question];
    return html`<dt>${messages.questions[question](patientName)}</dt><dd>${answer === undefined ? messages.notAnswered : messages.answers[answer]}</dd>`;
  });
  const denied = earlierAccess === undefined ? decision.denied : decision.deniedAgain;
  return html`
<section class="about-app" aria-labelledby="about-data"><h2 id="about-data">${messages.heading(patientName)}</h2>
  ${unexpected.length + expected.length > 0 && html`<p>${messages.says}</p>${claimList(unexpected, 'unexpected')}${claimList(expected)}`}
  <p>${messages.unanswered(missing, all)}</p>
  <details><summary>${messages.more}</summary>
    <p>${policyLink(app, language)}</p>
    <dl>${items}</dl><p>${messages.unchecked}</p>
    <p>${decision.leavesHtml(address, patientName)} ${denied(name)}</p>
  </details>
</section>`;
}

const claimList = (claims: readonly string[], name?: 'unexpected'): Html =>
  claims.length === 0
    ? emptyHtml
    : html`<ul ${attribute('class', name)}>${claims.map((claim) => html`<li>${claim}</li>`)}</ul>`;

/** Returns what the developer declared, in sentences, and apart from the rest what may be unexpected. */
function dataUseClaims(declared: DataUse, language: Language, patientName: string | undefined) {
  const claims: Claims = getMessages(language).consent.dataUse.claims;
  const made = DATA_USE_QUESTIONS.flatMap((question) => {
    const answer = declared[question];
    const text = answer === undefined ? undefined : claims[question]?.[answer]?.(patientName);
    return text === undefined ? [] : [{ text, isUnexpected: answer === UNEXPECTED_ANSWERS[question] }];
  });
  const textsOf = (isUnexpected: boolean) =>
    made.filter((claim) => claim.isUnexpected === isUnexpected).map(({ text }) => text);
  return { expected: textsOf(false), unexpected: textsOf(true) };
}

type Claims = Readonly<
  Partial<Record<DataUseQuestion, Readonly<Record<string, (whose: string | undefined) => string>>>>
>;

/** The answer to each question that a person must see without opening anything. */
const UNEXPECTED_ANSWERS: Required<DataUse> = {
  sold: 'yes',
  shared: 'yes',
  'other-uses': 'yes',
  deletion: 'no',
  kept: 'yes',
  place: 'elsewhere',
  encrypted: 'no',
  changes: 'no',
};
