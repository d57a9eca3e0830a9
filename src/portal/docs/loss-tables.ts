import { dstu2Losses } from '../../fhir/index.ts';
import { code, codes, table } from './table.ts';

/** What of R4 has no place in DSTU2, type by type: from the rules that the server converts by. */
export function lossesByType(): string {
  const rows = dstu2Losses().map(({ stored, type, elements, partly, single }) => [
    code(stored),
    code(type),
    elements.length === 0 ? 'nothing' : codes(elements),
    codes(partly),
    codes(single),
  ]);
  return table(['R4', 'DSTU2', 'Left out', 'Shown only in some cases', 'Only one shown'], rows);
}
