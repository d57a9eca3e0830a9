import { html } from 'ghtml';
import type { Problem } from '../kernel/index.ts';
import { type Frame, wordsIn } from '../words/index.ts';
import { layout } from './layout.ts';

/** Error page, with the id that the operator can find the request by. */
export function problemPage(problem: Problem, requestId: string, frame: Frame): string {
  const { problems } = wordsIn(frame.language);
  const title = problems.titles[problem.code] ?? problems.unknown;
  const body = html`
<h1>${title}</h1>
<p class="lead">${messageFor(problem, frame)}</p>
<p class="quiet">${problems.help} <code>${requestId}</code> (${problem.code}).</p>`;
  return layout(frame, { title, body });
}

/** The problem's own message if it is in the reader's language, otherwise the catalog's. */
function messageFor({ code, message, language }: Problem, frame: Frame): string {
  if (language === frame.language) return message;
  return wordsIn(frame.language).problems.messages[code] ?? message;
}
