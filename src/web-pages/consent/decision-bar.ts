import { getMessages, type Language } from '../../i18n/index.ts';
import { emptyHtml, type Html, html } from '../../kernel/index.ts';
import { type ConsentPage, hasGroupSwitch } from '../../oauth/index.ts';

/** Id of the bar, to which the end of the page links. */
export const DECISION_ID = 'decision';

/**
 * Renders the bar with Allow and Deny, which stays at the bottom of the window. It comes before the choices in the
 * order of the document, so that a keyboard reaches it in a few steps, and begins with what is not shared.
 */
export function decisionBar(page: ConsentPage, language: Language): Html {
  const { allow, deny } = getMessages(language).consent.decision;
  return html`
<section class="decision" id="${DECISION_ID}" aria-label="${allow} / ${deny}"><div>
  ${recap(page, language)}
  ${decisionButtons(language)}
</div></section>`;
}

export function decisionButtons(language: Language): Html {
  const { decision: messages } = getMessages(language).consent;
  return html`
  <div class="choices">
    <button name="decision" value="allow">${messages.allow}</button>
    <button class="secondary" name="decision" value="deny">${messages.deny}</button>
  </div>`;
}

/**
 * Renders what is not shared. It lists everything that can be left out. The stylesheet shows what the switches and
 * checkboxes leave out at the moment, so the list is right without JavaScript too.
 */
function recap({ groups, sensitive }: ConsentPage, language: Language): Html {
  const { decision: messages } = getMessages(language).consent;
  const offered = groups.filter(({ items }) => !items.some(({ required }) => required));
  if (offered.length === 0 && sensitive.length === 0) return emptyHtml;
  const entries = offered.flatMap(({ name, heading, items }) =>
    hasGroupSwitch(items)
      ? [html`<li class="off-${name}">${heading}</li>`, html`<li class="part-${name}">${messages.partly(heading)}</li>`]
      : [html`<li class="off-${name}">${items[0]?.label}</li>`],
  );
  return html`
  <div class="recap">
    <p class="everything">${messages.everything}</p>
    <div class="left-out"><b id="not-shared">${messages.notShared}</b>
    <ul aria-labelledby="not-shared">${entries}
      ${sensitive.length === 0 ? '' : html`<li class="off-sensitive">${messages.sensitive}</li><li class="part-sensitive">${messages.partlySensitive}</li>`}
    </ul></div>
  </div>`;
}
