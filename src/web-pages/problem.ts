import { getMessages, type PageContext } from '../i18n/index.ts';
import { type Html, html, type Problem } from '../kernel/index.ts';
import { layout } from './layout.ts';

/** Renders an error page. It shows the id by which the operator can find the request in the log. */
export function problemPage(problem: Problem, requestId: string, pageContext: PageContext): Html {
  const { problems } = getMessages(pageContext.language);
  const title = problems.titles[problem.code] ?? problems.unknown;
  const body = html`
<h1>${title}</h1>
<p class="lead">${messageFor(problem, pageContext)}</p>
<p class="quiet">${problems.help} <code>${requestId}</code> (${problem.code}).</p>`;
  return layout(pageContext, { title, body });
}

/**
 * Returns the message for the reader: the problem's own message if it is in the reader's language, or else the one in
 * the message catalog.
 */
function messageFor({ code, message, language }: Problem, pageContext: PageContext): string {
  if (language === pageContext.language) return message;
  return getMessages(pageContext.language).problems.messages[code] ?? message;
}
