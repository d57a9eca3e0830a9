import type { SecurityLabel } from '../../../../domain/index.ts';
import { SECURITY_LABELS_SINCE, SECURITY_PARAMETER } from '../../index/index-definitions.ts';
import { type IndexToken, normalizeCode, valueToken } from '../../index/token-hash.ts';
import type { SqlRows } from './sql.ts';

/**
 * SQL predicates: a record row has none of the withheld labels. Rows indexed before labels were stored might have one,
 * so they are excluded until they are indexed again.
 */
export const withoutLabelsSql = ({ alias, bind }: SqlRows, withheld: readonly SecurityLabel[]): readonly string[] => [
  `${alias}.indexed_by >= ${SECURITY_LABELS_SINCE}`,
  `not ${alias}.flags && ${bind(withheld.flatMap(labelTokens))}::int8[]`,
];

/** A label that names the code without a system counts as the same label. */
const labelTokens = (label: SecurityLabel): readonly IndexToken[] => {
  const { system, code } = normalizeCode(label);
  return [system, ''].map((of) => valueToken(SECURITY_PARAMETER, { system: of, code }));
};
