import { html } from 'ghtml';
import { layout } from '../../pages/index.ts';
import { type Frame, wordsIn } from '../../words/index.ts';

/**
 * Shown alike for an invitation that was used, failed, expired or never existed. @param practice name; `undefined` if
 * the invitation is unknown
 */
export function overPage(frame: Frame, practice: string | undefined): string {
  const { over } = wordsIn(frame.language).enrollment;
  const body = html`
<h1>${over.title}</h1>
<p class="lead">${practice === undefined ? over.askYours : over.ask(practice, frame.brand.phone)}</p>
<p>${over.why}</p>
<ul class="list plain-ways">
  <li><a href="/sign-in">${over.signIn}</a></li>
  <li><a href="/enroll">${over.typed}</a></li>
</ul>`;
  return layout(frame, { title: over.title, body });
}

/** Shown in a browser that had started this enrollment when it was completed elsewhere. */
export function elsewherePage(frame: Frame): string {
  const { elsewhere } = wordsIn(frame.language).enrollment;
  const body = html`
<h1>${elsewhere.title}</h1>
<p class="lead">${elsewhere.text}</p>
<p>${elsewhere.notYou(frame.brand.name, frame.brand.phone)}</p>
<form method="get" action="/account"><button>${elsewhere.signIn}</button></form>`;
  return layout(frame, { title: elsewhere.title, body });
}
