import { html } from 'ghtml';
import type { Problem } from '../kernel/index.ts';
import { type Frame, wordsIn } from '../words/index.ts';
import { layout } from './layout.ts';

/** What a person sees when nothing else can be shown, with the id that the operator finds it by. */
export function problemPage(problem: Problem, requestId: string, frame: Frame): string {
  const { problems } = wordsIn(frame.language);
  const title = problems.titles[problem.code] ?? problems.unknown;
  const body = html`
<h1>${title}</h1>
<p class="lead">${said(problem, frame)}</p>
<p class="quiet">${problems.help} <code>${requestId}</code> (${problem.code}).</p>`;
  return layout(frame, { title, body });
}

/** Its own words where they are in the person's language, else those of the catalogue. */
function said({ code, message, language }: Problem, frame: Frame): string {
  if (language === frame.language) return message;
  return wordsIn(frame.language).problems.messages[code] ?? message;
}
