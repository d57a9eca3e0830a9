import { getMessages, type Language } from '../../i18n/index.ts';
import { attribute, emptyHtml, type Html, html } from '../../kernel/index.ts';
import type { ConsentItem, ConsentItemGroup, ConsentPage } from '../../oauth/index.ts';

/** Renders the checkboxes of the consent page, one for each data category. */
export function consentItemChoices(
  { app, groups, includesSupporting }: ConsentPage,
  language: Language,
  patientName?: string,
): Html {
  const { items: messages } = getMessages(language).consent;
  if (groups.length === 0) return includesSupporting ? emptyHtml : html`<p>${messages.none(patientName)}</p>`;
  const grouped = groups.filter(({ heading }) => heading !== undefined);
  const ungrouped = groups.filter(({ heading }) => heading === undefined).flatMap(({ items }) => items);
  // A scope can grant data but not exclude any. An entry that is in two categories is therefore shared if either of
  // them is checked, and the hint says so.
  return html`
  <fieldset class="kinds"><legend>${messages.legend(app.name)}</legend>
    ${groups.some(({ hasCategories }) => hasCategories) ? html`<p class="hint">${messages.several}</p>` : ''}
    ${ungrouped.map((line) => consentItemChoice(line, language))}
    ${grouped.map((group) => groupChoices(group, language))}
  </fieldset>`;
}

const groupChoices = ({ heading, items }: ConsentItemGroup, language: Language): Html => html`
    <fieldset><legend>${heading}</legend>${items.map((line) => consentItemChoice(line, language))}
    </fieldset>`;

/** Renders the checkboxes for sensitive data, which needs a separate permission. */
export function sensitiveChoices(lines: readonly ConsentItem[], language: Language, patientName?: string): Html {
  if (lines.length === 0) return emptyHtml;
  const { sensitive: messages } = getMessages(language).consent;
  return html`
  <fieldset aria-describedby="about-sensitive"><legend>${messages.legend}</legend>
    <p class="hint" id="about-sensitive">${messages.hint(patientName)}</p>
    ${lines.map((line) => consentItemChoice(line, language))}
  </fieldset>`;
}

/**
 * Renders one checkbox. A required item is checked and can't be changed; the server grants it whatever the form
 * contains.
 */
function consentItemChoice({ key, label, detail, checked, required, isNew }: ConsentItem, language: Language): Html {
  const { items: messages } = getMessages(language).consent;
  return html`
    <div class="tick">
      <input type="checkbox" id="allow-${key}" name="allow" value="${key}" aria-describedby="about-${key}" ${attribute('checked', checked)} ${attribute('disabled', required)}>
      <label for="allow-${key}">${label}${isNew ? html` <span class="new">${messages.isNew}</span>` : ''}</label>
      <p id="about-${key}">${detail}${required ? html` <b>${messages.locked}</b>` : ''}</p>
    </div>`;
}

/**
 * Renders a note about data that is shared without a checkbox of its own: supporting resource types and the person's
 * identity.
 */
export function includedDataNote(
  { includesSupporting, identity }: ConsentPage,
  language: Language,
  patientName?: string,
): Html {
  const { items: messages } = getMessages(language).consent;
  const notes = [
    ...(includesSupporting ? [messages.supporting] : []),
    ...(identity === undefined ? [] : [messages.identity[identity](patientName)]),
  ];
  return notes.length === 0 ? emptyHtml : html`<p class="hint below">${notes.join(' ')}</p>`;
}
