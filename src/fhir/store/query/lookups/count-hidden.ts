import { type Executor, type RowOf, statement } from '../../../../database/index.ts';

const HIDDEN = { projection: 'text', type: 'text', rule: 'text', resources: 'int8' } as const;
const hidden = statement(
  'fhir.hidden-by-rule',
  HIDDEN,
  `select name as projection, type, hidden_by as rule, count(*) as resources from (
     select name, type, hidden_by from conversion where hidden_by is not null
     union all select name, type, hidden_by from shared_projection where content is null) p
   where hidden_by <> $1 group by name, type, hidden_by order by type, name, hidden_by`,
);

/**
 * Counts stored resources that another FHIR version doesn't show, for each rule that hides them there.
 * @param exceptRule name of a rule whose resources aren't counted
 */
export const countHiddenResources = (db: Executor, exceptRule: string): Promise<readonly RowOf<typeof HIDDEN>[]> =>
  db.query(hidden, [exceptRule]);
