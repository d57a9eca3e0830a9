import type { SecurityLabel } from '../../access/index.ts';
import { LABELS_SINCE, SECURITY } from './index-table.ts';
import type { Subject } from './sql.ts';
import { foldedCode, type Token, tokenOfValue } from './token-hash.ts';

/**
 * SQL predicates: a record row has none of the withheld labels. Rows indexed before labels were stored might have one,
 * so they are excluded until they are indexed again.
 */
export const labelsSql = ({ alias, bind }: Subject, withheld: readonly SecurityLabel[]): readonly string[] => [
  `${alias}.indexed_by >= ${LABELS_SINCE}`,
  `not ${alias}.flags && ${bind(withheld.flatMap(tokensOf))}::int8[]`,
];

/** A label that names the code without a system counts as the same label. */
const tokensOf = (label: SecurityLabel): readonly Token[] => {
  const { system, code } = foldedCode(label);
  return [system, ''].map((of) => tokenOfValue(SECURITY, { system: of, code }));
};
