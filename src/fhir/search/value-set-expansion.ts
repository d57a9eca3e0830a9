import { nonEmptyText } from '../../kernel/index.ts';
import type { Resource } from '../model/fhir-version.ts';
import type { ValueSetMember } from '../model/terminology/value-set-members.ts';
import type { QueryParameter } from './search-request.ts';
import { invalidSearch } from './values/search-value.ts';

/** Parsed parameters of the operation ValueSet/$expand. */
export interface ExpansionRequest {
  readonly url: string | undefined;
  readonly valueSetVersion: string | undefined;
  /**
   * Path of an element such as `DocumentReference.type`. The value set to which the element is bound is expanded.
   * Undefined if the client sent a URL.
   */
  readonly element: string | undefined;
  readonly filter: string | undefined;
  readonly offset: number | undefined;
  readonly count: number | undefined;
  readonly includeDesignations: boolean;
  readonly activeOnly: boolean;
  readonly displayLanguage: string | undefined;
}

/**
 * Parameters of `$expand` that the server supports. Each may occur once. `excludeNested` has no effect, because this
 * server never nests codes in an expansion.
 */
export const EXPAND_PARAMETERS = [
  { name: 'url', documentation: 'Canonical URL of the value set, with or without |version.' },
  { name: 'valueSetVersion', documentation: 'Version of the value set. Default: the newest.' },
  {
    name: 'context',
    documentation: 'Instead of a URL: an element such as DocumentReference.type, alone or as profile URL#element.',
  },
  {
    name: 'contextDirection',
    documentation: 'outgoing: the codes that the element can have in responses. No other value is supported.',
  },
  { name: 'filter', documentation: 'Only codes that contain this text in the code or display.' },
  { name: 'offset', documentation: 'Number of codes to skip.' },
  { name: 'count', documentation: 'Maximum number of codes. 0 returns only the number of codes.' },
  { name: 'includeDesignations', documentation: 'true adds alternative displays of each code.' },
  { name: 'activeOnly', documentation: 'true leaves out codes that are no longer active.' },
  { name: 'displayLanguage', documentation: 'Language of the displays, such as es, where available.' },
  { name: 'excludeNested', documentation: 'No effect: the codes are always a flat list.' },
] as const;

/**
 * Parses the parameters of `$expand`.
 * @throws Problem 400 if one of them is invalid
 */
export function readExpansion(pairs: readonly QueryParameter[]): ExpansionRequest {
  const given = new Map([...pairs].reverse());
  const text = (name: (typeof EXPAND_PARAMETERS)[number]['name']) => nonEmptyText(given.get(name));
  return {
    url: text('url'),
    valueSetVersion: text('valueSetVersion'),
    element: readElementPath(text('context'), text('contextDirection')),
    filter: text('filter'),
    offset: readWholeNumber('offset', text('offset')),
    count: readWholeNumber('count', text('count')),
    includeDesignations: readBoolean('includeDesignations', text('includeDesignations')),
    activeOnly: readBoolean('activeOnly', text('activeOnly')),
    displayLanguage: text('displayLanguage'),
  };
}

/**
 * Parses the parameter `context` of `$expand`. FHIR R4 defines it as `[URL of a StructureDefinition]#[path]`. US Core
 * clients send only the path.
 */
function readElementPath(context: string | undefined, direction = 'outgoing'): string | undefined {
  if (direction !== 'outgoing')
    throw invalidSearch('The parameter contextDirection expects outgoing, because this API is read-only.');
  return context?.slice(context.lastIndexOf('#') + 1);
}

function readWholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw invalidSearch(`The parameter ${name} expects a whole number such as 50.`);
  return Number(text);
}

function readBoolean(name: string, text: string | undefined): boolean {
  if (text !== undefined && text !== 'true' && text !== 'false')
    throw invalidSearch(`The parameter ${name} expects true or false.`);
  return text === 'true';
}

/**
 * Builds the response of `$expand`: a ValueSet with its expansion and without its definition (FHIR R4 ValueSet-expand).
 */
export function buildExpansion(
  valueSet: Resource,
  members: readonly ValueSetMember[],
  request: ExpansionRequest,
  now: Date,
): Resource {
  const { compose: _compose, expansion: _expansion, text: _text, ...described } = valueSet;
  const found = members.filter((member) => matchesRequest(member, request));
  const { offset = 0, count = found.length } = request;
  const contains = found.slice(offset, offset + count).map((member) => toContains(member, request));
  const parameter = expansionParameters(request);
  return {
    ...described,
    expansion: {
      timestamp: now.toISOString(),
      total: found.length,
      ...(request.offset === undefined && request.count === undefined ? {} : { offset }),
      ...(parameter.length === 0 ? {} : { parameter }),
      ...(contains.length === 0 ? {} : { contains }),
    },
  };
}

function matchesRequest(member: ValueSetMember, { filter, activeOnly, displayLanguage }: ExpansionRequest): boolean {
  if (activeOnly && member.inactive) return false;
  if (filter === undefined) return true;
  const part = filter.toLowerCase();
  return [member.code, displayIn(member, displayLanguage)].some((text) => text?.toLowerCase().includes(part));
}

function toContains(member: ValueSetMember, { includeDesignations, displayLanguage }: ExpansionRequest): object {
  const { system, code, inactive, designation } = member;
  const display = displayIn(member, displayLanguage);
  return {
    ...(system === undefined ? {} : { system }),
    ...(inactive ? { inactive } : {}),
    code,
    ...(display === undefined ? {} : { display }),
    ...(includeDesignations && designation.length > 0 ? { designation } : {}),
  };
}

/**
 * Returns the display text of a code in the requested language. A text in `es` also serves a client that requests
 * `es-MX`. Without a translation, the default text is returned.
 */
function displayIn({ display, designation }: ValueSetMember, language: string | undefined): string | undefined {
  if (language === undefined) return display;
  const [requested] = language.toLowerCase().split('-', 1);
  const found = designation.find((one) => nonEmptyText(one['language'])?.toLowerCase().split('-', 1)[0] === requested);
  return nonEmptyText(found?.['value']) ?? display;
}

/**
 * Returns the request parameters that influenced the expansion. A reader of the expansion needs them to interpret it.
 */
function expansionParameters(request: ExpansionRequest): readonly object[] {
  const { filter, offset, count, displayLanguage, includeDesignations, activeOnly } = request;
  return [
    ...(filter === undefined ? [] : [{ name: 'filter', valueString: filter }]),
    ...(offset === undefined ? [] : [{ name: 'offset', valueInteger: offset }]),
    ...(count === undefined ? [] : [{ name: 'count', valueInteger: count }]),
    ...(displayLanguage === undefined ? [] : [{ name: 'displayLanguage', valueCode: displayLanguage }]),
    ...(includeDesignations ? [{ name: 'includeDesignations', valueBoolean: true }] : []),
    ...(activeOnly ? [{ name: 'activeOnly', valueBoolean: true }] : []),
  ];
}
