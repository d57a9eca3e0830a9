import { html } from 'ghtml';
import type { PatientView } from './view.ts';

export interface Link {
  /** Below the patient's page. */
  readonly path: string;
  readonly text: string;
  /** What is heard of it out of its place: "Cancel the mail to ann@example.org". */
  readonly about?: string;
  /** What most come for. */
  readonly main?: boolean;
  /** Not for whoever signed in with what everyone knows. */
  readonly changesAccount?: boolean;
}

/** What can be done, for those who may. */
export function actLinks({ at, enrolls }: Pick<PatientView, 'at' | 'enrolls'>, links: readonly Link[]): string {
  const possible = links.filter(({ changesAccount = false }) => !(changesAccount && at.session.published));
  if (!enrolls || possible.length === 0) return '';
  const items = possible.map(
    ({ path, text, about, main = false }) =>
      html`<li><a href="${at.path}/${path}" !${main ? 'class="button"' : ''}>${text}!${about === undefined ? '' : html`<span class="unseen"> ${about}</span>`}</a></li>`,
  );
  return html`<ul class="acts">!${items.join('')}</ul>`;
}
