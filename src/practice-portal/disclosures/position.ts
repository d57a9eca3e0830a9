import { formField } from '../form-fields.ts';

/** A row of the report, after which the next page begins. */
export interface ReportPosition {
  /** Beginning of the row's day. */
  readonly since: Date;
  readonly clientId: string;
  readonly recordId: number;
  /** Id of the account, or zeros for the app itself. */
  readonly accountId: string;
}

/** The page of the report that a link asks for. */
export interface RequestedPage {
  /** From 1. */
  readonly number: number;
  /** Last row of the page before; undefined for the first page. */
  readonly after: ReportPosition | undefined;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Largest number of a record. */
const MAX_RECORD_ID = 2 ** 48;
const MAX_CLIENT_ID_LENGTH = 500;

/** Returns the parameters of the link to a page. */
export const toParameters = ({ since, clientId, recordId, accountId }: ReportPosition, number: number) => ({
  page: String(number),
  after: Buffer.from(JSON.stringify([since.getTime(), clientId, recordId, accountId])).toString('base64url'),
});

/** Reads the parameters of the link to a page. Anything else counts as the first page. */
export function parseRequestedPage(query: unknown): RequestedPage {
  const after = parsePosition(formField(query, 'after'));
  const number = /^[1-9]\d{0,5}$/.test(formField(query, 'page')) ? Number(formField(query, 'page')) : 1;
  return after === undefined ? { number: 1, after } : { number: Math.max(2, number), after };
}

function parsePosition(text: string): ReportPosition | undefined {
  let values: unknown;
  try {
    values = JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return undefined;
  }
  if (!Array.isArray(values)) return undefined;
  const [time, clientId, recordId, accountId]: unknown[] = values;
  const since = new Date(typeof time === 'number' ? time : Number.NaN);
  if (!(since.getUTCFullYear() >= 1900 && since.getUTCFullYear() < 10_000)) return undefined;
  if (typeof clientId !== 'string' || clientId.length > MAX_CLIENT_ID_LENGTH || clientId.includes('\0'))
    return undefined;
  if (typeof recordId !== 'number' || !Number.isInteger(recordId) || recordId < 0 || recordId > MAX_RECORD_ID)
    return undefined;
  if (typeof accountId !== 'string' || !UUID.test(accountId)) return undefined;
  return { since, clientId: clientId.toWellFormed(), recordId, accountId };
}
