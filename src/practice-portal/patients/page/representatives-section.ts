import type { RelatedPersonInChart } from '../../../enrollment/index.ts';
import { formatLongDate } from '../../../i18n/index.ts';
import { type Html, html } from '../../../kernel/index.ts';
import type { RecordAccount } from '../record-accounts.ts';
import { reasonSuffix } from './account-section.ts';
import { type PatientActionLink, renderActionLinks } from './action-links.ts';
import type { PatientPageView } from './view.ts';

/** Renders the representatives with access, people on the chart who could be invited, and past representatives. */
export function renderRepresentativesSection(view: PatientPageView): Html {
  const representatives = view.accounts.filter(({ relationship }) => relationship === 'representative');
  const current = representatives.filter(({ ended }) => ended === undefined);
  const past = representatives.filter(({ ended }) => ended !== undefined);
  const known = new Set(current.map(({ relatedPersonId }) => relatedPersonId));
  const others = view.chart.relatedPersons.filter(({ id }) => !known.has(id));
  return html`
<section><h2>Representatives</h2>
${current.length === 0 ? html`<p>No representative has access to this record.</p>` : renderList(current.map((one) => renderRepresentative(view, one)))}
${others.length === 0 ? ADD_TO_CHART_HINT : html`<h3>Contacts on the chart without access</h3>${renderList(others.map((one) => renderRelatedPerson(view, one)))}`}
${past.length === 0 ? '' : html`<h3>Past representatives</h3>${renderList(past.map((one) => renderPastRepresentative(view, one)))}`}</section>`;
}

const ADD_TO_CHART_HINT = html`<p class="hint">To add a representative, first add the person to the chart in your EHR. This can be a parent, a guardian, or a person with power of attorney.</p>`;

const renderList = (items: readonly Html[]): Html => html`
<ul class="list people">${items.map((item) => html`<li>${item}</li>`)}</ul>`;

const relationshipName = ({ chart }: PatientPageView, { relatedPersonId }: RecordAccount): string =>
  chart.relatedPersons.find(({ id }) => id === relatedPersonId)?.relationship ?? '';

function renderRepresentative(view: PatientPageView, account: RecordAccount): Html {
  const { displayName, accessSince, locked, accountId, published, hasSecondFactor, hasPassword } = account;
  const relationship = relationshipName(view, account);
  const facts = [
    relationship,
    accessSince === undefined ? '' : `since ${formatLongDate('en', accessSince, view.chart.timeZone)}`,
    locked === undefined ? 'account active' : `account locked${reasonSuffix(locked.reason)}`,
  ].filter((fact) => fact !== '');
  const accountPath = `accounts/${accountId}`;
  const links: readonly PatientActionLink[] = [
    ...(hasSecondFactor && locked === undefined
      ? [
          {
            path: `${accountPath}/lost-factor`,
            text: 'Reset second factor',
            about: `of ${displayName}`,
            changesAccount: true,
          },
        ]
      : []),
    ...(hasPassword && locked === undefined
      ? [
          {
            path: `${accountPath}/lost-password`,
            text: 'Reset password',
            about: `of ${displayName}`,
            changesAccount: true,
          },
        ]
      : []),
    { path: `${accountPath}/end`, text: 'End access', about: `of ${displayName}`, changesAccount: true },
  ];
  return html`<p><b>${displayName}</b></p><p>${facts.join(', ')}</p>${published ? '' : renderActionLinks(view, links)}`;
}

const renderRelatedPerson = (view: PatientPageView, { id, name, relationship }: RelatedPersonInChart): Html => html`
<p><b>${name}</b></p>${relationship === '' ? '' : html`<p>${relationship}</p>`}
${renderActionLinks(view, [{ path: `related/${id}/invite`, text: 'Invite', about: `${name} to act for the patient` }])}`;

function renderPastRepresentative(view: PatientPageView, { displayName, ended }: RecordAccount): Html {
  const when =
    ended === undefined ? '' : `${formatLongDate('en', ended.at, view.chart.timeZone)}${reasonSuffix(ended.reason)}`;
  return html`<p><b>${displayName}</b></p><p>${when}</p>`;
}
