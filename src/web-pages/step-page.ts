import type { FormFieldError } from '../domain/index.ts';
import { getMessages } from '../i18n/index.ts';
import type { AccountPageContext, MessagePage, QuestionPage, StepPage } from '../identity/index.ts';
import { type Html, html } from '../kernel/index.ts';
import { errorSummary, hiddenField, pageTitle } from './forms.ts';
import { accountHeader } from './header.ts';
import { layout } from './layout.ts';

export const hiddenFields = ({ csrf, fields }: Pick<StepPage, 'csrf' | 'fields'>): readonly Html[] =>
  Object.entries({ csrf, ...fields }).map(([name, value]) => hiddenField(name, value));

/**
 * Renders a page of the account's security settings: the overview, or a page for one change such as a new password.
 * @param page.body content below the heading
 */
export function stepPage(
  pageContext: AccountPageContext,
  page: {
    readonly title: string;
    readonly body: Html;
    readonly errors?: readonly FormFieldError[];
    readonly back?: string | undefined;
    readonly scripts?: readonly string[];
  },
): Html {
  const { title, errors = [], back, scripts = [] } = page;
  const body = html`
${back === undefined ? '' : html`<p class="back"><a href="${back}">${getMessages(pageContext.language).security.cancel}</a></p>`}
${errorSummary(pageContext, errors)}
<h1 id="main-title">${title}</h1>
${page.body}`;
  return layout(pageContext, {
    title: pageTitle(pageContext, errors, title),
    body,
    scripts,
    header: accountHeader(pageContext),
  });
}

const paragraphs = (text: readonly string[]): readonly Html[] => text.map((line) => html`<p>${line}</p>`);

export function questionPage(page: QuestionPage, pageContext: AccountPageContext): Html {
  const body = html`
${paragraphs(page.text)}
<form method="post" action="${page.action}">
  ${hiddenFields(page)}
  <button>${page.button}</button>
</form>`;
  return stepPage(pageContext, { title: page.title, body, errors: page.errors, back: page.back });
}

export function messagePage({ title, text, links }: MessagePage, pageContext: AccountPageContext): Html {
  const items = links.map(({ path, text: label }) => html`<p class="after"><a href="${path}">${label}</a></p>`);
  return stepPage(pageContext, { title, body: html`${paragraphs(text)}${items}` });
}
