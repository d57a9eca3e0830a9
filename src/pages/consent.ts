import { html } from 'ghtml';
import type { ConsentGroup, ConsentLine, ConsentPage } from '../oauth/index.ts';
import { layout } from './layout.ts';

/** A patient, or who acts for them, chooses what an app may see and how long. Staff allow or deny an app as a whole. */
export function consentPage(page: ConsentPage): string {
  const { title, body } = page.asked === 'staff' ? forStaff(page) : forPatient(page);
  return layout({ title, body });
}

function forPatient(page: ConsentPage): { title: string; body: string } {
  const { appName, record } = page;
  const whose = record?.relation === 'representative' ? `${record.personName}’s` : 'your';
  const body = html`
<h1>Share ${whose} health record with ${appName}?</h1>
!${signedInAs(page)}
!${form(
    page,
    html`!${page.changed ? CHANGED : ''}
  !${askedRecord(page)}
  !${lineChoices(page)}
  !${supportingNote(page)}
  !${durationChoice(page)}
  !${offlineChoice(page)}
  !${earlierChoice(page)}`,
  )}
<p class="quiet">Your answer takes you to <b>${page.appAddress}</b>. What the app does with the data is between you and the app: the practice can’t take back what was shared.</p>
!${signOut(page)}`;
  return { title: `Share with ${appName}?`, body };
}

function forStaff(page: ConsentPage): { title: string; body: string } {
  const { appName, record } = page;
  const title = record === undefined ? `Open ${appName}?` : `Open ${appName} with ${record.personName}’s chart?`;
  const body = html`
<h1>${title}</h1>
!${signedInAs(page)}
!${form(
    page,
    html`!${page.changed ? CHANGED : ''}
  !${chart(page)}
  !${allPatients(page)}
  !${lineList(page)}
  !${supportingNote(page)}
  !${offlineChoice(page)}`,
  )}
<p class="quiet">Your answer takes you to <b>${page.appAddress}</b>.</p>
!${signOut(page)}`;
  return { title, body };
}

const signedInAs = (page: ConsentPage): string => html`
<p class="person">You are signed in as <b>${page.personName}</b>. <a href="${page.switchAccountPath}">Not you?</a></p>
!${page.provisional ? PROVISIONAL : ''}`;

const PROVISIONAL = html`
<div class="note"><p>This app has not been approved yet, so it can only see made-up sandbox patients.</p></div>`;

const CHANGED = html`
  <div class="note" role="alert"><p>The app has just changed what it asks for. Nothing was shared yet: look at it again.</p></div>`;

const form = (page: ConsentPage, choices: string): string => html`
<form method="post" action="${page.decisionPath}">
  <input type="hidden" name="csrf" value="${page.csrf}">
  <input type="hidden" name="request" value="${page.request}">
  <input type="hidden" name="offered" value="${page.offered}">
  !${page.record === undefined ? '' : html`<input type="hidden" name="record" value="${page.record.key}">`}
  !${choices}
  <div class="choices">
    <button name="decision" value="allow">Allow</button>
    <button name="decision" value="deny" class="second" formnovalidate>Deny</button>
  </div>
</form>`;

const signOut = ({ csrf }: ConsentPage): string => html`
<form method="post" action="/sign-out"><input type="hidden" name="csrf" value="${csrf}"><button class="plain">Sign out</button></form>`;

function askedRecord({ record, chosen }: ConsentPage): string {
  if (record === undefined) return '';
  const { personName, practiceName, relation } = record;
  const asked =
    relation === 'representative'
      ? html`You act for <b>${personName}</b>. The app asks for their record at <b>${practiceName}</b>.`
      : html`The app asks for the record of <b>${personName}</b> at <b>${practiceName}</b>.`;
  return html`
  <p class="lead">!${asked}</p>!${chosen ? html`<p class="hint">If that is the wrong record, go back and choose another.</p>` : ''}`;
}

function chart({ record, chosen }: ConsentPage): string {
  if (record === undefined) return '';
  const born = record.birthDate === null ? '' : html`, born <span class="date">${record.birthDate}</span>`;
  return html`
  <p class="lead"><b>${record.personName}</b>!${born}, ${record.practiceName}</p>!${chosen ? html`<p class="hint">If that is the wrong patient, go back and choose another.</p>` : ''}`;
}

const allPatients = ({ practices }: ConsentPage): string =>
  practices.length === 0
    ? ''
    : html`
  <div class="note"><p>This app asks for the records of <b>all patients</b> of !${practices.map((name) => html`<b>${name}</b>`).join(' and ')}, not of one patient only.</p></div>`;

function lineChoices({ appName, groups, supporting }: ConsentPage): string {
  if (groups.length === 0) return supporting ? '' : NO_DATA;
  const together = groups.filter(({ heading }) => heading !== undefined);
  const alone = groups.filter(({ heading }) => heading === undefined).flatMap(({ lines }) => lines);
  return html`
  <fieldset><legend>Choose what ${appName} may see</legend>
    !${alone.map(line).join('')}
    !${together.map(group).join('')}
    !${together.length === 0 ? '' : SEVERAL_KINDS}
  </fieldset>`;
}

const NO_DATA = html`<p>It will learn who you are, and no health data.</p>`;

const group = ({ heading, lines }: ConsentGroup): string => html`
    <fieldset><legend>${heading}</legend>!${lines.map(line).join('')}
    </fieldset>`;

/** A scope can name what is allowed, and no exception from it. */
const SEVERAL_KINDS = html`<p class="hint">Some entries belong to several kinds. They are shared if any one of these is ticked.</p>`;

/** A locked line shows a ticked box that can't be changed; the server adds it, whatever the form says. */
const line = ({ key, label, detail, ticked, locked }: ConsentLine): string => html`
    <div class="tick">
      <input type="checkbox" id="allow-${key}" name="allow" value="${key}" aria-describedby="about-${key}" !${ticked ? 'checked' : ''} !${locked ? 'disabled' : ''}>
      <label for="allow-${key}">${label}</label>
      <p id="about-${key}">${detail}!${locked ? ' <b>Always shared, so that the app knows whose data it is.</b>' : ''}</p>
    </div>`;

function lineList({ groups, supporting, appName }: ConsentPage): string {
  if (groups.length === 0) return supporting ? '' : NO_DATA;
  const items = groups.flatMap(({ heading, lines }) =>
    heading === undefined
      ? lines.map(({ label, detail }) => html`<li><b>${label}</b><p>${detail}</p></li>`)
      : [html`<li><b>${heading}</b><p>${lines.map(({ label }) => label).join(', ')}</p></li>`],
  );
  return html`
  <h2>What ${appName} may see</h2>
  <ul class="list">!${items.join('')}</ul>`;
}

/** Supporting types have no line of their own. */
const supportingNote = ({ supporting }: ConsentPage): string =>
  supporting
    ? html`<p class="quiet">It also sees which clinicians and practices are named there, and where entries came from.</p>`
    : '';

function durationChoice({ durations, appName }: ConsentPage): string {
  if (durations.length === 0) return '';
  return html`
  <fieldset aria-describedby="about-duration"><legend>How long may ${appName} see it?</legend>
    <p class="hint" id="about-duration">To stop it earlier, ask your practice.</p>
    !${durations.map(({ value, label }, index) => duration(value, label, index)).join('')}
  </fieldset>`;
}

/** The first is the default. */
const duration = (value: string, label: string, index: number): string => html`
    <div class="tick">
      <input type="radio" id="duration-${index}" name="duration" value="${value}" !${index === 0 ? 'checked' : ''}>
      <label for="duration-${index}">${label}</label>
    </div>`;

function offlineChoice({ offline, appName }: ConsentPage): string {
  if (offline === undefined) return '';
  return html`
  <fieldset><legend>When you are not using it</legend>
    <div class="tick">
      <input type="checkbox" id="offline" name="offline" value="yes" aria-describedby="about-offline" !${offline.ticked ? 'checked' : ''}>
      <label for="offline">Keep access when I am away</label>
      <p id="about-offline">${appName} can fetch new data without you, for as long as it comes back at least every ${offline.days} days.</p>
    </div>
  </fieldset>`;
}

function earlierChoice({ hasAccess, appName }: ConsentPage): string {
  if (!hasAccess) return '';
  return html`
  <fieldset><legend>Access that ${appName} already has</legend>
    <div class="tick">
      <input type="checkbox" id="earlier" name="earlier" value="yes" aria-describedby="about-earlier">
      <label for="earlier">Use this choice for that too</label>
      <p id="about-earlier">You allowed ${appName} something before, which stays as you chose it then. Tick this to take from it what you leave out now, and to end it when this ends.</p>
    </div>
  </fieldset>`;
}
