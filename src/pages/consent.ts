import { html } from 'ghtml';
import type { ConsentLine, ConsentPage } from '../oauth/index.ts';
import { layout } from './layout.ts';

export function consentPage(page: ConsentPage): string {
  const body = html`
<h1>Share your health record with ${page.appName}?</h1>
<p class="person">You are signed in as <b>${page.personName}</b>. <a href="${page.switchAccountPath}">Not you?</a></p>
!${page.provisional ? PROVISIONAL : ''}
<form method="post" action="${page.decisionPath}">
  <input type="hidden" name="csrf" value="${page.csrf}">
  <input type="hidden" name="request" value="${page.request}">
  !${recordChoice(page)}
  !${lineList(page)}
  !${supportingNote(page)}
  !${offlineChoice(page)}
  <div class="choices">
    <button name="decision" value="allow">Allow</button>
    <button name="decision" value="deny" class="second" formnovalidate>Deny</button>
  </div>
</form>
<p class="quiet">Your answer takes you to <b>${page.appAddress}</b>. What the app does with your data is between you and the app: your practice can’t take back what was shared.</p>
<form method="post" action="/sign-out"><input type="hidden" name="csrf" value="${page.csrf}"><button class="plain">Sign out</button></form>`;
  return layout({ title: `Share with ${page.appName}?`, body });
}

function lineList(page: ConsentPage): string {
  if (page.lines.length === 0)
    return page.supporting ? '' : html`<p>It will learn who you are, and no health data.</p>`;
  return html`
  <fieldset><legend>Choose what ${page.appName} may see</legend>
    !${page.lines.map(line).join('')}
  </fieldset>`;
}

/** Supporting types have no line of their own. */
const supportingNote = (page: ConsentPage): string =>
  page.supporting
    ? html`<p class="quiet">It also sees which clinicians, practices and places your record names, and where entries came from.</p>`
    : '';

/** A locked line shows a ticked box that can't be changed; the server adds it, whatever the form says. */
const line = ({ type, label, detail, ticked, locked }: ConsentLine): string => html`
    <div class="tick">
      <input type="checkbox" id="allow-${type}" name="allow" value="${type}" aria-describedby="about-${type}" !${ticked ? 'checked' : ''} !${locked ? 'disabled' : ''}>
      <label for="allow-${type}">${label}</label>
      <p id="about-${type}">${detail}!${locked ? ' <b>Always shared, so that the app knows whose data it is.</b>' : ''}</p>
    </div>`;

function recordChoice(page: ConsentPage): string {
  const [only, ...others] = page.records;
  if (only === undefined) return '';
  if (others.length === 0) {
    return html`<p class="lead">It asks for the record of <b>${only.personName}</b> at <b>${only.practiceName}</b>.</p>`;
  }
  return html`
  <fieldset><legend>Whose record?</legend>
    !${page.records
      .map(
        (record) => html`
    <div class="tick">
      <input type="radio" id="record-${record.key}" name="record" value="${record.key}" required>
      <label for="record-${record.key}">${record.personName}, at ${record.practiceName}</label>
    </div>`,
      )
      .join('')}
  </fieldset>`;
}

function offlineChoice({ offline, appName }: ConsentPage): string {
  if (offline === undefined) return '';
  return html`
  <fieldset><legend>How long?</legend>
    <div class="tick">
      <input type="checkbox" id="offline" name="offline" value="yes" aria-describedby="about-offline" !${offline.ticked ? 'checked' : ''}>
      <label for="offline">Keep access when I am away</label>
      <p id="about-offline">${appName} can fetch new data without you, for as long as it comes back at least every ${offline.days} days.</p>
    </div>
  </fieldset>`;
}

const PROVISIONAL = html`
<div class="note"><p>This app has not been approved yet, so it can only see made-up sandbox patients.</p></div>`;
