import { html } from 'ghtml';
import { choiceField, errorSummary, type FieldFault, hidden, textField, titleWith } from '../../pages/index.ts';
import type { Session } from '../../people/index.ts';
import type { PracticeCounts, PracticeKind } from '../../practices/index.ts';
import type { Frame } from '../../words/index.ts';
import { deskPath } from '../frame.ts';
import { ADMINISTRATION, administrationPage } from './frame.ts';

export interface Shown {
  readonly session: Session;
  readonly csrf: string;
}

export interface PracticesPage extends Shown {
  readonly practices: readonly PracticeCounts[];
  /** Name of a practice that was just created. */
  readonly made: string | undefined;
}

export function practicesPage(pageContext: Frame, { session, csrf, practices, made }: PracticesPage): string {
  const body = html`
!${made === undefined ? '' : html`<div class="note" role="status"><p>${made} is made. Open it to invite its first member of staff: a practice administrator.</p></div>`}
<h1>Practices</h1>
<p>Open a practice to see who works there, and to invite others.</p>
<p><a href="${ADMINISTRATION}/practices/new">Make a practice</a></p>
<ul class="list">!${practices.map(item).join('')}
</ul>`;
  return administrationPage(pageContext, { title: 'Practices', body, here: ADMINISTRATION, csrf, session });
}

const KINDS: Readonly<Record<PracticeKind, string>> = { sandbox: 'Sandbox, made-up patients', live: 'Live' };

const item = ({ practiceId, name, kind, enabled, records, staff }: PracticeCounts): string => html`
  <li><a href="${deskPath(practiceId, 'staff')}">${name}</a>
    <p>${KINDS[kind]} · !${enabled ? 'API on' : '<b>API off</b>'} · ${counted(records, 'patient', 'patients')} · ${counted(staff, 'member of staff', 'staff')}</p></li>`;

const counted = (count: number, one: string, several: string): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : several}`;

export interface NewPracticePage extends Shown {
  readonly name: string;
  readonly kind: string;
  readonly faults: readonly FieldFault[];
}

export function newPracticePage(
  pageContext: Frame,
  { session, csrf, name, kind, faults: errors }: NewPracticePage,
): string {
  const title = 'Make a practice';
  const body = html`
<p class="back"><a href="${ADMINISTRATION}">Practices</a></p>
!${errorSummary(pageContext, errors)}
<h1>${title}</h1>
<form method="post" action="${ADMINISTRATION}/practices/new">!${hidden('csrf', csrf)}
  !${textField(
    pageContext,
    { name: 'name', label: 'Name', hint: 'As its patients know it.', value: name, autocomplete: 'off', maxlength: 100 },
    errors,
  )}
  !${choiceField(
    pageContext,
    {
      name: 'kind',
      legend: 'What kind?',
      hint: 'This can’t be changed later.',
      kind: 'radio',
      choices: [
        {
          value: 'live',
          label: 'Live',
          hint: 'Real patients. Apps have to be approved to read.',
          checked: kind === 'live',
        },
        {
          value: 'sandbox',
          label: 'Sandbox',
          hint: 'Made-up patients. Apps can read before they are approved. Never put a real patient in it.',
          checked: kind === 'sandbox',
        },
      ],
    },
    errors,
  )}
  <button>Make it</button>
</form>`;
  return administrationPage(pageContext, {
    title: titleWith(pageContext, errors, title),
    body,
    here: ADMINISTRATION,
    csrf,
    session,
  });
}
