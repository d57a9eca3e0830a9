import { html } from 'ghtml';
import { errorSummary, type FieldFault, hidden, layout, textField, titleWith } from '../../pages/index.ts';
import { type Frame, wordsIn } from '../../words/index.ts';
import type { Typed } from '../patient/answers.ts';
import type { Opened } from '../patient/opened.ts';

export interface ProofPage {
  readonly csrf: string;
  readonly typed: Typed;
  readonly errors: readonly FieldFault[];
  /** The person's proof expired, and they must answer again. */
  readonly again: boolean;
}

/**
 * Asks for three answers. A wrong one gets a single error that doesn't say which answer was wrong, so that guessing is
 * not helped.
 */
export function proofPage(opened: Opened, { csrf, typed, errors, again }: ProofPage): string {
  const { pageContext, invitation, chart, path } = opened;
  const { proof } = wordsIn(pageContext.language).enrollment;
  const forPatient = invitation.kind === 'patient';
  const title = forPatient ? proof.title : proof.titleForOther;
  const practice = chart.practiceName;
  const zip = forPatient ? proof.zip : proof.zipOfPatient;
  const number = { inputmode: 'numeric', narrow: true, autocomplete: 'off' } as const;
  const code = { name: 'code', label: proof.code, value: typed.code, maxlength: 20, ...number };
  const body = html`
!${errorSummary(pageContext, errors)}
<h1>${title}</h1>
!${again ? html`<div class="note" role="status"><p>${proof.again}</p></div>` : ''}
<form method="post" action="${path}/proof">
  !${hidden('csrf', csrf)}
  !${birthDateFields(pageContext, forPatient, typed, errors)}
  !${textField(pageContext, { name: 'zip', label: zip, hint: proof.zipHint(practice), value: typed.zip, maxlength: 20, ...number }, errors)}
  !${textField(pageContext, { ...code, hint: proof.codeHint[invitation.codeBy ?? 'in-person'](practice) }, errors)}
  <p>${proof.noCode(practice, pageContext.brand.phone)}</p>
  <button>${proof.button}</button>
</form>`;
  return layout(pageContext, { title: titleWith(pageContext, errors, title), body });
}

const ORDER = { en: ['month', 'day', 'year'], es: ['day', 'month', 'year'] } as const;
const ids = { month: 'birth-date', day: 'day', year: 'year' } as const;

/** Three labeled fields, because 7/4 is July to some people and April to others. */
function birthDateFields(pageContext: Frame, forPatient: boolean, typed: Typed, errors: readonly FieldFault[]): string {
  const { enrollment, common } = wordsIn(pageContext.language);
  const { proof } = enrollment;
  const fieldError = errors.find(({ field }) => field === 'birth-date');
  const about = fieldError === undefined ? 'about-birth-date' : 'about-birth-date fault-birth-date';
  const fields = ORDER[pageContext.language].map(
    (part) => html`
    <div><label for="${ids[part]}">${proof[part]}</label>
    <input id="${ids[part]}" name="${part}" value="${typed[part]}" inputmode="numeric" maxlength="10" autocomplete="off" class="${part}" !${fieldError === undefined ? '' : 'aria-invalid="true"'}></div>`,
  );
  return html`
  <fieldset aria-describedby="${about}"><legend>${forPatient ? proof.birthDate : proof.birthDateOfPatient}</legend>
    <p class="hint" id="about-birth-date">${proof.birthDateHint}</p>
    !${fieldError === undefined ? '' : html`<p class="wrong" id="fault-birth-date"><b>${common.error}:</b> ${fieldError.message}</p>`}
    <div class="date-parts">!${fields.join('')}</div>
  </fieldset>`;
}

/**
 * Shown when no verification code has been issued, because there is nothing to answer yet.
 * @param has whether the person said that they have a code
 */
export function codeFirstPage({ pageContext, chart, path }: Opened, has: boolean): string {
  const { codeFirst } = wordsIn(pageContext.language).enrollment;
  const body = html`
<h1>${codeFirst.title}</h1>
!${has ? html`<div class="note" role="status"><p>${codeFirst.noneIsGood(chart.practiceName, pageContext.brand.phone)}</p></div>` : ''}
<p class="lead">${codeFirst.how(chart.practiceName, pageContext.brand.phone)}</p>
<p>${codeFirst.why}</p>
<form method="get" action="${path}/proof">!${hidden('have', '1')}<button>${codeFirst.haveIt}</button></form>`;
  return layout(pageContext, { title: codeFirst.title, body });
}
