import { englishCounts, type PageContext } from '../i18n/index.ts';
import { attribute, emptyHtml, type Html, html } from '../kernel/index.ts';
import type { LaunchPage } from '../oauth/index.ts';
import { layout } from './layout.ts';

type LaunchStep<Name extends LaunchPage['step']> = Extract<LaunchPage, { readonly step: Name }>;

/** Renders the EHR launcher for staff, which has two pages: one to find the patient, and one to choose the app. */
export function launchPage(page: LaunchPage, pageContext: PageContext): Html {
  if (page.step === 'refused') return deniedPage(page, pageContext);
  return page.step === 'patient' ? patientPage(page, pageContext) : appPage(page, pageContext);
}

function patientPage(page: LaunchStep<'patient'>, pageContext: PageContext): Html {
  const body = html`
<p class="back"><a href="/practice">Practice portal</a></p>
<h1>Open an app for a patient</h1>
${signedInAs(page)}
<form method="get" action="${page.path}" role="search">
  <label for="words">Find a patient</label>
  <p class="hint" id="about-words">Part of the name, the date of birth such as 7/4/1974, or the record number (MRN).</p>
  <input id="words" name="words" value="${page.words}" autocomplete="off" spellcheck="false" aria-describedby="about-words">
  <button>Find</button>
</form>
${patientList(page)}
${signOut(page.csrf)}`;
  return layout(pageContext, {
    title: page.words === '' ? 'Open an app for a patient' : `Patients: ${page.words}`,
    body,
  });
}

function patientList({ words, records, isTruncated, path }: LaunchStep<'patient'>): Html {
  if (records.length === 0) {
    const none = words === '' ? 'You don’t have any patients yet.' : `None of your patients match “${words}”.`;
    return html`<h2>No patients</h2><p>${none}</p>`;
  }
  const items = records.map(
    (record) => html`
  <li><a href="${path}?${new URLSearchParams({ patient: record.key })}">${record.personName}</a><p>${recordDescription(record)}</p></li>`,
  );
  return html`
<h2>${heading(records.length, isTruncated)}</h2>
<ul class="list">${items}
</ul>
${isTruncated ? html`<p>There may be more patients. Add a word to narrow the search.</p>` : ''}`;
}

function heading(count: number, cut: boolean): string {
  return cut ? `The first ${englishCounts.patients(count)}` : englishCounts.patients(count);
}

type LaunchRecord = LaunchStep<'app'>['record'];

const recordDescription = ({ birthDate, practiceName }: LaunchRecord): Html =>
  birthDate === null ? html`${practiceName}` : html`Born <span class="date">${birthDate}</span>, ${practiceName}`;

function appPage(page: LaunchStep<'app'>, pageContext: PageContext): Html {
  const { record, error } = page;
  const body = html`
<p class="back"><a href="${page.path}">Choose another patient</a></p>
${error === undefined ? '' : launchErrorBox(error, page)}
<h1>Open an app for ${record.personName}</h1>
<p class="person">${recordDescription(record)}</p>
${page.apps.length === 0 ? NO_APPS : appForm(page)}
${signOut(page.csrf)}`;
  const title = `Open an app for ${record.personName}`;
  return layout(pageContext, { title: error === undefined ? title : `Error: ${title}`, body });
}

const NO_APPS = html`
<div class="note"><p>There are no apps to open for this patient. Your administrator can register a staff app with a launch URL.</p></div>`;

function appForm(page: LaunchStep<'app'>): Html {
  return html`
<form method="post" action="${page.path}">
  <input type="hidden" name="csrf" value="${page.csrf}">
  <input type="hidden" name="patient" value="${page.record.key}">
  ${appChoice(page)}
  ${visitChoice(page)}
  <div class="tick">
    <input type="checkbox" id="banner" name="need_patient_banner" value="yes" aria-describedby="about-banner" ${attribute('checked', page.choices.banner)}>
    <label for="banner">Show the patient’s name in the app</label>
    <p id="about-banner">The app shows at the top whose record is open.</p>
  </div>
  ${moreForTheApp(page)}
  <button>Open the app</button>
</form>`;
}

function appChoice({ apps, choices, error }: LaunchStep<'app'>): Html {
  const items = apps.map(({ clientId, name, provisional }, index) => {
    const checked = choices.app === clientId || apps.length === 1;
    const note = provisional
      ? html`<p id="about-app-${index}">Not approved yet. It can only see test patients.</p>`
      : '';
    return html`
    <div class="tick">
      <input type="radio" id="app-${index}" name="app" value="${clientId}" required ${attribute('aria-describedby', provisional && `about-app-${index}`)} ${attribute('checked', checked)}>
      <label for="app-${index}">${name}</label>
      ${note}
    </div>`;
  });
  return html`
  <fieldset ${attribute('aria-describedby', error?.field === 'app' && 'fault-app')}><legend>App</legend>
    ${launchErrorText('app', error)}${items}
  </fieldset>`;
}

function visitChoice({ encounters, choices, error }: LaunchStep<'app'>): Html {
  if (encounters.length === 0) return emptyHtml;
  const items = encounters.map(
    ({ id, label }) => html`<option value="${id}" ${attribute('selected', choices.encounter === id)}>${label}</option>`,
  );
  return html`
  <label for="encounter">Visit</label>
  ${launchErrorText('encounter', error)}
  <select id="encounter" name="encounter" ${describedByAttributes('encounter', error)}>
    <option value="">No specific visit</option>
    ${items}
  </select>`;
}

/** Renders launch options that few apps support. The section is collapsed unless an option is filled in. */
function moreForTheApp({ choices, error }: LaunchStep<'app'>): Html {
  const filled = choices.intent !== '' || choices.focus !== '';
  return html`
  <details ${attribute('open', filled)}><summary>Advanced options (rarely needed)</summary>
    <p class="hint">Leave these blank unless the person who set up the app gave you values to enter.</p>
    <label for="intent">Task to start with</label>
    <p class="hint" id="about-intent">A keyword that the app supports, such as reconcile-medications.</p>
    ${launchErrorText('intent', error)}
    <input id="intent" name="intent" value="${choices.intent}" maxlength="100" autocomplete="off" autocapitalize="none" spellcheck="false" ${describedByAttributes('intent', error, 'about-intent')}>
    <label for="focus">Chart entry to start with</label>
    <p class="hint" id="about-focus">Its type and ID, such as Condition/123 for a diagnosis.</p>
    ${launchErrorText('focus', error)}
    <input id="focus" name="focus" value="${choices.focus}" autocomplete="off" autocapitalize="none" spellcheck="false" ${describedByAttributes('focus', error, 'about-focus')}>
  </details>`;
}

type LaunchError = LaunchStep<'app'>['error'];

/**
 * Renders the error summary. Screen readers announce it when the page loads, and it links to the field with the error.
 */
function launchErrorBox({ field, message }: NonNullable<LaunchError>, { encounters }: LaunchStep<'app'>): Html {
  // If the patient has no visits, the page has no field for them. The error then links to the first app.
  const target = field === 'app' || (field === 'encounter' && encounters.length === 0) ? 'app-0' : field;
  return html`
<div class="fault" role="alert"><h2>There is a problem</h2><p><a href="#${target}">${message}</a></p></div>`;
}

const launchErrorText = (field: string, error: LaunchError): Html =>
  error?.field === field ? html`<p class="wrong" id="fault-${field}"><b>Error:</b> ${error.message}</p>` : emptyHtml;

function describedByAttributes(field: string, error: LaunchError, ...hints: readonly string[]): Html {
  const wrong = error?.field === field;
  const ids = [...hints, ...(wrong ? [`fault-${field}`] : [])];
  return html`${attribute('aria-describedby', ids.length > 0 && ids.join(' '))} ${attribute('aria-invalid', wrong && 'true')}`;
}

function deniedPage(page: LaunchStep<'refused'>, pageContext: PageContext): Html {
  const body = html`
<h1>This page is for staff</h1>
<p class="lead">Practice staff open apps for their patients here. You are signed in as <b>${page.personName}</b>, which is a patient account.</p>
<p><a href="${page.switchAccountPath}">Sign in with another account</a>, or <a href="/">go to the home page</a>.</p>
${signOut(page.csrf)}`;
  return layout(pageContext, { title: 'For staff only', body });
}

const signedInAs = ({ personName, switchAccountPath }: LaunchPage): Html =>
  html`<p class="person">You are signed in as <b>${personName}</b>. <a href="${switchAccountPath}">Not you?</a></p>`;

const signOut = (csrf: string): Html =>
  html`<form method="post" action="/sign-out"><input type="hidden" name="csrf" value="${csrf}"><button class="plain">Sign out</button></form>`;
