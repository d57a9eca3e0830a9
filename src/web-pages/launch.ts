import type { FormFieldError } from '../domain/index.ts';
import { formatBirthDate, getMessages, type Messages, type PageContext } from '../i18n/index.ts';
import { attribute, emptyHtml, type Html, html } from '../kernel/index.ts';
import type { LaunchPage } from '../oauth/index.ts';
import { errorSummary, signedInAs, signOutForm } from './forms.ts';
import { signedInUser } from './header.ts';
import { layout } from './layout.ts';
import { visitText } from './visit-text.ts';

type LaunchStep<Name extends LaunchPage['step']> = Extract<LaunchPage, { readonly step: Name }>;

/** Renders the EHR launcher for staff, which has two pages: one to find the patient, and one to choose the app. */
export function launchPage(page: LaunchPage, pageContext: PageContext): Html {
  if (page.step === 'refused') return deniedPage(page, pageContext);
  return page.step === 'patient' ? patientPage(page, pageContext) : appPage(page, pageContext);
}

const launcherMessages = ({ language }: PageContext): Messages['practicePortal']['launcher'] =>
  getMessages(language).practicePortal.launcher;

/** Renders a page of the launcher with the header of staff pages. Its patients can belong to several practices. */
function launcherLayout(page: LaunchPage, pageContext: PageContext, title: string, body: Html): Html {
  const { launcher: messages, shared } = getMessages(pageContext.language).practicePortal;
  const { path, csrf, personName: displayName } = page;
  const search = { path, parameter: 'words', label: messages.search.label, isOnPage: page.step === 'patient' };
  const links = [
    { path: '/practice', text: messages.practicePortal },
    { path, text: shared.nav.launch },
  ];
  return layout(pageContext, {
    title,
    body,
    dense: true,
    header: {
      navigation: { label: messages.practicePortal, links, currentPath: path, search },
      user: signedInUser(pageContext, { kind: 'staff', displayName, administrator: false, csrf }),
    },
  });
}

function patientPage(page: LaunchStep<'patient'>, pageContext: PageContext): Html {
  const messages = launcherMessages(pageContext);
  const body = html`
<h1>${messages.title}</h1>
${signedInAs(pageContext, { name: page.personName, switchPath: page.switchAccountPath })}
<form class="search-row" method="get" action="${page.path}" role="search">
  <label for="words">${messages.search.label}</label>
  <p class="hint" id="about-words">${messages.search.hint}</p>
  <input type="search" id="words" name="words" value="${page.words}" data-search autocomplete="off" spellcheck="false" aria-describedby="about-words">
  <button>${messages.search.button}</button>
</form>
${patientList(page, pageContext)}`;
  const title = page.words === '' ? messages.title : messages.resultsTitle(page.words);
  return launcherLayout(page, pageContext, title, body);
}

function patientList({ words, records, isTruncated, path }: LaunchStep<'patient'>, pageContext: PageContext): Html {
  const messages = launcherMessages(pageContext);
  const { noPatients } = messages;
  if (records.length === 0)
    return html`<div class="empty-state"><h2>${noPatients.title}</h2><p>${words === '' ? noPatients.text : noPatients.textOfSearch(words)}</p></div>`;
  const items = records.map(
    (record) => html`
  <li><a href="${path}?${new URLSearchParams({ patient: record.key })}">${record.personName}</a><p>${recordDescription(record, pageContext)}</p></li>`,
  );
  return html`
<h2>${(isTruncated ? messages.firstFound : messages.found)(records.length)}</h2>
<ul class="list links">${items}
</ul>
${isTruncated ? html`<p>${messages.more}</p>` : ''}`;
}

type LaunchRecord = LaunchStep<'app'>['record'];

function recordDescription({ birthDate, practiceName }: LaunchRecord, pageContext: PageContext): Html {
  if (birthDate === null) return html`${practiceName}`;
  const date = formatBirthDate(pageContext.language, birthDate);
  return launcherMessages(pageContext).bornHtml(date, practiceName);
}

function appPage(page: LaunchStep<'app'>, pageContext: PageContext): Html {
  const { record, error } = page;
  const { common } = getMessages(pageContext.language);
  const messages = launcherMessages(pageContext);
  const title = messages.titleFor(record.personName);
  const noApps = html`
<div class="note"><p>${messages.noApps}</p></div>`;
  const body = html`
<p class="back"><a href="${page.chartPath}">${messages.backToChart(record.personName)}</a></p>
${errorSummary(pageContext, launchErrors(page, pageContext))}
<h1>${title}</h1>
<p class="subtitle">${recordDescription(record, pageContext)}. <a href="${page.path}">${messages.otherPatient}</a></p>
${page.apps.length === 0 ? noApps : appForm(page, pageContext)}`;
  return launcherLayout(page, pageContext, error === undefined ? title : common.errorTitle(title), body);
}

function appForm(page: LaunchStep<'app'>, pageContext: PageContext): Html {
  const messages = launcherMessages(pageContext);
  return html`
<form method="post" action="${page.path}">
  <input type="hidden" name="csrf" value="${page.csrf}">
  <input type="hidden" name="patient" value="${page.record.key}">
  ${appChoice(page, pageContext)}
  ${visitChoice(page, pageContext)}
  <div class="checkbox-row">
    <input type="checkbox" id="banner" name="need_patient_banner" value="yes" aria-describedby="about-banner" ${attribute('checked', page.choices.banner)}>
    <label for="banner">${messages.banner}</label>
    <p id="about-banner">${messages.bannerHint}</p>
  </div>
  ${moreForTheApp(page, pageContext)}
  <button>${messages.button}</button>
</form>`;
}

function appChoice({ apps, choices, error }: LaunchStep<'app'>, pageContext: PageContext): Html {
  const messages = launcherMessages(pageContext);
  const items = apps.map(({ clientId, name, provisional }, index) => {
    const checked = choices.app === clientId || apps.length === 1;
    const note = provisional ? html`<p id="about-app-${index}">${messages.provisional}</p>` : '';
    return html`
    <div class="radio-row">
      <input type="radio" id="app-${index}" name="app" value="${clientId}" required ${attribute('aria-describedby', provisional && `about-app-${index}`)} ${attribute('checked', checked)}>
      <label for="app-${index}">${name}</label>
      ${note}
    </div>`;
  });
  return html`
  <fieldset ${attribute('aria-describedby', error?.field === 'app' && 'error-app')}><legend>${messages.app}</legend>
    ${launchErrorText('app', error, pageContext)}${items}
  </fieldset>`;
}

function visitChoice({ encounters, choices, error }: LaunchStep<'app'>, pageContext: PageContext): Html {
  if (encounters.length === 0) return emptyHtml;
  const messages = launcherMessages(pageContext);
  const items = encounters.map(
    (encounter) =>
      html`<option value="${encounter.id}" ${attribute('selected', choices.encounter === encounter.id)}>${visitText(encounter, pageContext.language)}</option>`,
  );
  return html`
  <label for="encounter">${messages.visit}</label>
  <p class="hint" id="about-encounter">${messages.visitHint}</p>
  ${launchErrorText('encounter', error, pageContext)}
  <select id="encounter" name="encounter" ${describedByAttributes('encounter', error, 'about-encounter')}>
    <option value="">${messages.noVisit}</option>
    ${items}
  </select>`;
}

/** Renders launch options that few apps support. The section is collapsed unless an option is filled in. */
function moreForTheApp({ choices, error }: LaunchStep<'app'>, pageContext: PageContext): Html {
  const messages = launcherMessages(pageContext);
  const filled = choices.intent !== '' || choices.focus !== '';
  return html`
  <details ${attribute('open', filled)}><summary>${messages.advanced}</summary>
    <p class="hint">${messages.advancedHint}</p>
    <label for="intent">${messages.intent}</label>
    <p class="hint" id="about-intent">${messages.intentHint}</p>
    ${launchErrorText('intent', error, pageContext)}
    <input id="intent" name="intent" value="${choices.intent}" maxlength="100" autocomplete="off" autocapitalize="none" spellcheck="false" ${describedByAttributes('intent', error, 'about-intent')}>
    <label for="focus">${messages.focus}</label>
    <p class="hint" id="about-focus">${messages.focusHint}</p>
    ${launchErrorText('focus', error, pageContext)}
    <input id="focus" name="focus" value="${choices.focus}" autocomplete="off" autocapitalize="none" spellcheck="false" ${describedByAttributes('focus', error, 'about-focus')}>
  </details>`;
}

type LaunchError = LaunchStep<'app'>['error'];

/** Returns the errors of the form, each with the field that the error summary links to. */
function launchErrors({ error, encounters }: LaunchStep<'app'>, pageContext: PageContext): readonly FormFieldError[] {
  if (error === undefined) return [];
  const { field } = error;
  // If the patient has no visits, the page has no field for them. The error then links to the first app.
  const isOfApp = field === 'app' || (field === 'encounter' && encounters.length === 0);
  return [{ field: isOfApp ? 'app-0' : field, message: launcherMessages(pageContext).errors[field] }];
}

function launchErrorText(field: string, error: LaunchError, pageContext: PageContext): Html {
  if (error?.field !== field) return emptyHtml;
  const { common } = getMessages(pageContext.language);
  const message = launcherMessages(pageContext).errors[error.field];
  return html`<p class="field-error" id="error-${field}"><b>${common.error}:</b> ${message}</p>`;
}

function describedByAttributes(field: string, error: LaunchError, ...hints: readonly string[]): Html {
  const wrong = error?.field === field;
  const ids = [...hints, ...(wrong ? [`error-${field}`] : [])];
  return html`${attribute('aria-describedby', ids.length > 0 && ids.join(' '))} ${attribute('aria-invalid', wrong && 'true')}`;
}

function deniedPage(page: LaunchStep<'refused'>, pageContext: PageContext): Html {
  const { staffOnly } = launcherMessages(pageContext);
  const body = html`
<h1>${staffOnly.title}</h1>
<p class="lead">${staffOnly.textHtml(page.personName)}</p>
<p>${staffOnly.linksHtml(page.switchAccountPath)}</p>
${signOutForm(pageContext, page.csrf)}`;
  return layout(pageContext, { title: staffOnly.tabTitle, body });
}
