import { type Executor, type RowOf, statement } from '../../database/index.ts';
import { IN_SPACE } from './in-space.ts';

const COLUMNS = {
  at: 'timestamptz',
  id: 'uuid',
  endpoint: 'text',
  interaction: 'text?',
  type: 'text?',
  parameters: '_text',
  others: 'int4',
  pseudonym: 'text?',
  patient: 'uuid?',
  patients: 'int4',
  live: 'bool',
  resources: 'int4?',
  status: 'int4?',
  error: 'text?',
  cause: 'text?',
  request_id: 'text',
  milliseconds: 'int4?',
} as const;

/**
 * Lists one page of an app's log: the rows that follow a position in the order of the primary key.
 * It doesn't skip rows with an offset, so later pages take no longer than the first.
 * @param condition another condition, about the app
 */
const listSql = (table: string, condition = 'true'): string =>
  `select ${Object.keys(COLUMNS).join(', ')} from ${table}
   where client_id = $1 and (at, id) < ($2::timestamptz, $3::uuid)
     and ($4::bool is null or (error is not null) = $4) and ($5::text is null or endpoint = $5) and ${condition}
   order by at desc, id desc limit $6`;
const list = statement('registry.activity.list', COLUMNS, listSql('app_request'));
const listMadeUp = statement('registry.made-up-activity.list', COLUMNS, listSql('made_up_request', IN_SPACE));

export interface AppLogPosition {
  readonly at: Date;
  readonly id: string;
}

/** One request in an app's log, as its developer may see it. */
export interface AppLogRow extends AppLogPosition {
  readonly endpoint: string;
  readonly interaction: string | undefined;
  readonly type: string | undefined;
  /** How the app authenticated and which scopes were granted. Set only for issued tokens. */
  readonly granted: { readonly auth: string; readonly scope: string } | undefined;
  /**
   * Whether the caller proved to be the app: the app authenticated, or presented a code or token
   * that was issued to it.
   */
  readonly proved: boolean;
  /** Names of the search parameters. Their values are not logged. */
  readonly parameters: readonly string[];
  readonly others: number;
  readonly pseudonym: string | undefined;
  readonly patient: string | undefined;
  readonly patients: number;
  readonly live: boolean;
  readonly resources: number | undefined;
  readonly status: number | undefined;
  readonly error: string | undefined;
  readonly cause: string | undefined;
  readonly requestId: string;
  readonly milliseconds: number | undefined;
}

export interface AppLogSelection {
  readonly limit: number;
  readonly before?: AppLogPosition | undefined;
  readonly refused?: boolean | undefined;
  readonly endpoint?: string | undefined;
}

/** Returns recent requests of an app and their outcome, newest first. */
export async function listAppLog(
  db: Executor,
  clientId: string,
  query: AppLogSelection,
): Promise<readonly AppLogRow[]> {
  return (await db.query(list, toParameters(clientId, query))).map(toLogRow);
}

/** Returns the made-up requests of a made-up app, as `listAppLog` does. */
export async function listMadeUpAppLog(
  db: Executor,
  clientId: string,
  query: AppLogSelection,
): Promise<readonly AppLogRow[]> {
  return (await db.query(listMadeUp, toParameters(clientId, query))).map(toLogRow);
}

const toParameters = (clientId: string, { limit, before, refused, endpoint }: AppLogSelection): readonly unknown[] => [
  clientId,
  before?.at ?? 'infinity',
  before?.id ?? MAX_UUID,
  refused ?? null,
  endpoint ?? null,
  limit,
];

const MAX_UUID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/**
 * Whether a log row belongs to a FHIR request, with which the app sent an access token. All other
 * rows belong to requests to the authorization server.
 */
const isFhirRequest = ({ endpoint }: RowOf<typeof COLUMNS>): boolean => endpoint.startsWith('fhir-');

/**
 * Reads the columns that rows of issued tokens use differently from rows of FHIR requests: `type`
 * holds the authentication method, and `cause` the granted scopes.
 */
const tokenColumns = ({ endpoint, type, error, cause }: RowOf<typeof COLUMNS>) =>
  endpoint === 'token' && error === null && type !== null
    ? { type: undefined, cause: undefined, granted: { auth: type, scope: cause ?? '' } }
    : { type: type ?? undefined, cause: cause ?? undefined, granted: undefined };

const toLogRow = (row: RowOf<typeof COLUMNS>): AppLogRow => ({
  at: row.at,
  id: row.id,
  endpoint: row.endpoint,
  interaction: row.interaction ?? undefined,
  ...tokenColumns(row),
  proved: isFhirRequest(row) || row.parameters.length > 0,
  parameters: isFhirRequest(row) ? row.parameters : [],
  others: row.others,
  pseudonym: row.pseudonym ?? undefined,
  patient: row.patient ?? undefined,
  patients: row.patients,
  live: row.live,
  resources: row.resources ?? undefined,
  status: row.status ?? undefined,
  error: row.error ?? undefined,
  requestId: row.request_id,
  milliseconds: row.milliseconds ?? undefined,
});
