import pg from 'pg';

/** OID of PostgreSQL's type `text`. */
const TEXT = 25;

/** Result column as PostgreSQL describes it. */
interface ColumnDescription {
  readonly name: string;
  readonly dataTypeID: number;
}

/** Members of the driver's connection that its type definitions omit. */
type Wire = pg.Connection & {
  parse(query: { readonly text: string; readonly name: string }): void;
  describe(target: unknown): void;
};

/** Members of the driver's query that its type definitions omit. */
interface DriverQuery {
  text: string;
  name: string;
  values: readonly unknown[];
  /** Whether PostgreSQL sends the result in its binary format. */
  binary: boolean;
  callback: ((error: Error | null, result?: unknown) => void) | undefined;
  /** The result of the running statement. */
  _result: { readonly _types: pg.TypeOverrides } | undefined;
  /** The same, or the results of all statements if a text has several. */
  _results: unknown;
  prepare(connection: Wire): void;
  handleReadyForQuery(connection: Wire): void;
}
const DriverQuery = pg.Query as unknown as new (query: string | pg.QueryConfig) => DriverQuery;

/** Converts the result rows of one prepared statement from text to JavaScript values. */
type RowParser = (values: readonly (string | null)[]) => Record<string, unknown>;

/** Result columns of a prepared statement. */
interface ResultColumns {
  readonly parseRow: RowParser;
  /** Whether all of them are texts. */
  readonly areTexts: boolean;
}

/** Statements that one connection has prepared. */
interface PreparedStatements {
  readonly columns: Map<string, ResultColumns>;
  /** The connection, but it adds the name of a statement to the text that PostgreSQL gets. */
  readonly naming: Wire;
  /** The same, without the request to describe the result columns. */
  readonly undescribed: Wire;
}
const preparedBy = new WeakMap<Wire, PreparedStatements>();

/**
 * A named statement as the driver runs it. The driver requests the description of the result columns with each
 * execution, and builds a parser from it. Both cost more than most of our statements do. This class requests the
 * description once per connection: the columns of a prepared statement never change, because PostgreSQL rejects its
 * execution if they would.
 *
 * A result that has only texts is requested in the binary format. A text has the same bytes in both formats, but in the
 * text format PostgreSQL first copies it to a C string and counts its bytes.
 */
export class PreparedQuery extends DriverQuery {
  #rows: Record<string, unknown>[] = [];
  #statements: PreparedStatements | undefined;
  #columns: ResultColumns | undefined;
  #error: Error | undefined;

  constructor(name: string, text: string, values: readonly unknown[]) {
    // The driver would copy a configuration object, with all its property descriptors.
    super('');
    this.text = text;
    this.name = name;
    this.values = values;
  }

  override prepare(connection: Wire): void {
    this.#statements = statementsOf(connection);
    this.#columns = this.#statements.columns.get(this.name);
    this.binary = this.#columns?.areTexts === true;
    super.prepare(this.#columns === undefined ? this.#statements.naming : this.#statements.undescribed);
  }

  handleRowDescription({ fields }: { readonly fields: readonly ColumnDescription[] }): void {
    this.#remember({
      parseRow: createRowParser(fields, this._result?._types),
      areTexts: fields.every(({ dataTypeID }) => dataTypeID === TEXT),
    });
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    try {
      if (this.#columns !== undefined && this.#error === undefined) this.#rows.push(this.#columns.parseRow(fields));
    } catch (error) {
      this.#error = error as Error;
    }
  }

  handleCommandComplete(): void {
    // PostgreSQL describes no columns if a statement has no result.
    if (this.#columns === undefined) this.#remember({ parseRow: () => ({}), areTexts: false });
  }

  handleError(error: Error): void {
    this.callback?.(error);
  }

  override handleReadyForQuery(): void {
    const { callback } = this;
    const rows = this.#rows;
    // Neither the rows nor the callback, which leads to them, may stay; see `TextQuery`.
    this.callback = undefined;
    this.#rows = [];
    if (this.#error === undefined) callback?.(null, { rows });
    else callback?.(this.#error);
  }

  #remember(columns: ResultColumns): void {
    this.#columns = columns;
    this.#statements?.columns.set(this.name, columns);
  }
}

/**
 * A statement without a name, as the driver runs it. The driver's own class keeps its result when it has ended. V8 then
 * moved the rows of almost all statements to the old generation, because older queries lead to newer ones there, and
 * only a collection of the whole heap frees them. Collections of the young generation took five times as long.
 */
export class TextQuery extends DriverQuery {
  override handleReadyForQuery(connection: Wire): void {
    super.handleReadyForQuery(connection);
    this.callback = undefined;
    this._result = undefined;
    this._results = undefined;
  }
}

/**
 * Adds a comment with the name of a statement to its text. PostgreSQL keeps it in its log, in `pg_stat_activity` and in
 * `pg_stat_statements`, which know nothing of the names of prepared statements. It follows the first word, because
 * PostgreSQL 18 drops a comment before it from `pg_stat_statements`.
 */
const addNameComment = (name: string, text: string): string =>
  text.replace(FIRST_WORD, (first) => `${first} /* ${name.replaceAll('*/', '')} */`);

const FIRST_WORD = /^[\s(]*\w+/;
const NAME_COMMENT = new RegExp(`${FIRST_WORD.source} /\\* (\\S+) \\*/`);

/** Returns the name of a statement from its text as PostgreSQL keeps it; undefined if it was sent without a name. */
export const readNameComment = (text: string): string | undefined => NAME_COMMENT.exec(text)?.[1];

function statementsOf(connection: Wire): PreparedStatements {
  const known = preparedBy.get(connection);
  if (known !== undefined) return known;
  const naming: Wire = Object.create(connection, {
    parse: {
      value: (query: Parameters<Wire['parse']>[0]) =>
        connection.parse({ ...query, text: addNameComment(query.name, query.text) }),
    },
  });
  const undescribed: Wire = Object.create(naming, { describe: { value: () => {} } });
  const statements = { columns: new Map<string, ResultColumns>(), naming, undescribed };
  preparedBy.set(connection, statements);
  return statements;
}

function createRowParser(
  columns: readonly ColumnDescription[],
  types: pg.TypeOverrides = new pg.TypeOverrides(),
): RowParser {
  const names = columns.map(({ name }) => name);
  const parsers = columns.map(
    ({ dataTypeID }) => types.getTypeParser(dataTypeID, 'text') as unknown as (text: string) => unknown,
  );
  return (values) => {
    const row: Record<string, unknown> = {};
    for (let i = 0; i < values.length; i += 1) {
      const value = values[i] ?? null;
      row[names[i] ?? ''] = value === null ? null : parsers[i]?.(value);
    }
    return row;
  };
}
