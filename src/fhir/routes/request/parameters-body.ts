import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isObject, Problem } from '../../../kernel/index.ts';
import type { QueryParameter } from '../../search/search-request.ts';
import { invalidSearch } from '../../search/values/search-value.ts';
import { isFormOrEmpty } from './form.ts';
import { cachePairs, readPairs, readUrlPairs } from './query.ts';

const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPES = ['application/fhir+json', 'application/json', 'application/json+fhir'];

/**
 * Makes the routes of a Fastify scope receive request bodies as text. The text is parsed only after the sender is
 * authenticated.
 */
export function readBodiesAsText(scope: FastifyInstance, bodyLimit: number): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser([FORM, ...JSON_TYPES], { parseAs: 'string', bodyLimit }, (_request, body, done) =>
    done(null, body),
  );
  scope.addContentTypeParser('*', (_request, _payload, done) => done(parametersExpected()));
}

/**
 * Returns the parameters of an operation: those in the URL and, for POST, those in a form or Parameters resource (FHIR
 * R4 §3.2.0.1).
 * @throws Problem 400 if the body isn't valid
 */
export function readOperationPairs(request: FastifyRequest): readonly QueryParameter[] {
  const { body } = request;
  if (typeof body !== 'string' || body === '' || isFormOrEmpty(request)) return readPairs(request);
  return cachePairs(request, [...readUrlPairs(request), ...parseParameters(body)]);
}

function parseParameters(text: string): readonly QueryParameter[] {
  const { resourceType, parameter } = parseObject(text);
  if (resourceType !== 'Parameters' || !Array.isArray(parameter)) throw parametersExpected();
  return parameter.map((one) => {
    const { name, ...values } = isObject(one) ? one : {};
    const [value, ...others] = Object.entries(values).flatMap(([key, each]) => (/^value[A-Z]/.test(key) ? [each] : []));
    const searchValue = isObject(value) ? toSearchValue(value) : value;
    const isPlain =
      typeof searchValue === 'string' || typeof searchValue === 'boolean' || typeof searchValue === 'number';
    if (typeof name !== 'string' || others.length > 0 || !isPlain)
      throw invalidSearch(
        'Each parameter must have a name and one value: a primitive such as valueString or valueInstant, or a Coding, CodeableConcept, Identifier or Reference. Resources and parts are not supported.',
      );
    return [name, String(searchValue)];
  });
}

/**
 * Writes a complex value of a Parameters resource in search syntax, such as `system|code` (FHIR R4 search §3.1.1.4.10).
 * Returns undefined if search has no syntax for it.
 */
function toSearchValue({ reference, coding, system, code, value }: Record<string, unknown>): string | undefined {
  if (typeof reference === 'string') return reference;
  if (!Array.isArray(coding)) return toToken(system, code ?? value);
  const codes = coding.map((one) => (isObject(one) ? toToken(one['system'], one['code']) : undefined));
  return codes.length === 0 || codes.includes(undefined) ? undefined : codes.join(',');
}

function toToken(system: unknown, code: unknown): string | undefined {
  if (typeof code !== 'string' || code === '') return undefined;
  return typeof system === 'string' ? `${escapeToken(system)}|${escapeToken(code)}` : escapeToken(code);
}

const escapeToken = (text: string): string => text.replaceAll(/[\\,|$]/g, '\\$&');

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    throw parametersExpected();
  }
}

const parametersExpected = (): Problem =>
  new Problem('bad-request', {
    status: 400,
    message:
      'Send the parameters in the URL, as a Parameters resource (application/fhir+json), or as application/x-www-form-urlencoded.',
  });
