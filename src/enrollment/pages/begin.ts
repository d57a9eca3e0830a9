import { html } from 'ghtml';
import { errorSummary, type FieldFault, hidden, layout, textField, titleWith } from '../../pages/index.ts';
import { type Frame, wordsIn } from '../../words/index.ts';

/** Asks for the code of a letter. */
export function beginPage(
  pageContext: Frame,
  { csrf, code, errors }: { readonly csrf: string; readonly code: string; readonly errors: readonly FieldFault[] },
): string {
  const { begin } = wordsIn(pageContext.language).enrollment;
  const field = { name: 'code', label: begin.label, hint: begin.hint, value: code, maxlength: 60 };
  const body = html`
!${errorSummary(pageContext, errors)}
<h1>${begin.title}</h1>
<form method="post" action="/enroll">
  !${hidden('csrf', csrf)}
  !${textField(pageContext, { ...field, autocomplete: 'off' }, errors)}
  <button>${begin.button}</button>
</form>
<p class="quiet">${begin.byMail}</p>`;
  return layout(pageContext, { title: titleWith(pageContext, errors, begin.title), body });
}
