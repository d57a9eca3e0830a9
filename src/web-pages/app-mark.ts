import { type Html, html } from '../kernel/index.ts';

/**
 * Renders the first letter of an app's name as a mark, which the stylesheet draws.
 */
export function appMark(app: string): Html {
  const [letter = ''] = app.match(/[\p{L}\p{N}]/u) ?? [];
  return html`<span class="app-mark" data-letter="${letter.toLocaleUpperCase()}" aria-hidden="true"></span>`;
}
