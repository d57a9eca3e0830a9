import { renderSVG } from 'uqr';
import { getMessages, type PageContext } from '../../i18n/index.ts';
import { emptyHtml, type Html, html, raw } from '../../kernel/index.ts';
import { layout, PRINT_SCRIPTS, printButton } from '../../web-pages/index.ts';
import type { InvitationLetter } from '../contract.ts';

/**
 * Renders an invitation letter that staff print on one sheet. The rest of the page is hidden in print.
 * @param above markup that isn't printed, such as a back link
 */
export function letterPage(letter: InvitationLetter, pageContext: PageContext, above: Html = emptyHtml): Html {
  const { letterPage: messages } = getMessages(pageContext.language).practicePortal.patientInvitation;
  const { title } = messages;
  const body = html`
<div class="unprinted">
  <h1>${title}</h1>
  <p class="lead">${messages.lead}</p>
  ${printButton(messages.print, { hint: messages.printHint, main: true })}
  ${above}
</div>
${printedLetter(letter)}`;
  return layout(pageContext, { title, body, scripts: PRINT_SCRIPTS });
}

/** Renders several invitation letters to be printed together, each on its own sheet. */
export function lettersPage(
  letters: readonly InvitationLetter[],
  pageContext: PageContext,
  above: Html = emptyHtml,
): Html {
  const { letterPage: messages } = getMessages(pageContext.language).practicePortal.patientInvitation;
  const title = messages.titleOfSeveral(letters.length);
  const body = html`
<div class="unprinted">
  <h1>${title}</h1>
  <p class="lead">${messages.leadOfSeveral}</p>
  ${printButton(messages.printSeveral, { hint: messages.printHint, main: true })}
  ${above}
</div>
${letters.map(printedLetter)}`;
  return layout(pageContext, { title, body, scripts: PRINT_SCRIPTS });
}

/** Renders the letter itself, the part of a page that is printed. */
export function printedLetter(letter: InvitationLetter): Html {
  const { enrollment } = getMessages(letter.language);
  const messages = enrollment.letter;
  const { brand, kind, patientName } = letter;
  const forPatient = kind === 'patient';
  const opening = forPatient ? messages.toPatient(brand.name) : messages.toRepresentative(brand.name, patientName);
  const questions = forPatient ? messages.questionsOfPatient : messages.questionsOfRepresentative(patientName);
  return html`
<article class="letter" lang="${letter.language}">
  <p class="sender"><b>${brand.name}</b> ${[...letter.sender, ...contactLines(letter)].map((line) => html`<br>${line}`)}</p>
  <p class="window">${letter.windowLines.map((line) => html`<span>${line}</span>`)}</p>
  <p class="day">${letter.date}</p>
  <h2>${messages.title(brand.name)}</h2>
  <p>${messages.dear(letter.name)}</p>
  <p>${opening}</p>
  <div class="qr" role="img" aria-label="${messages.qr}">${raw(renderSVG(letter.link, { border: 2, ecc: 'M' }))}</div>
  <ol>
    <li>${messages.open} <b>${withoutScheme(letter.address)}</b><br>${messages.scan}</li>
    <li>${messages.typeCode} <b class="code">${letter.code}</b></li>
    <li>${questions}</li>
    <li>${messages.secondCode(brand.name, brand.phone)}</li>
  </ol>
  <p>${messages.until(letter.validUntil)}</p>
  <p>${messages.otherwise(brand.name, brand.phone)}</p>
</article>`;
}

const contactLines = ({ brand }: InvitationLetter): readonly string[] =>
  [brand.phone, brand.email].filter((contact) => contact !== undefined);

/** Returns an address without `https://`, as people type it. */
const withoutScheme = (address: string): string => address.replace(/^https:\/\//, '');
