import type { SecurityLabel } from '../../access/index.ts';
import { LABELS_SINCE, SECURITY } from './index-table.ts';
import type { Subject } from './sql.ts';
import { foldedCode, type Token, tokenOfValue } from './token-hash.ts';

/**
 * That a row of a record has none of these labels. A row that was indexed before labels were is not known to have none:
 * it is not found until it is indexed anew.
 */
export const labelsSql = ({ alias, bind }: Subject, withheld: readonly SecurityLabel[]): readonly string[] => [
  `${alias}.indexed_by >= ${LABELS_SINCE}`,
  `not ${alias}.flags && ${bind(withheld.flatMap(tokensOf))}::int8[]`,
];

/** An entry that names the code and no system means it all the same. */
const tokensOf = (label: SecurityLabel): readonly Token[] => {
  const { system, code } = foldedCode(label);
  return [system, ''].map((of) => tokenOfValue(SECURITY, { system: of, code }));
};
