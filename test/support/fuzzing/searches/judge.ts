import { brotliDecompressSync, unzipSync } from 'node:zlib';
import type { LightMyRequestResponse } from 'fastify';
import { DSTU2, R4 } from '../../people/patient.ts';
import { SECRET_PREFIX } from '../invented-secrets.ts';
import type { HostileRequest } from './make.ts';

/** A response that takes this many milliseconds is too slow, even on a busy machine. */
export const SLOW = 10_000;

const INTERNALS = [
  /\bat [\w.<>]+ \(?(?:file|node|\/)/,
  /node_modules|\/src\/|\.ts:\d+/,
  /\b(?:select|insert into|delete from)\b[^.]{0,200}\b(?:from|values|where)\b/i,
  /syntax error|invalid input syntax|relation "|column "|operator does not exist|invalid byte sequence|\bPostgreSQL\b|\bpg_/i,
];

/** Finds the problems of a response to a hostile request. */
export function searchProblems(
  request: HostileRequest,
  answer: LightMyRequestResponse,
  milliseconds: number,
): readonly string[] {
  const { statusCode, headers, body } = answer;
  const problems: string[] = [];
  if (statusCode >= 500) problems.push(`${statusCode}: ${body.slice(0, 300)}`);
  if (milliseconds > SLOW) problems.push(`took ${Math.round(milliseconds)} ms`);
  if (headers['x-request-id'] === undefined) problems.push('has no request id');
  if (statusCode >= 400 && request.method !== 'HEAD' && isBelow(request.url))
    problems.push(...rejectionProblems(request, answer));
  return problems;
}

/** Whether a path is within an API after its `..` segments are resolved (RFC 3986 §5.2.4). */
const isBelow = (url: string): boolean => {
  const { pathname } = new URL(url, 'http://localhost');
  return [R4, DSTU2].some((base) => pathname.toLowerCase().startsWith(`${base}/`));
};

/** A rejection must be an OperationOutcome with the request id (FHIR R4 §3.1.0.1.5). */
function rejectionProblems(
  request: HostileRequest,
  { headers, rawPayload }: LightMyRequestResponse,
): readonly string[] {
  const text = textOf(rawPayload, headers['content-encoding']);
  const problems: string[] = [];
  const type = String(headers['content-type']);
  if (!/^(?:application|text)\/(?:fhir\+)?(?:json|xml)(?:\+fhir)?; charset=utf-8$/.test(type))
    problems.push(`is ${type}`);
  if (!/"resourceType":"OperationOutcome"|<OperationOutcome /.test(text))
    problems.push(`is no OperationOutcome: ${text.slice(0, 200)}`);
  if (!text.includes(`Request id: ${headers['x-request-id']}`)) problems.push('does not say its request id');
  problems.push(...revealsInternals(text, requestText(request)).map((found) => `tells of our inside: ${found}`));
  if (rawPayload.length > 20_000) problems.push(`is ${rawPayload.length} bytes long`);
  return problems;
}

/** Text of a response. An error that lists many names is long enough to be compressed. */
function textOf(payload: Buffer, encoding: unknown): string {
  if (encoding === 'br') return brotliDecompressSync(payload).toString();
  return (encoding === undefined ? payload : unzipSync(payload)).toString();
}

/** Whether a text has stack traces, file names or SQL that the client didn't send. */
export const revealsInternals = (text: string, said: string): readonly string[] =>
  INTERNALS.flatMap((one) => one.exec(text)?.[0] ?? []).filter((found) => !said.includes(found));

function requestText({ url, payload = '' }: HostileRequest): string {
  const said = `${url}\n${payload}`;
  try {
    return said + decodeURIComponent(said);
  } catch {
    return said;
  }
}

/** Finds log lines that contain a value, a URL or a token of a request. */
export const logProblems = (log: readonly string[], secrets: readonly string[]): readonly string[] =>
  log.filter(
    (line) =>
      line.includes(SECRET_PREFIX) || /[?&][\w.:-]+=|_search\?/.test(line) || secrets.some((one) => line.includes(one)),
  );
