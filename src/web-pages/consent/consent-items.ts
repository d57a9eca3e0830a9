import { formatNumber, getMessages, type Language } from '../../i18n/index.ts';
import { attribute, emptyHtml, type Html, html } from '../../kernel/index.ts';
import {
  type ConsentItem,
  type ConsentItemGroup,
  type ConsentPage,
  hasGroupSwitch,
  MAX_COUNTED_ENTRIES,
} from '../../oauth/index.ts';

/** Renders the groups of the consent page, each with a switch and with its items to choose from. */
export function consentItemChoices(page: ConsentPage, language: Language, patientName?: string): Html {
  const { app, groups, includesSupporting } = page;
  const { items: messages } = getMessages(language).consent;
  if (groups.length === 0 && !includesSupporting) return html`<p>${messages.none(patientName)}</p>`;
  return html`
  <fieldset class="groups"><legend>${messages.legend(app.name)}</legend>
    ${groups.some(hasSwitch) ? html`<p class="hint">${messages.hint}</p>` : ''}
    ${groups.filter((group) => !isLocked(group)).map((group) => groupChoice(group, page, language))}
    ${alwaysShared(page, language)}
  </fieldset>`;
}

const hasSwitch = ({ items }: ConsentItemGroup): boolean => hasGroupSwitch(items);

/**
 * Renders what is shared along with any entry, without a switch. The server grants it whatever the form contains. Closed,
 * it shows a short list.
 */
function alwaysShared({ groups, includesSupporting }: ConsentPage, language: Language): Html {
  const { items: messages } = getMessages(language).consent;
  const items = groups.filter(isLocked).flatMap((group) => group.items);
  if (items.length === 0 && !includesSupporting) return emptyHtml;
  const labels = [...items.map(({ label }) => label), ...(includesSupporting ? [messages.along] : [])];
  return html`
    <details class="data-group locked"><summary><b>${messages.always}</b><span>${messages.inGroup(labels, 0)}</span></summary>
      ${items.map(({ label, detail, isNew }) => html`<p><b>${label}</b>${newTag(isNew, language)} ${detail} ${messages.locked}</p>`)}
      ${includesSupporting && html`<p>${messages.supporting}</p>`}
    </details>`;
}

/** Whether the group has only what is always shared. */
const isLocked = ({ items }: ConsentItemGroup): boolean => items.every(({ required }) => required);

/**
 * Renders a group. Its switch is a field of its own, `group`, and decides about the whole group. A group with one item
 * has no other control, so its switch is the checkbox of the item.
 */
function groupChoice(group: ConsentItemGroup, { counts }: ConsentPage, language: Language): Html {
  const { name, heading, on, items, overlaps } = group;
  const { items: messages } = getMessages(language).consent;
  const [only] = items;
  const single = hasSwitch(group) ? undefined : only;
  const entries = counts[name];
  const isNew = items.every((item) => item.isNew);
  const title = html`${single?.label ?? heading}${entries === undefined ? '' : messages.counted(formatEntries(entries, language))}${newTag(isNew, language)}`;
  const field = single === undefined ? 'group' : 'allow';
  return html`
    <div class="data-group ${name}">
      <input class="switch choice" type="checkbox" role="switch" id="group-${name}" name="${field}" value="${single?.key ?? name}" aria-labelledby="name-${name}" aria-describedby="about-${name}" ${attribute('checked', single?.checked ?? on)}>
      ${single === undefined ? groupItems(group, title, language) : html`<label for="group-${name}"><b id="name-${name}">${title}</b><span id="about-${name}">${single.detail}</span></label>`}
      ${overlaps.map((other) => html`<p class="still">${messages.stillSharedIn(other)}</p>`)}
    </div>`;
}

/** Number of labels that a closed group shows. */
const SHOWN_LABELS = 2;

/**
 * Whether the group is on and has a new item that is checked, beside items of the previous page. Such a group is open
 * at first. Closed, it might not name what is new.
 */
const sharesMoreThanBefore = ({ on, items }: ConsentItemGroup): boolean =>
  on && items.some(({ isNew }) => !isNew) && items.some(({ isNew, checked }) => isNew && checked);

function groupItems(group: ConsentItemGroup, title: Html, language: Language): Html {
  const { name, items } = group;
  const { items: messages } = getMessages(language).consent;
  const labels = items.slice(0, SHOWN_LABELS).map(({ label }) => label);
  return html`<details ${attribute('open', sharesMoreThanBefore(group))}><summary><b id="name-${name}">${title}</b><span id="about-${name}">${messages.inGroup(labels, items.length - labels.length)}</span></summary>
        <div class="items" role="group" aria-labelledby="name-${name}">
          <p class="is-off">${messages.groupIsOff}</p>
          ${items.map((item) => consentItemChoice(item, language))}
        </div>
      </details>`;
}

/** Renders the checkbox of one item. */
function consentItemChoice({ key, label, detail, checked, isNew, mayOverlap }: ConsentItem, language: Language): Html {
  const { items: messages } = getMessages(language).consent;
  return html`
          <div class="checkbox-row">
            <input class="choice" type="checkbox" id="allow-${key}" name="allow" value="${key}" aria-describedby="about-${key}" ${attribute('checked', checked)}>
            <label for="allow-${key}">${label}${newTag(isNew, language)}</label>
            <p id="about-${key}">${detail}${mayOverlap && html` <span class="still">${messages.stillShared}</span>`}</p>
          </div>`;
}

const newTag = (isNew: boolean, language: Language): Html =>
  isNew ? html` <span class="new">${getMessages(language).consent.items.isNew}</span>` : emptyHtml;

const formatEntries = (entries: number, language: Language): string =>
  entries > MAX_COUNTED_ENTRIES ? `${formatNumber(language, MAX_COUNTED_ENTRIES)}+` : formatNumber(language, entries);

/** Largest number of sensitive items that the page shows at once. More of them are opened to choose from. */
const MAX_SENSITIVE_ROWS = 3;

/**
 * Renders the switches for sensitive data, which needs a separate permission. They look the same whether or not the
 * record has such entries.
 */
export function sensitiveChoices(items: readonly ConsentItem[], language: Language, patientName?: string): Html {
  if (items.length === 0) return emptyHtml;
  const { sensitive: messages } = getMessages(language).consent;
  const rows = items.map((item) => sensitiveChoice(item, language));
  return html`
  <fieldset class="groups sensitive" aria-describedby="about-sensitive"><legend>${messages.legend}</legend>
    <p class="hint" id="about-sensitive">${messages.hint(patientName)}</p>
    ${
      items.length <= MAX_SENSITIVE_ROWS
        ? rows
        : html`<details ${attribute(
            'open',
            items.some(({ checked }) => checked),
          )}><summary>${messages.more(items.length)}</summary>${rows}</details>`
    }
  </fieldset>`;
}

const sensitiveChoice = ({ key, label, detail, checked, isNew }: ConsentItem, language: Language): Html => html`
    <div class="data-group">
      <input class="switch choice" type="checkbox" role="switch" id="allow-${key}" name="allow" value="${key}" aria-labelledby="name-${key}" aria-describedby="about-${key}" ${attribute('checked', checked)}>
      <label for="allow-${key}"><b id="name-${key}">${label}${newTag(isNew, language)}</b><span id="about-${key}">${detail}</span></label>
    </div>`;

/** Renders a note about the identity of the person, which the app learns whatever the person chooses. */
export function identityNote({ identity }: ConsentPage, language: Language, patientName?: string): Html {
  if (identity === undefined) return emptyHtml;
  return html`<p class="hint below">${getMessages(language).consent.items.identity[identity](patientName)}</p>`;
}
