import { html } from 'ghtml';
import { errorSummary, type FieldFault, hidden, layout, textField, titleWith } from '../../pages/index.ts';
import { type Frame, wordsIn } from '../../words/index.ts';

/** Asks for the code of a letter. */
export function beginPage(
  frame: Frame,
  { csrf, code, faults }: { readonly csrf: string; readonly code: string; readonly faults: readonly FieldFault[] },
): string {
  const { begin } = wordsIn(frame.language).enrollment;
  const field = { name: 'code', label: begin.label, hint: begin.hint, value: code, maxlength: 60 };
  const body = html`
!${errorSummary(frame, faults)}
<h1>${begin.title}</h1>
<form method="post" action="/enroll">
  !${hidden('csrf', csrf)}
  !${textField(frame, { ...field, autocomplete: 'off' }, faults)}
  <button>${begin.button}</button>
</form>
<p class="quiet">${begin.byMail}</p>`;
  return layout(frame, { title: titleWith(frame, faults, begin.title), body });
}
