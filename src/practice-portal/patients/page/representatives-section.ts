import type { RelatedPersonInChart } from '../../../enrollment/index.ts';
import { formatLongDate } from '../../../i18n/index.ts';
import { type Html, html } from '../../../kernel/index.ts';
import type { RecordAccount } from '../record-accounts.ts';
import { reasonSuffix } from './account-section.ts';
import { type PatientActionLink, renderActionLinks } from './action-links.ts';
import type { PatientPageView } from './view.ts';

/** Renders the representatives with access, people on the chart who could be invited, and past representatives. */
export function renderRepresentativesSection(view: PatientPageView): Html {
  const { representatives: messages } = view.context.messages.patientPage;
  const representatives = view.accounts.filter(({ relationship }) => relationship === 'representative');
  const current = representatives.filter(({ ended }) => ended === undefined);
  const past = representatives.filter(({ ended }) => ended !== undefined);
  const known = new Set(current.map(({ relatedPersonId }) => relatedPersonId));
  const others = view.chart.relatedPersons.filter(({ id }) => !known.has(id));
  return html`
<section class="card"><h2>${messages.title}</h2>
${current.length === 0 ? html`<p>${messages.none}</p>` : renderList(current.map((one) => renderRepresentative(view, one)))}
${others.length === 0 ? html`<p class="hint">${messages.addToChart}</p>` : html`<h3>${messages.withoutAccess}</h3>${renderList(others.map((one) => renderRelatedPerson(view, one)))}`}
${past.length === 0 ? '' : html`<h3>${messages.past}</h3>${renderList(past.map((one) => renderPastRepresentative(view, one)))}`}</section>`;
}

const renderList = (items: readonly Html[]): Html => html`
<ul class="list people">${items.map((item) => html`<li>${item}</li>`)}</ul>`;

const relationshipName = ({ chart }: PatientPageView, { relatedPersonId }: RecordAccount): string =>
  chart.relatedPersons.find(({ id }) => id === relatedPersonId)?.relationship ?? '';

function renderRepresentative(view: PatientPageView, account: RecordAccount): Html {
  const { displayName, accessSince, locked, accountId, published, hasSecondFactor, hasPassword } = account;
  const { context, chart } = view;
  const { representatives: messages } = context.messages.patientPage;
  const { links: texts } = messages;
  const relationship = relationshipName(view, account);
  const facts = [
    relationship,
    accessSince === undefined
      ? ''
      : messages.since(formatLongDate(context.pageContext.language, accessSince, chart.timeZone)),
    locked === undefined ? messages.active : `${messages.locked}${reasonSuffix(context, locked.reason)}`,
  ].filter((fact) => fact !== '');
  const accountPath = `accounts/${accountId}`;
  const links: readonly PatientActionLink[] = [
    ...(hasSecondFactor && locked === undefined
      ? [
          {
            path: `${accountPath}/lost-factor`,
            text: texts.resetSecondFactor,
            about: texts.of(displayName),
            changesAccount: true,
          },
        ]
      : []),
    ...(hasPassword && locked === undefined
      ? [
          {
            path: `${accountPath}/lost-password`,
            text: texts.resetPassword,
            about: texts.of(displayName),
            changesAccount: true,
          },
        ]
      : []),
    {
      path: `${accountPath}/end`,
      text: texts.end,
      about: texts.of(displayName),
      changesAccount: true,
      destructive: true,
    },
  ];
  return html`<p><b>${displayName}</b></p><p>${facts.join(', ')}</p>${published ? '' : renderActionLinks(view, links)}`;
}

function renderRelatedPerson(view: PatientPageView, { id, name, relationship }: RelatedPersonInChart): Html {
  const { links } = view.context.messages.patientPage.representatives;
  const invite = { path: `related/${id}/invite`, text: links.invite, about: links.inviteToActFor(name) };
  return html`
<p><b>${name}</b></p>${relationship === '' ? '' : html`<p>${relationship}</p>`}
${renderActionLinks(view, [invite])}`;
}

function renderPastRepresentative(view: PatientPageView, { displayName, ended }: RecordAccount): Html {
  const { context, chart } = view;
  const when =
    ended === undefined
      ? ''
      : `${formatLongDate(context.pageContext.language, ended.at, chart.timeZone)}${reasonSuffix(context, ended.reason)}`;
  return html`<p><b>${displayName}</b></p><p>${when}</p>`;
}
