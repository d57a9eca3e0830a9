import { getMessages, type PageContext } from '../../i18n/index.ts';
import { type Html, html } from '../../kernel/index.ts';
import { errorSummary, type FormFieldError, hiddenField, layout, pageTitle, textField } from '../../web-pages/index.ts';

/** Page that asks for the code of an invitation letter. */
export function letterCodePage(
  pageContext: PageContext,
  { csrf, code, errors }: { readonly csrf: string; readonly code: string; readonly errors: readonly FormFieldError[] },
): Html {
  const { letterCode } = getMessages(pageContext.language).enrollment;
  const field = { name: 'code', label: letterCode.label, hint: letterCode.hint, value: code, maxlength: 60 };
  const body = html`
${errorSummary(pageContext, errors)}
<h1>${letterCode.title}</h1>
<form method="post" action="/enroll">
  ${hiddenField('csrf', csrf)}
  ${textField(pageContext, { ...field, autocomplete: 'off' }, errors)}
  <button>${letterCode.button}</button>
</form>
<p class="muted">${letterCode.byMail}</p>`;
  return layout(pageContext, { title: pageTitle(pageContext, errors, letterCode.title), body });
}
