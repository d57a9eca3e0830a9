import { emptyHtml, type Html, html } from '../../kernel/index.ts';
import type { PatientPortalContext } from '../portal-context.ts';
import type { ObservedValue } from './observation.ts';

/** Renders a value with all digits that were sent, which readers open. Empty if the page shows all digits. */
export function renderExactValue(
  { messages }: PatientPortalContext,
  { exactValue }: Pick<ObservedValue, 'exactValue'>,
): Html {
  return exactValue === undefined
    ? emptyHtml
    : html`<details class="exact"><summary>${messages.patientRecord.values.exactValue}</summary>${exactValue}</details>`;
}
