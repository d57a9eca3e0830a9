import { html } from 'ghtml';
import type { NoRecordPage } from '../oauth/index.ts';
import { type Frame, wordsIn } from '../words/index.ts';
import { layout } from './layout.ts';

/** A developer's own session meets an app that asks for a patient's data. @param page `sandbox`: there are test patients */
export function noRecordPage(page: NoRecordPage & { readonly sandbox: boolean }, frame: Frame): string {
  const words = wordsIn(frame.language).developers.noRecord;
  const body = html`
<h1>${words.title}</h1>
<p class="lead">${words.text(page.appName, page.personName)}</p>
!${page.sandbox ? html`<p>${words.sandbox}</p>` : ''}
<p class="after"><a class="button" href="${page.switchAccountPath}">${words.button}</a></p>`;
  return layout(frame, { title: words.title, body });
}
