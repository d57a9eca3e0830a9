import { html } from 'ghtml';
import type { Problem, ProblemCode } from '../kernel/index.ts';
import { layout } from './layout.ts';

const TITLES: Partial<Record<ProblemCode, string>> = {
  'unknown-client': 'This app can’t be used here',
  'redirect-mismatch': 'The app’s return address is wrong',
  'form-expired': 'This page has expired',
  'not-found': 'There is nothing here',
  internal: 'Something went wrong on our side',
};

/** What a person sees when nothing else can be shown, with the id that the operator finds it by. */
export function problemPage(problem: Problem, requestId: string): string {
  const title = TITLES[problem.code] ?? 'That didn’t work';
  const body = html`
<h1>${title}</h1>
<p class="lead">${problem.message}</p>
<p class="quiet">If you ask for help, give this number: <code>${requestId}</code> (${problem.code}).</p>`;
  return layout({ title, body });
}
