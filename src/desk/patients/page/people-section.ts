import { html } from 'ghtml';
import type { RelatedPersonInChart } from '../../../enrollment/index.ts';
import { dayOf } from '../../../words/index.ts';
import type { RecordAccount } from '../accounts.ts';
import { because } from './account-section.ts';
import { actLinks, type Link } from './act-links.ts';
import type { PatientView } from './view.ts';

/** Representatives with access, people on the chart who could be invited, and past representatives. */
export function peopleSection(view: PatientView): string {
  const representatives = view.accounts.filter(({ relationship }) => relationship === 'representative');
  const current = representatives.filter(({ ended }) => ended === undefined);
  const past = representatives.filter(({ ended }) => ended !== undefined);
  const known = new Set(current.map(({ relatedPersonId }) => relatedPersonId));
  const others = view.chart.relatedPersons.filter(({ id }) => !known.has(id));
  return html`
<section><h2>Who acts for the patient</h2>
!${current.length === 0 ? '<p>Nobody has access to this record in the patient’s name.</p>' : list(current.map((one) => actingItem(view, one)))}
!${others.length === 0 ? NO_OTHERS : html`<h3>On the chart, without access</h3>!${list(others.map((one) => relatedItem(view, one)))}`}
!${past.length === 0 ? '' : html`<h3>Whose access ended</h3>!${list(past.map((one) => pastItem(view, one)))}`}</section>`;
}

const NO_OTHERS =
  '<p class="hint">To let somebody else act for the patient, add them to the chart in your EHR first: parent, guardian, or whoever has power of attorney.</p>';

const list = (items: readonly string[]): string => html`
<ul class="list people">!${items.map((item) => html`<li>!${item}</li>`).join('')}</ul>`;

const relationshipOf = ({ chart }: PatientView, { relatedPersonId }: RecordAccount): string =>
  chart.relatedPersons.find(({ id }) => id === relatedPersonId)?.relationship ?? '';

function actingItem(view: PatientView, account: RecordAccount): string {
  const { displayName, since, locked, accountId, published, secondFactor, password } = account;
  const relationship = relationshipOf(view, account);
  const facts = [
    relationship,
    since === undefined ? '' : `since ${dayOf('en', since, view.chart.timeZone)}`,
    locked === undefined ? 'account works' : `account locked${because(locked.reason)}`,
  ].filter((fact) => fact !== '');
  const accountPath = `accounts/${accountId}`;
  const links: readonly Link[] = [
    ...(secondFactor && locked === undefined
      ? [
          {
            path: `${accountPath}/lost-factor`,
            text: 'Lost second factor',
            about: `of ${displayName}`,
            changesAccount: true,
          },
        ]
      : []),
    ...(password && locked === undefined
      ? [
          {
            path: `${accountPath}/lost-password`,
            text: 'Forgot the password',
            about: `of ${displayName}`,
            changesAccount: true,
          },
        ]
      : []),
    { path: `${accountPath}/end`, text: 'End the access', about: `of ${displayName}`, changesAccount: true },
  ];
  return html`<p><b>${displayName}</b></p><p>${facts.join(', ')}</p>!${published ? '' : actLinks(view, links)}`;
}

const relatedItem = (view: PatientView, { id, name, relationship }: RelatedPersonInChart): string => html`
<p><b>${name}</b></p>!${relationship === '' ? '' : html`<p>${relationship}</p>`}
!${actLinks(view, [{ path: `related/${id}/invite`, text: 'Invite', about: `${name} to act for the patient` }])}`;

function pastItem(view: PatientView, { displayName, ended }: RecordAccount): string {
  const when = ended === undefined ? '' : `${dayOf('en', ended.at, view.chart.timeZone)}${because(ended.reason)}`;
  return html`<p><b>${displayName}</b></p><p>${when}</p>`;
}
