import { attribute, emptyHtml, type Html, html } from '../../../kernel/index.ts';
import type { PatientPageView } from './view.ts';

export interface PatientActionLink {
  /** Path of the action relative to the patient's page. */
  readonly path: string;
  readonly text: string;
  /**
   * Text that completes the link for screen readers. For example, "the invitation of Ann Example" completes "Cancel".
   */
  readonly about?: string;
  /** Whether the link leads to the most frequent action. Such a link is shown as a button. */
  readonly main?: boolean;
  /** Whether the action ends something. */
  readonly destructive?: boolean;
  /**
   * Whether the action gives or removes access to an account. Such links are hidden in sessions with shared sandbox
   * credentials.
   */
  readonly changesAccount?: boolean;
  /** Whether the link is shown in those sessions nevertheless. */
  readonly allowedForVisitors?: boolean;
}

/** Renders links to the available actions. Empty for staff who may not perform them. */
export function renderActionLinks(
  { context, canEnroll }: Pick<PatientPageView, 'context' | 'canEnroll'>,
  links: readonly PatientActionLink[],
): Html {
  const possible = links.filter(
    ({ changesAccount = false, allowedForVisitors = false }) =>
      allowedForVisitors || !(changesAccount && context.session.published),
  );
  if (!canEnroll || possible.length === 0) return emptyHtml;
  const items = possible.map(
    ({ path, text, about, main = false, destructive = false }) =>
      html`<li><a href="${context.patientPath}/${path}" ${attribute('class', (main && 'button') || (destructive && 'danger'))}>${text}${about === undefined ? '' : html`<span class="visually-hidden"> ${about}</span>`}</a></li>`,
  );
  return html`<ul class="actions">${items}</ul>`;
}
