import type { FormFieldError } from '../../domain/index.ts';
import { formatNumber, getMessages, type Language, type PageContext } from '../../i18n/index.ts';
import type { Session } from '../../identity/index.ts';
import { type Html, html } from '../../kernel/index.ts';
import type { PracticeCounts } from '../../practices/index.ts';
import { choiceField, errorSummary, hiddenField, pageTitle, textField } from '../../web-pages/index.ts';
import { practicePath } from '../staff-page.ts';
import { ADMINISTRATION_PATH, renderAdministrationPage } from './administration-page.ts';

export interface AdministrationContext {
  readonly session: Session;
  readonly csrf: string;
}

export interface PracticeListPage extends AdministrationContext {
  readonly practices: readonly PracticeCounts[];
  /** Name of the practice that was just created, for the confirmation. undefined if no practice was just created. */
  readonly createdName: string | undefined;
}

export function renderPracticeList(
  pageContext: PageContext,
  { session, csrf, practices, createdName }: PracticeListPage,
): Html {
  const { language } = pageContext;
  const messages = getMessages(language).practicePortal.administration.practices;
  const { columns } = messages;
  const body = html`
${createdName === undefined ? '' : html`<div class="note" role="status"><p>${messages.created(createdName)}</p></div>`}
<div class="heading"><div><h1>${messages.title}</h1><p class="subtitle">${messages.lead}</p></div><p><a class="button" href="${ADMINISTRATION_PATH}/practices/new">${messages.create}</a></p></div>
<table class="stack">
  <thead><tr><th scope="col">${columns.name}</th><th scope="col">${columns.kind}</th><th scope="col">${columns.api}</th><th scope="col">${columns.patients}</th><th scope="col">${columns.staff}</th></tr></thead>
  <tbody>${practices.map((practice) => renderPractice(language, practice))}
  </tbody>
</table>`;
  return renderAdministrationPage(pageContext, {
    title: messages.title,
    body,
    currentPath: ADMINISTRATION_PATH,
    csrf,
    session,
  });
}

function renderPractice(language: Language, { practiceId, name, kind, enabled, records, staff }: PracticeCounts): Html {
  const { kinds, apiOn, apiOff, columns } = getMessages(language).practicePortal.administration.practices;
  return html`
    <tr><th scope="row"><a href="${practicePath(practiceId, 'staff')}">${name}</a></th><td data-name="${columns.kind}">${kinds[kind]}</td><td data-name="${columns.api}">${enabled ? apiOn : html`<span class="tag warning">${apiOff}</span>`}</td><td data-name="${columns.patients}">${formatNumber(language, records)}</td><td data-name="${columns.staff}">${formatNumber(language, staff)}</td></tr>`;
}

export interface NewPracticePage extends AdministrationContext {
  readonly name: string;
  readonly kind: string;
  readonly errors: readonly FormFieldError[];
}

export function renderNewPractice(
  pageContext: PageContext,
  { session, csrf, name, kind, errors }: NewPracticePage,
): Html {
  const { newPractice: messages, practices } = getMessages(pageContext.language).practicePortal.administration;
  const { title } = messages;
  const body = html`
<p class="back"><a href="${ADMINISTRATION_PATH}">${practices.title}</a></p>
${errorSummary(pageContext, errors)}
<h1>${title}</h1>
<form method="post" action="${ADMINISTRATION_PATH}/practices/new">${hiddenField('csrf', csrf)}
  ${textField(
    pageContext,
    {
      name: 'name',
      label: messages.name,
      hint: messages.nameHint,
      value: name,
      autocomplete: 'off',
      maxlength: 100,
    },
    errors,
  )}
  ${choiceField(
    pageContext,
    {
      name: 'kind',
      legend: messages.kind,
      hint: messages.kindHint,
      kind: 'radio',
      choices: [
        {
          value: 'live',
          label: messages.live,
          hint: messages.liveHint,
          checked: kind === 'live',
        },
        {
          value: 'sandbox',
          label: messages.sandbox,
          hint: messages.sandboxHint,
          checked: kind === 'sandbox',
        },
      ],
    },
    errors,
  )}
  <button>${messages.button}</button>
</form>`;
  return renderAdministrationPage(pageContext, {
    title: pageTitle(pageContext, errors, title),
    body,
    currentPath: ADMINISTRATION_PATH,
    csrf,
    session,
  });
}
