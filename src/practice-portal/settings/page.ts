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
<h1>Practice settings</h1>
<p class="lead">Patients see these details on the pages and in the emails of ${settings.name}. <a href="${settingsPath(page, 'preview')}">Preview what patients see</a></p>
${unpublished ? unpublishedNote(settings.name) : ''}
${settings.missing.length === 0 ? '' : missingDataNote(settings.missing)}
<ul class="list">
  <li><a href="${settingsPath(page, 'api')}">${settings.enabled ? 'The API is on' : html`<b>The API is off</b>`}: change</a></li>
  <li><a href="${settingsPath(page, 'logo')}">${settings.hasLogo ? 'Change the logo' : 'Add a logo'}</a></li>
</ul>
<form method="post" action="${settingsPath(page)}">${hiddenField('csrf', csrf)}
  ${renderFields(pageContext, page)}
  <button>Save changes</button>
</form>`;
  return renderStaffPage(pageContext, {
    ...page,
    title: pageTitle(pageContext, errors, 'Practice settings'),
    body,
    currentPath: settingsPath(page),
  });
}

const unpublishedNote = (name: string): Html => html`
<div class="note"><p><b>Apps can’t find this practice yet.</b> It still has the placeholder name “${name}”, so no new version of the practice list is published to apps. Enter the name that patients know and save.</p></div>`;

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
  ${text({ name: 'phone', label: 'Phone', hint: 'For patients’ questions, such as 555-010-2030.', type: 'tel', maxlength: 40 })}
  ${text({ name: 'email', label: 'Email address', hint: 'Replies to emails go to this address.', type: 'email', maxlength: 254 })}
  ${text({ name: 'website', label: 'Website', hint: 'Must start with https://', type: 'url', maxlength: 200 })}
  ${renderAddressField(given.address, errors)}
  ${text({
    name: 'npi',
    label: 'NPI',
    hint: 'National Provider Identifier of the practice, 10 digits. It appears in the list of service base URLs.',
    maxlength: 20,
    narrow: true,
  })}
  ${renderTimeZoneField(given.timeZone, errors)}
  ${text({
    name: 'color',
    label: 'Color',
    hint: 'Color of links and buttons, as # and 6 hexadecimal digits, such as #0b5f6b. It must be dark enough to read on white.',
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
  <p class="hint" id="about-address">As on an envelope, up to 6 lines.</p>${renderFieldError('address', error)}
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
  <p class="hint" id="about-timeZone">Patients see times in this time zone.</p>${renderFieldError('timeZone', error)}
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
<p class="back"><a href="${settingsPath(page)}">Practice settings</a></p>
${errorSummary(pageContext, errors)}
<h1>${title}</h1>
${logo === undefined ? html`<p>No logo yet.</p>` : html`<p><img class="logo" src="${logo}" alt="The logo of ${settings.name}" height="80"></p>`}
<form method="post" action="${settingsPath(page, 'logo')}" enctype="multipart/form-data">${hiddenField('csrf', csrf)}
  <label for="logo">Logo file</label>
  <p class="hint" id="about-logo">PNG, JPEG or WebP, up to 200 KB and 2000 × 2000 pixels. The logo appears 40 pixels high, next to the name.</p>${renderFieldError('logo', errors[0])}
  <input id="logo" name="logo" type="file" accept="image/png,image/jpeg,image/webp" ${describedByAttributes('logo', errors[0])}>
  <button>Save logo</button>
</form>
${
  logo === undefined
    ? ''
    : html`
<form method="post" action="${settingsPath(page, 'logo', 'remove')}">${hiddenField('csrf', csrf)}
  <button class="second">Remove logo</button>
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
  const title = settings.enabled ? 'Turn off the API?' : 'Turn on the API?';
  const errorAttributes = errors.length > 0 && html`aria-describedby="fault-sure" aria-invalid="true"`;
  const form = html`
<form method="post" action="${settingsPath(page, 'api')}">${hiddenField('csrf', csrf)}${hiddenField('enabled', settings.enabled ? 'no' : 'yes')}
  <fieldset><legend>Are you sure?</legend>${renderFieldError('sure', errors[0])}
    <div class="tick"><input type="checkbox" id="sure" name="sure" value="yes" ${errorAttributes}>
      <label for="sure">${settings.enabled ? 'Yes, stop all apps from reading data of this practice' : 'Yes, let apps read data of this practice'}</label></div>
  </fieldset>
  <button>${settings.enabled ? 'Turn off API' : 'Turn on API'}</button>
</form>`;
  const body = html`
<p class="back"><a href="${settingsPath(page)}">Practice settings</a></p>
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
  <li>Within a second, no app can read data of this practice. This includes patient apps, staff apps and backend systems.</li>
  <li>Apps get an error that says that the practice turned its API off.</li>
  <li>Patients can’t connect apps to their records here. Their existing consents are not affected.</li>
</ul>
<p>Patients have a right to their data in the app they choose (45 CFR 171). Turn the API off only in an emergency, and only for as long as necessary.</p>`;

const ON_CONSEQUENCES = html`
<p>The API is <b>off</b>, so no app can read data of this practice. If you turn it on, apps can again read what patients and staff allowed them, unless that access has expired.</p>`;

const SANDBOX_CLOSED_NOTE = html`
<div class="note"><p>The operator turned off the sandbox of this server. You can’t turn on this practice’s API until the operator turns the sandbox on.</p></div>`;
