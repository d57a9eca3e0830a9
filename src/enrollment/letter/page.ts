import { html } from 'ghtml';
import { renderSVG } from 'uqr';
import { layout } from '../../pages/index.ts';
import { type Frame, wordsIn } from '../../words/index.ts';
import type { Letter } from '../contract.ts';

/**
 * The letter as a page to be printed, on one sheet: all else of the page is not on paper. It is for staff to print, and
 * for the patient to read.
 * @param above escaped HTML that is not printed, such as the way back
 */
export function letterPage(letter: Letter, frame: Frame, above = ''): string {
  const title = 'Letter to print';
  const body = html`
<div class="unprinted">
  <h1>${title}</h1>
  <p class="lead">Print this page now, with Ctrl+P or ⌘P. The code is shown this once, and kept nowhere.</p>
  !${above}
</div>
!${letterOnPaper(letter)}`;
  return layout(frame, { title, body });
}

/** Several letters on a sheet each, for one print. */
export function lettersPage(letters: readonly Letter[], frame: Frame, above = ''): string {
  const title = `${letters.length} letters to print`;
  const body = html`
<div class="unprinted">
  <h1>${title}</h1>
  <p class="lead">Print this page now, with Ctrl+P or ⌘P. The codes are shown this once, and kept nowhere.</p>
  !${above}
</div>
!${letters.map(letterOnPaper).join('')}`;
  return layout(frame, { title, body });
}

function letterOnPaper(letter: Letter): string {
  const { enrollment } = wordsIn(letter.language);
  const words = enrollment.letter;
  const { brand, kind, patientName } = letter;
  const forPatient = kind === 'patient';
  const opening = forPatient ? words.toPatient(brand.name) : words.toRepresentative(brand.name, patientName);
  const questions = forPatient ? words.questionsOfPatient : words.questionsOfRepresentative(patientName);
  return html`
<article class="letter" lang="${letter.language}">
  <p class="sender"><b>${brand.name}</b> !${[...letter.sender, ...waysTo(letter)].map((line) => html`<br>${line}`).join('')}</p>
  <p class="window">!${letter.window.map((line) => html`<span>${line}</span>`).join('')}</p>
  <p class="day">${letter.today}</p>
  <h2>${words.title(brand.name)}</h2>
  <p>${words.dear(letter.name)}</p>
  <p>${opening}</p>
  <div class="qr" role="img" aria-label="${words.qr}">!${renderSVG(letter.link, { border: 2, ecc: 'M' })}</div>
  <ol>
    <li>${words.open} <b>${shown(letter.address)}</b><br>${words.scan}</li>
    <li>${words.typeCode} <b class="code">${letter.code}</b></li>
    <li>${questions}</li>
    <li>${words.secondCode(brand.name, brand.phone)}</li>
  </ol>
  <p>${words.until(letter.until)}</p>
  <p>${words.otherwise(brand.name, brand.phone)}</p>
</article>`;
}

const waysTo = ({ brand }: Letter): readonly string[] => [brand.phone, brand.email].filter((way) => way !== undefined);

/** As people type it. */
const shown = (address: string): string => address.replace(/^https:\/\//, '');
