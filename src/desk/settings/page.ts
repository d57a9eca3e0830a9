import { html } from 'ghtml';
import { errorSummary, type FieldFault, hidden, textField, titleWith } from '../../pages/index.ts';
import {
  AMERICAN_TIME_ZONES,
  type Details,
  type Missing,
  type PracticeSettings,
  TIME_ZONES,
} from '../../practices/index.ts';
import type { Frame } from '../../words/index.ts';
import { deskPage, deskPath } from '../frame.ts';
import type { AtDesk } from '../roles.ts';

export interface SettingsBasis extends AtDesk {
  readonly csrf: string;
  readonly settings: PracticeSettings;
}

export interface SettingsPage extends SettingsBasis {
  /** Values as typed, or the stored ones. */
  readonly given: Details;
  readonly faults: readonly FieldFault[];
  /** Whether the practice's placeholder name keeps the list of brands from being published. */
  readonly unpublished: boolean;
  /** Confirmation of the preceding action. */
  readonly done: string | undefined;
}

export const settingsPath = ({ settings }: SettingsBasis, ...further: readonly string[]): string =>
  [deskPath(settings.practiceId, 'settings'), ...further].join('/');

/** Page with the practice details that patients see. */
export function settingsPage(pageContext: Frame, page: SettingsPage): string {
  const { settings, faults: errors, done, csrf, unpublished } = page;
  const body = html`
!${done === undefined ? '' : html`<div class="note" role="status"><p>${done}</p></div>`}
!${errorSummary(pageContext, errors)}
<h1>Practice page</h1>
<p class="lead">What patients read on the pages and in the mail of ${settings.name}. <a href="${settingsPath(page, 'preview')}">See it as they do</a></p>
!${unpublished ? unpublishedNote(settings.name) : ''}
!${settings.missing.length === 0 ? '' : leftOutNote(settings.missing)}
<ul class="list">
  <li><a href="${settingsPath(page, 'api')}">!${settings.enabled ? 'Apps can read' : '<b>Apps can’t read</b>'}: change it</a></li>
  <li><a href="${settingsPath(page, 'logo')}">${settings.hasLogo ? 'Change the logo' : 'Add a logo'}</a></li>
</ul>
<form method="post" action="${settingsPath(page)}">!${hidden('csrf', csrf)}
  !${fields(pageContext, page)}
  <button>Save</button>
</form>`;
  return deskPage(pageContext, {
    ...page,
    title: titleWith(pageContext, errors, 'Practice page'),
    body,
    here: settingsPath(page),
  });
}

const unpublishedNote = (name: string): string => html`
<div class="note"><p><b>Apps can’t find this practice yet.</b> Patients don’t know it by the name “${name}”, so nothing new is published to apps. Enter the name that patients know, below, and save.</p></div>`;

const MISSING: Readonly<Record<Missing, string>> = { location: 'an address', identifier: 'an NPI' };

/** Note for a practice whose missing data keeps it out of the service base URL list. 45 CFR 170.404(b)(2). */
const leftOutNote = (missing: readonly Missing[]): string => html`
<div class="note"><p><b>This practice is not in the list of service base URLs.</b> Apps use <a href="/service-base-urls">this list</a> to find practices. Enter ${missing.map((one) => MISSING[one]).join(' and ')} to add it.</p></div>`;

function fields(pageContext: Frame, { given, faults: errors }: SettingsPage): string {
  const text = (field: Omit<Parameters<typeof textField>[1], 'value' | 'autocomplete'>): string =>
    textField(pageContext, { ...field, value: given[field.name as keyof Details], autocomplete: 'off' }, errors);
  return html`
  !${text({ name: 'name', label: 'Name', maxlength: 100 })}
  !${text({ name: 'phone', label: 'Phone', hint: 'For questions. Such as 555-010-2030.', type: 'tel', maxlength: 40 })}
  !${text({ name: 'email', label: 'E-mail address', hint: 'Answers to mail go there.', type: 'email', maxlength: 254 })}
  !${text({ name: 'website', label: 'Website', hint: 'Must begin with https://', type: 'url', maxlength: 200 })}
  !${area(given.address, errors)}
  !${text({
    name: 'npi',
    label: 'NPI',
    hint: 'National Provider Identifier of the practice, ten digits. The list of service base URLs shows it.',
    maxlength: 20,
    narrow: true,
  })}
  !${zone(given.timeZone, errors)}
  !${text({
    name: 'color',
    label: 'Color',
    hint: 'Of links and buttons, as # and six digits, such as #0b5f6b. It must be dark enough to be read on white.',
    maxlength: 7,
    narrow: true,
  })}
  !${swatch(given.color, errors)}`;
}

const faultOf = (name: string, errors: readonly FieldFault[]) => errors.find(({ field }) => field === name);

const wrong = (name: string, error: FieldFault | undefined): string =>
  error === undefined ? '' : html`<p class="wrong" id="fault-${name}"><b>Error:</b> ${error.message}</p>`;

const describedBy = (name: string, error: FieldFault | undefined): string =>
  error === undefined
    ? html`aria-describedby="about-${name}"`
    : html`aria-describedby="about-${name} fault-${name}" aria-invalid="true"`;

function area(value: string, errors: readonly FieldFault[]): string {
  const error = faultOf('address', errors);
  return html`
  <label for="address">Address</label>
  <p class="hint" id="about-address">As on an envelope, at most 6 lines.</p>!${wrong('address', error)}
  <textarea id="address" name="address" rows="4" maxlength="400" autocomplete="off" !${describedBy('address', error)}>
${value}</textarea>`;
}

function zone(value: string, errors: readonly FieldFault[]): string {
  const error = faultOf('timeZone', errors);
  const option = (name: string, index: number): string =>
    html`<option value="${name}" !${name === value && index >= 0 ? 'selected' : ''}>${name.replaceAll('_', ' ')}</option>`;
  const others = TIME_ZONES.filter((name) => !AMERICAN_TIME_ZONES.includes(name));
  return html`
  <label for="timeZone">Time zone</label>
  <p class="hint" id="about-timeZone">Patients are told times in it.</p>!${wrong('timeZone', error)}
  <select id="timeZone" name="timeZone" !${describedBy('timeZone', error)}>
    <optgroup label="United States">!${AMERICAN_TIME_ZONES.map(option).join('')}</optgroup>
    <optgroup label="All others">!${others.map(option).join('')}</optgroup>
  </select>`;
}

/** The color is set by SVG attributes, since the content security policy of the pages forbids inline styles. */
const swatch = (color: string, errors: readonly FieldFault[]): string =>
  color === '' || faultOf('color', errors) !== undefined
    ? ''
    : html`
  <svg class="swatch" width="192" height="48" role="img" aria-label="White text on this color"><rect width="192" height="48" rx="6" fill="${color}"/><text x="96" y="31" text-anchor="middle" fill="#ffffff" font-size="18" font-weight="700">Continue</text></svg>`;

export interface LogoPage extends SettingsBasis {
  /** Path of the current logo. */
  readonly logo: string | undefined;
  readonly fault: string | undefined;
}

export function logoPage(pageContext: Frame, page: LogoPage): string {
  const { settings, csrf, logo, fault: error } = page;
  const errors = error === undefined ? [] : [{ field: 'logo', message: error }];
  const title = 'Logo';
  const body = html`
<p class="back"><a href="${settingsPath(page)}">Practice page</a></p>
!${errorSummary(pageContext, errors)}
<h1>${title}</h1>
!${logo === undefined ? html`<p>There is none.</p>` : html`<p><img class="logo" src="${logo}" alt="The logo of ${settings.name}" height="80"></p>`}
<form method="post" action="${settingsPath(page, 'logo')}" enctype="multipart/form-data">!${hidden('csrf', csrf)}
  <label for="logo">Choose a picture</label>
  <p class="hint" id="about-logo">PNG, JPEG or WebP, at most 200 KB and 2000 pixels each way. It is shown 40 pixels high, before the name.</p>!${wrong('logo', errors[0])}
  <input id="logo" name="logo" type="file" accept="image/png,image/jpeg,image/webp" !${describedBy('logo', errors[0])}>
  <button>Use it</button>
</form>
!${
    logo === undefined
      ? ''
      : html`
<form method="post" action="${settingsPath(page, 'logo', 'remove')}">!${hidden('csrf', csrf)}
  <button class="second">Remove the logo</button>
</form>`
  }`;
  return deskPage(pageContext, {
    ...page,
    title: titleWith(pageContext, errors, title),
    body,
    here: settingsPath(page),
  });
}

export interface ApiPage extends SettingsBasis {
  readonly faults: readonly FieldFault[];
}

export function apiPage(pageContext: Frame, page: ApiPage): string {
  const { settings, faults: errors, csrf } = page;
  const title = settings.enabled ? 'Stop apps from reading?' : 'Let apps read again?';
  const form = html`
<form method="post" action="${settingsPath(page, 'api')}">!${hidden('csrf', csrf)}!${hidden('enabled', settings.enabled ? 'no' : 'yes')}
  <fieldset><legend>Are you sure?</legend>!${wrong('sure', errors[0])}
    <div class="tick"><input type="checkbox" id="sure" name="sure" value="yes" !${errors.length === 0 ? '' : 'aria-describedby="fault-sure" aria-invalid="true"'}>
      <label for="sure">${settings.enabled ? 'Yes: no app may read from this practice' : 'Yes: apps may read from this practice'}</label></div>
  </fieldset>
  <button>${settings.enabled ? 'Turn the API off' : 'Turn the API on'}</button>
</form>`;
  const body = html`
<p class="back"><a href="${settingsPath(page)}">Practice page</a></p>
!${errorSummary(pageContext, errors)}
<h1>${title}</h1>
!${settings.enabled ? OFF_MEANS : ON_MEANS}
!${settings.shut ? SHUT : form}`;
  return deskPage(pageContext, {
    ...page,
    title: titleWith(pageContext, errors, title),
    body,
    here: settingsPath(page),
  });
}

const OFF_MEANS = html`
<p>The API is <b>on</b>. If you turn it off:</p>
<ul>
  <li>No app reads anything from this practice, within a second: neither the patients’ apps, nor your staff’s, nor any other system.</li>
  <li>Each app is told that the practice has turned its API off.</li>
  <li>Patients can’t connect apps to their record here, and nothing they allowed is lost.</li>
</ul>
<p>Patients have a right to their data in the app they choose (45 CFR 171). Turn it off for an emergency, and only as long as you must.</p>`;

const ON_MEANS = html`
<p>The API is <b>off</b>: no app reads anything from this practice. If you turn it on, apps can read again what patients and staff allowed them before, as far as that has not run out.</p>`;

const SHUT = html`
<div class="note"><p>The operator runs this server without its sandbox: this practice’s API opens when the operator turns that on.</p></div>`;
