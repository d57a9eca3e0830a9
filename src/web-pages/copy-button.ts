import { getMessages, type Language } from '../i18n/index.ts';
import { type Html, html } from '../kernel/index.ts';

/** Paths of the scripts that a page with a `copyButton` needs. */
export const COPY_SCRIPTS: readonly string[] = ['/assets/copy.js'];

/**
 * Renders a button that copies the text of an element. Browsers without JavaScript don't show it.
 * @param id id of the element whose text is copied
 * @param label name of the button for screen readers, which says what it copies
 */
export function copyButton(language: Language, id: string, label: string): Html {
  const { common } = getMessages(language);
  return html`<button type="button" class="link-button" data-copy="${id}" data-copied="${common.copied}" aria-label="${label}" hidden>${common.copy}</button>`;
}
