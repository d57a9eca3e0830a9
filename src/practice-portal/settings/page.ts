import { type ColorScheme, DARK, LIGHT } from '../../design/index.ts';
import { formatList, getMessages, type Language, type PageContext } from '../../i18n/index.ts';
import { emptyHtml, type Html, html } from '../../kernel/index.ts';
import {
  type AccentColors,
  accentColors,
  isTimeZone,
  type MissingBrandDetail,
  type PracticeDetails,
  type PracticeSettings,
} from '../../practices/index.ts';
import { errorSummary, type FormFieldError, hiddenField, pageTitle, textField } from '../../web-pages/index.ts';
import type { StaffContext } from '../roles.ts';
import { practicePath, renderStaffPage } from '../staff-page.ts';
import { timeZoneChoices, timeZoneLabel } from '../time-zones.ts';

export interface SettingsContext extends StaffContext {
  readonly csrf: string;
  readonly settings: PracticeSettings;
}

export interface SettingsPage extends SettingsContext {
  /** Values in the form: as typed, or else as stored. */
  readonly given: PracticeDetails;
  readonly errors: readonly FormFieldError[];
  /** Whether the list of practice brands isn't published, because this practice still has its placeholder name. */
  readonly unpublished: boolean;
  /** Text that confirms the preceding action. undefined if there was none. */
  readonly done: string | undefined;
}

export const settingsPath = ({ settings }: SettingsContext, ...further: readonly string[]): string =>
  [practicePath(settings.practiceId, 'settings'), ...further].join('/');

export const settingsMessages = (language: Language) => getMessages(language).practicePortal.settings;

/** Renders the page with the practice details that patients see. */
export function renderSettingsPage(pageContext: PageContext, page: SettingsPage): Html {
  const { settings, errors, done, csrf, unpublished } = page;
  const { language } = pageContext;
  const messages = settingsMessages(language);
  const body = html`
${done === undefined ? '' : html`<div class="note" role="status"><p>${done}</p></div>`}
${errorSummary(pageContext, errors)}
<div class="heading"><h1>${messages.title}</h1><p><a class="button secondary" href="${settingsPath(page, 'preview')}">${messages.preview}</a></p></div>
<p class="lead">${messages.lead(settings.name)}</p>
${unpublished ? unpublishedNote(language, settings.name) : ''}
${settings.missing.length === 0 ? '' : missingDataNote(language, settings.missing)}
<ul class="cards">
  <li><h2><a href="${settingsPath(page, 'api')}">${settings.enabled ? messages.api.on : messages.api.off}</a></h2><p>${settings.enabled ? messages.api.onText : messages.api.offText}</p></li>
  <li><h2><a href="${settingsPath(page, 'logo')}">${settings.hasLogo ? messages.changeLogo : messages.addLogo}</a></h2><p>${messages.logoText}</p></li>
</ul>
<form method="post" action="${settingsPath(page)}">${hiddenField('csrf', csrf)}
  ${renderFields(pageContext, page)}
  <button>${messages.button}</button>
</form>`;
  return renderStaffPage(pageContext, {
    ...page,
    title: pageTitle(pageContext, errors, messages.title),
    body,
    currentPath: settingsPath(page),
  });
}

const unpublishedNote = (language: Language, name: string): Html => html`
<div class="note"><p>${settingsMessages(language).unpublishedHtml(name)}</p></div>`;

/**
 * Renders a note for a practice that isn't in the list of service base URLs (45 CFR 170.404(b)(2)), because required
 * details are missing.
 */
function missingDataNote(language: Language, missing: readonly MissingBrandDetail[]): Html {
  const { notListedHtml, missingDetails } = settingsMessages(language);
  const names = missing.map((one) => missingDetails[one]);
  return html`
<div class="note"><p>${notListedHtml(formatList(language, names))}</p></div>`;
}

function renderFields(pageContext: PageContext, { given, errors }: SettingsPage): Html {
  const text = (field: Omit<Parameters<typeof textField>[1], 'value' | 'autocomplete'>): Html =>
    textField(
      pageContext,
      { ...field, value: given[field.name as keyof PracticeDetails], autocomplete: 'off' },
      errors,
    );
  const { language } = pageContext;
  const { fields } = settingsMessages(language);
  return html`
  <fieldset class="card"><legend>${fields.groups.practice}</legend>
  ${text({ name: 'name', label: fields.name, maxlength: 100 })}
  ${renderAddressField(language, given.address, errors)}
  ${text({ name: 'npi', label: fields.npi, hint: fields.npiHint, maxlength: 20, narrow: true })}
  </fieldset>
  <fieldset class="card"><legend>${fields.groups.contact}</legend>
  ${text({ name: 'phone', label: fields.phone, hint: fields.phoneHint, type: 'tel', maxlength: 40 })}
  ${text({ name: 'email', label: fields.email, hint: fields.emailHint, type: 'email', maxlength: 254 })}
  ${text({ name: 'website', label: fields.website, hint: fields.websiteHint, type: 'url', maxlength: 200 })}
  </fieldset>
  <fieldset class="card"><legend>${fields.groups.display}</legend>
  ${renderTimeZoneField(language, given.timeZone, errors)}
  ${text({ name: 'color', label: fields.color, hint: fields.colorHint, maxlength: 7, narrow: true })}
  ${renderColorPicker(language, given.color)}
  ${renderColorSamples(language, given.color, errors)}
  </fieldset>`;
}

const findError = (name: string, errors: readonly FormFieldError[]) => errors.find(({ field }) => field === name);

export const renderFieldError = (language: Language, name: string, error: FormFieldError | undefined): Html =>
  error === undefined
    ? emptyHtml
    : html`<p class="field-error" id="error-${name}"><b>${getMessages(language).common.error}:</b> ${error.message}</p>`;

/** Renders the attributes that connect a field with its hint and its error, for screen readers. */
export const describedByAttributes = (name: string, error: FormFieldError | undefined): Html =>
  error === undefined
    ? html`aria-describedby="about-${name}"`
    : html`aria-describedby="about-${name} error-${name}" aria-invalid="true"`;

function renderAddressField(language: Language, value: string, errors: readonly FormFieldError[]): Html {
  const { fields } = settingsMessages(language);
  const error = findError('address', errors);
  return html`
  <label for="address">${fields.address}</label>
  <p class="hint" id="about-address">${fields.addressHint}</p>${renderFieldError(language, 'address', error)}
  <textarea id="address" name="address" rows="4" maxlength="400" autocomplete="off" ${describedByAttributes('address', error)}>
${value}</textarea>`;
}

/**
 * Renders a text field with suggestions, because a list of more than 400 time zones is hard to search. The browser
 * filters the suggestions without JavaScript, and the server accepts names that aren't suggested.
 */
function renderTimeZoneField(language: Language, value: string, errors: readonly FormFieldError[]): Html {
  const { fields } = settingsMessages(language);
  const error = findError('timeZone', errors);
  const shown = isTimeZone(value) ? timeZoneLabel(language, value) : value;
  return html`
  <label for="timeZone">${fields.timeZone}</label>
  <p class="hint" id="about-timeZone">${fields.timeZoneHint}</p>${renderFieldError(language, 'timeZone', error)}
  <input id="timeZone" name="timeZone" type="text" list="time-zones" value="${shown}" maxlength="100" autocomplete="off" spellcheck="false" ${describedByAttributes('timeZone', error)}>
  <datalist id="time-zones">${timeZoneChoices(language).map((choice) => html`<option value="${choice}"></option>`)}</datalist>`;
}

/**
 * Names of the fields of the color picker. Its value counts only if it differs from the value that the page showed,
 * because a picker can't be empty and a color can also be typed.
 */
export const COLOR_PICKER = { picked: 'color-picked', shown: 'color-shown' } as const;

function renderColorPicker(language: Language, color: string): Html {
  const value = /^#[0-9a-f]{6}$/.test(color) ? color : LIGHT.accent;
  const { picked, shown } = COLOR_PICKER;
  return html`
  <label class="visually-hidden" for="${picked}">${settingsMessages(language).fields.colorPicker}</label>
  <input id="${picked}" name="${picked}" type="color" value="${value}">${hiddenField(shown, value)}`;
}

/**
 * Renders a link and a button in the practice's color, as adjusted for light and for dark pages. SVG attributes set the
 * colors, since the content security policy of the pages forbids inline styles.
 */
function renderColorSamples(language: Language, color: string, errors: readonly FormFieldError[]): Html {
  if (color === '' || findError('color', errors) !== undefined) return emptyHtml;
  const { colorSample } = settingsMessages(language).fields;
  const { light, dark } = accentColors(color);
  return html`
  <div class="swatches">${renderColorSample(light, LIGHT, colorSample.light(light.accent))}${renderColorSample(dark, DARK, colorSample.dark(dark.accent))}</div>`;
}

const renderColorSample = ({ accent, onAccent }: AccentColors, scheme: ColorScheme, description: string): Html => html`
<svg class="swatch" width="240" height="64" role="img" aria-label="${description}"><rect x="0.5" y="0.5" width="239" height="63" rx="7.5" fill="${scheme.surface}" stroke="${LIGHT.lineStrong}"/><text x="24" y="38" fill="${accent}" font-size="18" font-weight="600" text-decoration="underline">Aa</text><rect x="72" y="12" width="152" height="40" rx="6" fill="${accent}"/><text x="148" y="38" text-anchor="middle" fill="${onAccent}" font-size="18" font-weight="600">Aa</text></svg>`;

export interface ApiSwitchPage extends SettingsContext {
  readonly errors: readonly FormFieldError[];
}

export function renderApiSwitchPage(pageContext: PageContext, page: ApiSwitchPage): Html {
  const { settings, errors, csrf } = page;
  const { language } = pageContext;
  const { title: settingsTitle, api: messages } = settingsMessages(language);
  const title = settings.enabled ? messages.titleOff : messages.titleOn;
  const errorAttributes = errors.length > 0 && html`aria-describedby="error-sure" aria-invalid="true"`;
  const form = html`
<form method="post" action="${settingsPath(page, 'api')}">${hiddenField('csrf', csrf)}${hiddenField('enabled', settings.enabled ? 'no' : 'yes')}
  <fieldset><legend>${messages.confirm}</legend>${renderFieldError(language, 'sure', errors[0])}
    <div class="checkbox-row"><input type="checkbox" id="sure" name="sure" value="yes" ${errorAttributes}>
      <label for="sure">${settings.enabled ? messages.confirmOff : messages.confirmOn}</label></div>
  </fieldset>
  <button>${settings.enabled ? messages.buttonOff : messages.buttonOn}</button>
</form>`;
  const body = html`
<p class="back"><a href="${settingsPath(page)}">${settingsTitle}</a></p>
${errorSummary(pageContext, errors)}
<h1>${title}</h1>
${settings.enabled ? messages.offConsequencesHtml : messages.onConsequencesHtml}
${settings.closedByOperator ? html`<div class="note"><p>${messages.sandboxOff}</p></div>` : form}`;
  return renderStaffPage(pageContext, {
    ...page,
    title: pageTitle(pageContext, errors, title),
    body,
    currentPath: settingsPath(page),
  });
}
