import type { LastChange } from '../../../model/condition.ts';
import type { ServedType } from '../../../model/fhir-version.ts';
import { isMainProjection } from '../../../model/projection.ts';
import { TYPE_WITH_INDEXED_DEPENDENCIES } from '../../index/indexed-dependencies.ts';
import type { ContentForm } from '../contents/read-contents.ts';
import { rowVersionSql } from '../contents/row-version.ts';
import { type BindParameter, safeJsonSql } from './sql.ts';

/**
 * Tables of converted resources. That of patient records lacks the main conversion of a resource, which is in the row of
 * the resource, unless it is hidden or depends on other resources.
 */
const PROJECTION_TABLES = {
  record: { table: 'conversion', key: 'record_id', isHidden: 'q.hidden_by is not null' },
  practice: { table: 'shared_projection', key: 'practice_id', isHidden: 'q.content is null' },
} as const;

/** Stored resources under a table alias, with the projection (stored conversion) in which they are served. */
export interface ProjectedRows {
  readonly alias: string;
  readonly compartment: ServedType['compartment'];
  readonly projection: string | undefined;
  /**
   * SQL for the compartment of a resource. Default: its column. A parameter tells a distributed database that one node
   * has the resource and its conversion.
   */
  readonly home?: string;
}

/** SQL for the row `q` of a converted resource: its table, the join condition, and whether the resource is hidden. */
function projectionRowSql({ alias, compartment, projection, home }: ProjectedRows, bind: BindParameter) {
  const { table, key, isHidden } = PROJECTION_TABLES[compartment];
  const ofRow = `q.${key} = ${home ?? `${alias}.${key}`} and q.name = ${bind(projection)} and q.type = ${alias}.type and q.id = ${alias}.id`;
  return { from: `${table} q`, ofRow, isHidden };
}

/**
 * SQL predicate: the FHIR version shows the resource. Each hidden resource has a row in the table of converted
 * resources, which is written with the resource or by an upgrade. Stored R4 text is never hidden.
 */
export function notHiddenSql(rows: ProjectedRows, bind: BindParameter): readonly string[] {
  if (rows.projection === undefined) return [];
  const { from, ofRow, isHidden } = projectionRowSql(rows, bind);
  return [`not exists (select 1 from ${from} where ${ofRow} and ${isHidden})`];
}

/** The parts of the SQL that select converted resources. Resources without a converted text are left out. */
interface ConvertedSql {
  /** A join with the converted resource `p`, or an empty text. */
  readonly join: string;
  readonly where: readonly string[];
  /** The converted text, as `restoreText` reads it, or the version of the row that has it. */
  readonly content: string;
  /** Whether the text was made from this resource alone, and the version of the converter. */
  readonly made: { readonly alone: string; readonly maker: string };
}

export function convertedSql(rows: ProjectedRows, form: ContentForm, bind: BindParameter): ConvertedSql {
  const { alias, compartment, projection = '' } = rows;
  if (compartment === 'record' && isMainProjection(projection)) {
    return {
      join: '',
      where: [`${alias}.converted is not null`],
      content: form === 'version' ? rowVersionSql(`${alias}.xmin`) : `${alias}.converted || ${alias}.content`,
      made: {
        // Built when a statement selects it, because it adds a parameter.
        get alone() {
          const { from, ofRow } = projectionRowSql(rows, bind);
          return `(${alias}.type <> '${TYPE_WITH_INDEXED_DEPENDENCIES}' and not exists (
            select 1 from ${from} where ${ofRow} and q.asked is not null))`;
        },
        maker: `${alias}.converted_with`,
      },
    };
  }
  const { from, ofRow } = projectionRowSql(rows, bind);
  const [text, isShown, maker, alone] =
    compartment === 'record'
      ? [`q.difference || ${alias}.content`, 'q.difference is not null', `${alias}.converted_with`, 'q.asked is null']
      : // A converted directory resource can be made from several stored ones, such as a DSTU2 Practitioner with its
        // PractitionerRoles. So `alone` is false for all of them.
        ['q.content', 'q.content is not null', 'q.maker', 'false'];
  // `offset 0` keeps PostgreSQL from reordering the join. PostgreSQL would otherwise expect that the join removes most
  // resources, and sort the whole record for each page.
  const join = `cross join lateral (
    select ${form === 'version' ? 'q.xmin as version' : `${text} as content`}, ${maker} as maker, ${alone} as alone from ${from}
    where ${ofRow} and ${isShown} offset 0) p`;
  return {
    join,
    where: [],
    content: form === 'version' ? rowVersionSql('p.version') : 'p.content',
    made: { alone: 'p.alone', maker: 'p.maker' },
  };
}

/**
 * SQL for the time when a resource last changed. If it is made from several stored resources, as a DSTU2 Practitioner
 * is, the time is in its converted text.
 */
export function lastUpdatedSql({ projection }: LastChange, alias: string, bind: BindParameter): string {
  if (projection === undefined) return `${alias}.last_updated`;
  const { from, ofRow } = projectionRowSql({ alias, compartment: 'practice', projection }, bind);
  const text = `json_extract_path_text(${safeJsonSql('q.content')}, 'meta', 'lastUpdated')`;
  return `(select ${text}::timestamptz from ${from} where ${ofRow})`;
}
