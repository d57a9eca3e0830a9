import pg from 'pg';

/** Result column as PostgreSQL describes it. */
interface ColumnDescription {
  readonly name: string;
  readonly dataTypeID: number;
}

/** Members of the driver's connection that its type definitions omit. */
type Wire = pg.Connection & { describe(target: unknown): void };

/** Members of the driver's query that its type definitions omit. */
interface DriverQuery {
  text: string;
  name: string;
  values: readonly unknown[];
  callback: ((error: Error | null, result?: unknown) => void) | undefined;
  readonly _result: { readonly _types: pg.TypeOverrides };
  prepare(connection: Wire): void;
}
const DriverQuery = pg.Query as unknown as new (text: string) => DriverQuery;

/** Converts the result rows of one prepared statement from text to JavaScript values. */
type RowParser = (values: readonly (string | null)[]) => Record<string, unknown>;

/** Statements that one connection has prepared. */
interface PreparedStatements {
  readonly parsers: Map<string, RowParser>;
  /** The connection, but without the request to describe the result columns. */
  readonly undescribed: Wire;
}
const preparedBy = new WeakMap<Wire, PreparedStatements>();

/**
 * A named statement as the driver runs it. The driver requests the description of the result columns with each
 * execution, and builds a parser from it. Both cost more than most of our statements do. This class requests the
 * description once per connection: the columns of a prepared statement never change, because PostgreSQL rejects its
 * execution if they would.
 */
export class PreparedQuery extends DriverQuery {
  readonly #rows: Record<string, unknown>[] = [];
  #statements: PreparedStatements | undefined;
  #parser: RowParser | undefined;
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
    this.#parser = this.#statements.parsers.get(this.name);
    super.prepare(this.#parser === undefined ? connection : this.#statements.undescribed);
  }

  handleRowDescription({ fields }: { readonly fields: readonly ColumnDescription[] }): void {
    this.#remember(createRowParser(fields, this._result._types));
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    try {
      if (this.#parser !== undefined && this.#error === undefined) this.#rows.push(this.#parser(fields));
    } catch (error) {
      this.#error = error as Error;
    }
  }

  handleCommandComplete(): void {
    // PostgreSQL describes no columns if a statement has no result.
    if (this.#parser === undefined) this.#remember(() => ({}));
  }

  handleError(error: Error): void {
    this.callback?.(error);
  }

  handleReadyForQuery(): void {
    if (this.#error === undefined) this.callback?.(null, { rows: this.#rows });
    else this.callback?.(this.#error);
  }

  #remember(parser: RowParser): void {
    this.#parser = parser;
    this.#statements?.parsers.set(this.name, parser);
  }
}

function statementsOf(connection: Wire): PreparedStatements {
  const known = preparedBy.get(connection);
  if (known !== undefined) return known;
  const undescribed: Wire = Object.create(connection, { describe: { value: () => {} } });
  const statements = { parsers: new Map<string, RowParser>(), undescribed };
  preparedBy.set(connection, statements);
  return statements;
}

function createRowParser(columns: readonly ColumnDescription[], types: pg.TypeOverrides): RowParser {
  const names = columns.map(({ name }) => name);
  const parsers = columns.map(
    ({ dataTypeID }) => types.getTypeParser(dataTypeID, 'text') as unknown as (text: string) => unknown,
  );
  const empty: Record<string, unknown> = Object.fromEntries(names.map((name) => [name, null]));
  return (values) => {
    const row = { ...empty };
    values.forEach((value, i) => {
      if (value !== null) row[names[i] ?? ''] = parsers[i]?.(value);
    });
    return row;
  };
}
