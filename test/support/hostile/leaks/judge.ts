import type { LightMyRequestResponse } from 'fastify';
import type { Disclosure } from '../../../../src/fhir/index.ts';
import type { Forbidden } from './attackers.ts';
import type { Asked } from './requests.ts';

/** A response in comparable form, without its unique values. */
export interface Told {
  readonly status: number;
  readonly headers: string;
  readonly body: string;
}

const OWN_HEADERS = new Set(['date', 'content-length', 'x-request-id', 'connection', 'keep-alive']);

export function toldBy({ family }: Pick<Asked, 'family'>, answer: LightMyRequestResponse): Told {
  const headers = Object.entries(answer.headers)
    .filter(([name]) => !OWN_HEADERS.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const body = answer.body.replaceAll(/Request id: [\w-]+/g, 'Request id');
  return {
    status: answer.statusCode,
    headers: headers.map(([name, value]) => `${name}: ${value}`).join('\n'),
    body: family.startsWith('$') ? comparable(body) : body,
  };
}

/** Ids that are generated for one response, unlike those of charts and documents: RFC 9562 §5.4, §5.8. */
const MADE = /\b[0-9a-f]{8}-(?!0000-4000-8000)[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\b/g;

/** The comparable body of an operation: without new ids, and with the entries of an unordered Bundle sorted. */
const comparable = (body: string): string =>
  body
    .replaceAll(MADE, 'new')
    .split(/\{(?="fullUrl")|(?=<entry>)/)
    .map((entry) => entry.replace(/[,\]}]+$|<\/Bundle>$/, ''))
    .sort()
    .join('\n');

/** The problems of a response, compared to the one of a server without the other patients. */
export function faultsIn(asked: Asked, told: Told, other: Told, forbidden: Forbidden): readonly string[] {
  const text = `${told.headers}\n${told.body}`.toLowerCase();
  // The response may repeat what the client sent.
  const said = decoded(`${asked.path}\n${asked.payload ?? ''}`).toLowerCase();
  const words = forbidden.words.filter(
    (word) => text.includes(word.toLowerCase()) && !said.includes(word.toLowerCase()),
  );
  const ids = [...new Set(text.match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g))].filter(
    (id) => forbidden.ids.has(id) && !said.includes(id),
  );
  return [
    ...words.map((word) => `says ${word}`),
    ...ids.map((id) => `has the id ${id}`),
    ...(asked.refused === true && told.status !== 403 && told.status !== 404
      ? [`answers ${told.status}, not a refusal`]
      : []),
    ...differencesIn(told, other),
  ];
}

/** The differences from the response of a server without other data. */
export const differencesIn = (told: Told, other: Told): readonly string[] => [
  ...(told.status === other.status ? [] : [`answers ${told.status}, and ${other.status} where nothing else is`]),
  ...(told.status >= 500 ? [`is a fault of ours: ${told.body.slice(0, 200)}`] : []),
  ...(told.headers === other.headers ? [] : [`has other headers: ${told.headers}\n${other.headers}`]),
  ...(told.body === other.body ? [] : [`has another body: ${difference(told.body, other.body)}`]),
];

/** The position where two texts differ. */
function difference(a: string, b: string): string {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  const from = Math.max(0, at - 60);
  return `…${a.slice(from, at + 160)}… instead of …${b.slice(from, at + 160)}…`;
}

function decoded(text: string): string {
  // In a URL or form, or in a Parameters resource.
  const cursors = [...text.matchAll(/_cursor(?:=|","valueString":")([\w-]+)/g)].map(([, one = '']) =>
    Buffer.from(one, 'base64url').toString(),
  );
  try {
    return [decodeURIComponent(text.replaceAll('+', ' ')), ...cursors].join('\n');
  } catch {
    return [text, ...cursors].join('\n');
  }
}

/** Forbidden content in the audit log of a request: another record, or data from one. */
export function faultsOfTrail(
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
