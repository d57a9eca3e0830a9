import { listDstu2Losses } from '../../fhir/index.ts';
import { code, codes, table } from './table.ts';

/** Table of the R4 elements that DSTU2 can't represent, by type, from the rules of the converter. */
export function lossTable(): string {
  const rows = listDstu2Losses().map(({ stored, type, elements, partly, single }) => [
    code(stored),
    code(type),
    elements.length === 0 ? 'nothing' : codes(elements),
    codes(partly),
    codes(single),
  ]);
  return table(['R4', 'DSTU2', 'Left out', 'Shown only in some cases', 'Only one shown'], rows);
}
