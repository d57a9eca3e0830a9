import { getMessages, type PageContext } from '../../i18n/index.ts';
import { attribute, type Html, html } from '../../kernel/index.ts';
import {
  errorSummary,
  type FormFieldError,
  hiddenField,
  layout,
  pageTitle,
  stepProgress,
  textField,
} from '../../web-pages/index.ts';
import type { TypedAnswers } from '../patient/identity-answers.ts';
import type { OpenedInvitation } from '../patient/opened-invitation.ts';
import { ENROLLMENT_STEPS } from './steps.ts';

export interface IdentityProofPage {
  readonly csrf: string;
  readonly typed: TypedAnswers;
  readonly errors: readonly FormFieldError[];
  /** True if the person answered the identity questions before, but so long ago that they must answer again. */
  readonly again: boolean;
}

/**
 * Page that asks for birth date, ZIP code and verification code. If an answer is wrong, the error doesn't say which
 * one, because that would help someone who guesses.
 */
export function identityProofPage(opened: OpenedInvitation, { csrf, typed, errors, again }: IdentityProofPage): Html {
  const { pageContext, invitation, chart, path } = opened;
  const { identityProofing } = getMessages(pageContext.language).enrollment;
  const forPatient = invitation.kind === 'patient';
  const title = forPatient ? identityProofing.title : identityProofing.titleForOther;
  const practice = chart.practiceName;
  const zip = forPatient ? identityProofing.zip : identityProofing.zipOfPatient;
  const number = { inputmode: 'numeric', narrow: true, autocomplete: 'off' } as const;
  const code = { name: 'code', label: identityProofing.code, value: typed.code, maxlength: 20, ...number };
  const body = html`
${errorSummary(pageContext, errors)}
${stepProgress(pageContext, 1, ENROLLMENT_STEPS)}
<h1>${title}</h1>
${again ? html`<div class="note" role="status"><p>${identityProofing.again}</p></div>` : ''}
<form method="post" action="${path}/proof">
  ${hiddenField('csrf', csrf)}
  ${birthDateFields(pageContext, forPatient, typed, errors)}
  ${textField(pageContext, { name: 'zip', label: zip, hint: identityProofing.zipHint(practice), value: typed.zip, maxlength: 20, ...number }, errors)}
  ${textField(pageContext, { ...code, hint: identityProofing.codeHint[invitation.codeChannel ?? 'in-person'](practice) }, errors)}
  <p>${identityProofing.noCode(practice, pageContext.brand.phone)}</p>
  <button>${identityProofing.button}</button>
</form>`;
  return layout(pageContext, { title: pageTitle(pageContext, errors, title), body });
}

const ORDER = { en: ['month', 'day', 'year'], es: ['day', 'month', 'year'] } as const;
const ids = { month: 'birth-date', day: 'day', year: 'year' } as const;

/**
 * Renders month, day and year of the birth date as separate fields, because 7/4 is July to some people and April to
 * others.
 */
function birthDateFields(
  pageContext: PageContext,
  forPatient: boolean,
  typed: TypedAnswers,
  errors: readonly FormFieldError[],
): Html {
  const { enrollment, common } = getMessages(pageContext.language);
  const { identityProofing } = enrollment;
  const fieldError = errors.find(({ field }) => field === 'birth-date');
  const about = fieldError === undefined ? 'about-birth-date' : 'about-birth-date error-birth-date';
  const fields = ORDER[pageContext.language].map(
    (part) => html`
    <div><label for="${ids[part]}">${identityProofing[part]}</label>
    <input id="${ids[part]}" name="${part}" value="${typed[part]}" inputmode="numeric" maxlength="10" autocomplete="off" class="${part}" ${attribute('aria-invalid', fieldError !== undefined && 'true')}></div>`,
  );
  return html`
  <fieldset aria-describedby="${about}"><legend>${forPatient ? identityProofing.birthDate : identityProofing.birthDateOfPatient}</legend>
    <p class="hint" id="about-birth-date">${identityProofing.birthDateHint}</p>
    ${fieldError === undefined ? '' : html`<p class="field-error" id="error-birth-date"><b>${common.error}:</b> ${fieldError.message}</p>`}
    <div class="date-parts">${fields}</div>
  </fieldset>`;
}

/**
 * Page for an invitation without a verification code. It tells the person to get one from the practice first.
 * @param has whether the person said that they have a code
 */
export function codeRequiredPage({ pageContext, chart, path }: OpenedInvitation, has: boolean): Html {
  const { secondCode } = getMessages(pageContext.language).enrollment;
  const body = html`
${stepProgress(pageContext, 1, ENROLLMENT_STEPS)}
<h1>${secondCode.title}</h1>
${has ? html`<div class="note" role="status"><p>${secondCode.noValidCode(chart.practiceName, pageContext.brand.phone)}</p></div>` : ''}
<p class="lead">${secondCode.how(chart.practiceName, pageContext.brand.phone)}</p>
<p>${secondCode.why}</p>
<form method="get" action="${path}/proof">${hiddenField('have', '1')}<button>${secondCode.haveIt}</button></form>`;
  return layout(pageContext, { title: secondCode.title, body });
}
