import type { LightMyRequestResponse } from 'fastify';
import type { Disclosure } from '../../../src/fhir/index.ts';
import type { Forbidden } from './attackers.ts';
import type { LeakRequest } from './requests.ts';

/** A response without the values that differ each time, so that two responses can be compared. */
export interface ComparableResponse {
  readonly status: number;
  readonly headers: string;
  readonly body: string;
}

const OWN_HEADERS = new Set(['date', 'content-length', 'x-request-id', 'connection', 'keep-alive']);

export function toComparable({ kind }: Pick<LeakRequest, 'kind'>, answer: LightMyRequestResponse): ComparableResponse {
  const headers = Object.entries(answer.headers)
    .filter(([name]) => !OWN_HEADERS.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const body = answer.body.replaceAll(/Request id: [\w-]+/g, 'Request id');
  return {
    status: answer.statusCode,
    headers: headers.map(([name, value]) => `${name}: ${value}`).join('\n'),
    body: kind.startsWith('$') ? comparable(body) : body,
  };
}

/**
 * Ids that are made for one response. Ids of test resources and documents have another format (RFC 9562 §5.4, §5.8).
 */
const GENERATED_ID = /\b[0-9a-f]{8}-(?!0000-4000-8000)[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\b/g;

/**
 * Makes the body of an operation comparable: replaces new ids, and sorts the entries of a Bundle without a defined
 * order.
 */
const comparable = (body: string): string =>
  body
    .replaceAll(GENERATED_ID, 'new')
    .split(/\{(?="fullUrl")|(?=<entry>)/)
    .map((entry) => entry.replace(/[,\]}]+$|<\/Bundle>$/, ''))
    .sort()
    .join('\n');

/**
 * Finds problems of a response by comparing it with that of a server without other people's data, and by looking for
 * forbidden texts and ids.
 */
export function leakProblems(
  request: LeakRequest,
  response: ComparableResponse,
  other: ComparableResponse,
  forbidden: Forbidden,
): readonly string[] {
  const text = `${response.headers}\n${response.body}`.toLowerCase();
  // A response may repeat what the client sent.
  const requestText = decoded(`${request.path}\n${request.payload ?? ''}`).toLowerCase();
  const words = forbidden.words.filter(
    (word) => text.includes(word.toLowerCase()) && !requestText.includes(word.toLowerCase()),
  );
  const ids = [...new Set(text.match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g))].filter(
    (id) => forbidden.ids.has(id) && !requestText.includes(id),
  );
  return [
    ...words.map((word) => `says ${word}`),
    ...ids.map((id) => `has the id ${id}`),
    ...(request.isDenied === true && response.status !== 403 && response.status !== 404
      ? [`answers ${response.status}, not a refusal`]
      : []),
    ...listDifferences(response, other),
  ];
}

/** Differences between a response and the response of a server without other people's data. */
export const listDifferences = (response: ComparableResponse, other: ComparableResponse): readonly string[] => [
  ...(response.status === other.status
    ? []
    : [`answers ${response.status}, and ${other.status} where nothing else is`]),
  ...(response.status >= 500 ? [`is a fault of ours: ${response.body.slice(0, 200)}`] : []),
  ...(response.headers === other.headers ? [] : [`has other headers: ${response.headers}\n${other.headers}`]),
  ...(response.body === other.body ? [] : [`has another body: ${difference(response.body, other.body)}`]),
];

/** Describes where two texts begin to differ. */
function difference(a: string, b: string): string {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  const from = Math.max(0, at - 60);
  return `…${a.slice(from, at + 160)}… instead of …${b.slice(from, at + 160)}…`;
}

function decoded(text: string): string {
  // Cursors in a URL, a form or a Parameters resource.
  const cursors = [...text.matchAll(/_cursor(?:=|","valueString":")([\w-]+)/g)].map(([, one = '']) =>
    Buffer.from(one, 'base64url').toString(),
  );
  try {
    return [decodeURIComponent(text.replaceAll('+', ' ')), ...cursors].join('\n');
  } catch {
    return [text, ...cursors].join('\n');
  }
}

/**
 * Finds entries in the audit log of a request that are about a record outside the token's access, or that have
 * forbidden texts.
 */
export function auditLogProblems(
  disclosures: readonly Disclosure[],
  records: ReadonlySet<number>,
  forbidden: Forbidden,
): readonly string[] {
  return disclosures.flatMap((event) => {
    const text = JSON.stringify(event).toLowerCase();
    return [
      ...(event.recordId === undefined || records.has(event.recordId)
        ? []
        : [`the trail names record ${event.recordId}`]),
      ...forbidden.words.filter((word) => text.includes(word.toLowerCase())).map((word) => `the trail says ${word}`),
      ...[...forbidden.ids].filter((id) => text.includes(id)).map((id) => `the trail has the id ${id}`),
    ];
  });
}
