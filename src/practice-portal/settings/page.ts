import type { PageContext } from '../../i18n/index.ts';
import { attribute, emptyHtml, type Html, html } from '../../kernel/index.ts';
import {
  AMERICAN_TIME_ZONES,
  type MissingBrandDetail,
  type PracticeDetails,
  type PracticeSettings,
  TIME_ZONES,
} from '../../practices/index.ts';
import { errorSummary, type FormFieldError, hiddenField, pageTitle, textField } from '../../web-pages/index.ts';
import type { StaffContext } from '../roles.ts';
import { practicePath, renderStaffPage } from '../staff-page.ts';

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

/** Renders the page with the practice details that patients see. */
export function renderSettingsPage(pageContext: PageContext, page: SettingsPage): Html {
  const { settings, errors, done, csrf, unpublished } = page;
  const body = html`
${done === undefined ? '' : html`<div class="note" role="status"><p>${done}</p></div>`}
${errorSummary(pageContext, errors)}
<h1>Practice page</h1>
<p class="lead">What patients read on the pages and in the mail of ${settings.name}. <a href="${settingsPath(page, 'preview')}">See it as they do</a></p>
${unpublished ? unpublishedNote(settings.name) : ''}
${settings.missing.length === 0 ? '' : missingDataNote(settings.missing)}
<ul class="list">
  <li><a href="${settingsPath(page, 'api')}">${settings.enabled ? 'Apps can read' : html`<b>Apps can’t read</b>`}: change it</a></li>
  <li><a href="${settingsPath(page, 'logo')}">${settings.hasLogo ? 'Change the logo' : 'Add a logo'}</a></li>
</ul>
<form method="post" action="${settingsPath(page)}">${hiddenField('csrf', csrf)}
  ${renderFields(pageContext, page)}
  <button>Save</button>
</form>`;
  return renderStaffPage(pageContext, {
    ...page,
    title: pageTitle(pageContext, errors, 'Practice page'),
    body,
    currentPath: settingsPath(page),
  });
}

const unpublishedNote = (name: string): Html => html`
<div class="note"><p><b>Apps can’t find this practice yet.</b> Patients don’t know it by the name “${name}”, so nothing new is published to apps. Enter the name that patients know, below, and save.</p></div>`;

const MISSING_NAMES: Readonly<Record<MissingBrandDetail, string>> = { location: 'an address', identifier: 'an NPI' };

/**
 * Renders a note for a practice that isn't in the list of service base URLs (45 CFR 170.404(b)(2)), because required
 * details are missing.
 */
const missingDataNote = (missing: readonly MissingBrandDetail[]): Html => html`
<div class="note"><p><b>This practice is not in the list of service base URLs.</b> Apps use <a href="/service-base-urls">this list</a> to find practices. Enter ${missing.map((one) => MISSING_NAMES[one]).join(' and ')} to add it.</p></div>`;

function renderFields(pageContext: PageContext, { given, errors }: SettingsPage): Html {
  const text = (field: Omit<Parameters<typeof textField>[1], 'value' | 'autocomplete'>): Html =>
    textField(
      pageContext,
      { ...field, value: given[field.name as keyof PracticeDetails], autocomplete: 'off' },
      errors,
    );
  return html`
  ${text({ name: 'name', label: 'Name', maxlength: 100 })}
  ${text({ name: 'phone', label: 'Phone', hint: 'For questions. Such as 555-010-2030.', type: 'tel', maxlength: 40 })}
  ${text({ name: 'email', label: 'E-mail address', hint: 'Answers to mail go there.', type: 'email', maxlength: 254 })}
  ${text({ name: 'website', label: 'Website', hint: 'Must begin with https://', type: 'url', maxlength: 200 })}
  ${renderAddressField(given.address, errors)}
  ${text({
    name: 'npi',
    label: 'NPI',
    hint: 'National Provider Identifier of the practice, ten digits. The list of service base URLs shows it.',
    maxlength: 20,
    narrow: true,
  })}
  ${renderTimeZoneField(given.timeZone, errors)}
  ${text({
    name: 'color',
    label: 'Color',
    hint: 'Of links and buttons, as # and six digits, such as #0b5f6b. It must be dark enough to be read on white.',
    maxlength: 7,
    narrow: true,
  })}
  ${renderColorSample(given.color, errors)}`;
}

const findError = (name: string, errors: readonly FormFieldError[]) => errors.find(({ field }) => field === name);

const renderFieldError = (name: string, error: FormFieldError | undefined): Html =>
  error === undefined ? emptyHtml : html`<p class="wrong" id="fault-${name}"><b>Error:</b> ${error.message}</p>`;

const describedByAttributes = (name: string, error: FormFieldError | undefined): Html =>
  error === undefined
    ? html`aria-describedby="about-${name}"`
    : html`aria-describedby="about-${name} fault-${name}" aria-invalid="true"`;

function renderAddressField(value: string, errors: readonly FormFieldError[]): Html {
  const error = findError('address', errors);
  return html`
  <label for="address">Address</label>
  <p class="hint" id="about-address">As on an envelope, at most 6 lines.</p>${renderFieldError('address', error)}
  <textarea id="address" name="address" rows="4" maxlength="400" autocomplete="off" ${describedByAttributes('address', error)}>
${value}</textarea>`;
}

function renderTimeZoneField(value: string, errors: readonly FormFieldError[]): Html {
  const error = findError('timeZone', errors);
  const option = (name: string, index: number): Html =>
    html`<option value="${name}" ${attribute('selected', name === value && index >= 0)}>${name.replaceAll('_', ' ')}</option>`;
  const others = TIME_ZONES.filter((name) => !AMERICAN_TIME_ZONES.includes(name));
  return html`
  <label for="timeZone">Time zone</label>
  <p class="hint" id="about-timeZone">Patients are told times in it.</p>${renderFieldError('timeZone', error)}
  <select id="timeZone" name="timeZone" ${describedByAttributes('timeZone', error)}>
    <optgroup label="United States">${AMERICAN_TIME_ZONES.map(option)}</optgroup>
    <optgroup label="All others">${others.map(option)}</optgroup>
  </select>`;
}

/**
 * Renders a sample of the practice's color. SVG attributes set the color, since the content security policy of the
 * pages forbids inline styles.
 */
const renderColorSample = (color: string, errors: readonly FormFieldError[]): Html =>
  color === '' || findError('color', errors) !== undefined
    ? emptyHtml
    : html`
  <svg class="swatch" width="192" height="48" role="img" aria-label="White text on this color"><rect width="192" height="48" rx="6" fill="${color}"/><text x="96" y="31" text-anchor="middle" fill="#ffffff" font-size="18" font-weight="700">Continue</text></svg>`;

export interface LogoPage extends SettingsContext {
  /** Path of the current logo. undefined if the practice has none. */
  readonly logo: string | undefined;
  readonly error: string | undefined;
}

export function renderLogoPage(pageContext: PageContext, page: LogoPage): Html {
  const { settings, csrf, logo, error } = page;
  const errors = error === undefined ? [] : [{ field: 'logo', message: error }];
  const title = 'Logo';
  const body = html`
<p class="back"><a href="${settingsPath(page)}">Practice page</a></p>
${errorSummary(pageContext, errors)}
<h1>${title}</h1>
${logo === undefined ? html`<p>There is none.</p>` : html`<p><img class="logo" src="${logo}" alt="The logo of ${settings.name}" height="80"></p>`}
<form method="post" action="${settingsPath(page, 'logo')}" enctype="multipart/form-data">${hiddenField('csrf', csrf)}
  <label for="logo">Choose a picture</label>
  <p class="hint" id="about-logo">PNG, JPEG or WebP, at most 200 KB and 2000 pixels each way. It is shown 40 pixels high, before the name.</p>${renderFieldError('logo', errors[0])}
  <input id="logo" name="logo" type="file" accept="image/png,image/jpeg,image/webp" ${describedByAttributes('logo', errors[0])}>
  <button>Use it</button>
</form>
${
  logo === undefined
    ? ''
    : html`
<form method="post" action="${settingsPath(page, 'logo', 'remove')}">${hiddenField('csrf', csrf)}
  <button class="second">Remove the logo</button>
</form>`
}`;
  return renderStaffPage(pageContext, {
    ...page,
    title: pageTitle(pageContext, errors, title),
    body,
    currentPath: settingsPath(page),
  });
}

export interface ApiSwitchPage extends SettingsContext {
  readonly errors: readonly FormFieldError[];
}

export function renderApiSwitchPage(pageContext: PageContext, page: ApiSwitchPage): Html {
  const { settings, errors, csrf } = page;
  const title = settings.enabled ? 'Stop apps from reading?' : 'Let apps read again?';
  const errorAttributes = errors.length > 0 && html`aria-describedby="fault-sure" aria-invalid="true"`;
  const form = html`
<form method="post" action="${settingsPath(page, 'api')}">${hiddenField('csrf', csrf)}${hiddenField('enabled', settings.enabled ? 'no' : 'yes')}
  <fieldset><legend>Are you sure?</legend>${renderFieldError('sure', errors[0])}
    <div class="tick"><input type="checkbox" id="sure" name="sure" value="yes" ${errorAttributes}>
      <label for="sure">${settings.enabled ? 'Yes: no app may read from this practice' : 'Yes: apps may read from this practice'}</label></div>
  </fieldset>
  <button>${settings.enabled ? 'Turn the API off' : 'Turn the API on'}</button>
</form>`;
  const body = html`
<p class="back"><a href="${settingsPath(page)}">Practice page</a></p>
${errorSummary(pageContext, errors)}
<h1>${title}</h1>
${settings.enabled ? OFF_CONSEQUENCES : ON_CONSEQUENCES}
${settings.closedByOperator ? SANDBOX_CLOSED_NOTE : form}`;
  return renderStaffPage(pageContext, {
    ...page,
    title: pageTitle(pageContext, errors, title),
    body,
    currentPath: settingsPath(page),
  });
}

const OFF_CONSEQUENCES = html`
<p>The API is <b>on</b>. If you turn it off:</p>
<ul>
  <li>No app reads anything from this practice, within a second: neither the patients’ apps, nor your staff’s, nor any other system.</li>
  <li>Each app is told that the practice has turned its API off.</li>
  <li>Patients can’t connect apps to their record here, and nothing they allowed is lost.</li>
</ul>
<p>Patients have a right to their data in the app they choose (45 CFR 171). Turn it off for an emergency, and only as long as you must.</p>`;

const ON_CONSEQUENCES = html`
<p>The API is <b>off</b>: no app reads anything from this practice. If you turn it on, apps can read again what patients and staff allowed them before, as far as that has not run out.</p>`;

const SANDBOX_CLOSED_NOTE = html`
<div class="note"><p>The operator runs this server without its sandbox: this practice’s API opens when the operator turns that on.</p></div>`;
