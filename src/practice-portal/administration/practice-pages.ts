import type { FormFieldError, PracticeKind } from '../../domain/index.ts';
import { englishCounter, englishCounts, type PageContext } from '../../i18n/index.ts';
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
  const body = html`
${createdName === undefined ? '' : html`<div class="note" role="status"><p>${createdName} was created. Open it and invite its first staff member, a practice administrator.</p></div>`}
<h1>Practices</h1>
<p>Open a practice to see its staff and invite more people.</p>
<p><a href="${ADMINISTRATION_PATH}/practices/new">Create a practice</a></p>
<ul class="list">${practices.map(renderPractice)}
</ul>`;
  return renderAdministrationPage(pageContext, {
    title: 'Practices',
    body,
    currentPath: ADMINISTRATION_PATH,
    csrf,
    session,
  });
}

const PRACTICE_KIND_NAMES: Readonly<Record<PracticeKind, string>> = {
  sandbox: 'Sandbox, test patients',
  live: 'Live',
};

const renderPractice = ({ practiceId, name, kind, enabled, records, staff }: PracticeCounts): Html => html`
  <li><a href="${practicePath(practiceId, 'staff')}">${name}</a>
    <p>${PRACTICE_KIND_NAMES[kind]} · ${enabled ? 'API on' : html`<b>API off</b>`} · ${englishCounts.patients(records)} · ${countStaff(staff)}</p></li>`;

const countStaff = englishCounter('staff member', 'staff members');

export interface NewPracticePage extends AdministrationContext {
  readonly name: string;
  readonly kind: string;
  readonly errors: readonly FormFieldError[];
}

export function renderNewPractice(
  pageContext: PageContext,
  { session, csrf, name, kind, errors }: NewPracticePage,
): Html {
  const title = 'Create a practice';
  const body = html`
<p class="back"><a href="${ADMINISTRATION_PATH}">Practices</a></p>
${errorSummary(pageContext, errors)}
<h1>${title}</h1>
<form method="post" action="${ADMINISTRATION_PATH}/practices/new">${hiddenField('csrf', csrf)}
  ${textField(
    pageContext,
    {
      name: 'name',
      label: 'Name',
      hint: 'The name that patients know.',
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
      legend: 'Type of practice',
      hint: 'This can’t be changed later.',
      kind: 'radio',
      choices: [
        {
          value: 'live',
          label: 'Live',
          hint: 'Real patients. Only approved apps can read data.',
          checked: kind === 'live',
        },
        {
          value: 'sandbox',
          label: 'Sandbox',
          hint: 'Test patients. Apps can read data before they are approved. Never add a real patient.',
          checked: kind === 'sandbox',
        },
      ],
    },
    errors,
  )}
  <button>Create practice</button>
</form>`;
  return renderAdministrationPage(pageContext, {
    title: pageTitle(pageContext, errors, title),
    body,
    currentPath: ADMINISTRATION_PATH,
    csrf,
    session,
  });
}
