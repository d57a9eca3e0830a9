import { SaxesParser } from 'saxes';
import { isObject } from '../../kernel/index.ts';
import type { ValidationContext } from './validation-context.ts';

/** Whether an element has neither a value nor children, which FHIR's constraint ele-1 forbids. */
export const isEmptyElement = (value: Record<string, unknown>): boolean =>
  Object.keys(value).every((key) => key === 'id' || value[key] === undefined);

/** Checks the constraint ext-1: an extension has either a value or nested extensions. */
export function checkExtension(extension: Record<string, unknown>, path: string, context: ValidationContext): void {
  const hasValue = Object.keys(extension).some((key) => /^_?value[A-Z]/.test(key));
  const hasExtensions = 'extension' in extension;
  if (hasValue !== hasExtensions) return;
  const text = 'An extension must have either a value or nested extensions, not both.';
  context.report({ severity: 'error', code: 'invariant', path, key: 'ext-1', text });
}

/**
 * Checks the constraints dom-2 to dom-5: a contained resource contains no other resource, has no version, time of
 * change or security label, and something refers to it.
 */
export function checkContained(resource: Record<string, unknown>, path: string, context: ValidationContext): void {
  const { contained } = resource;
  if (!Array.isArray(contained)) return;
  const localReferences = collectLocalReferences(resource);
  contained.filter(isObject).forEach((one, at) => {
    const containedPath = `${path}.contained[${at}]`;
    const report = (key: string, text: string) =>
      context.report({ severity: 'error', code: 'invariant', path: containedPath, key, text });
    const meta = isObject(one['meta']) ? one['meta'] : {};
    if ('contained' in one) report('dom-2', 'A contained resource must not contain other resources.');
    if ('versionId' in meta || 'lastUpdated' in meta)
      report('dom-4', 'A contained resource must not have a versionId or lastUpdated.');
    if ('security' in meta) report('dom-5', 'A contained resource must not have a security label.');
    const refersBack = collectLocalReferences(one).has('#');
    if (!localReferences.has(`#${String(one['id'])}`) && !refersBack)
      report('dom-3', 'No reference points to this contained resource.');
  });
}

function collectLocalReferences(value: unknown, references = new Set<string>()): ReadonlySet<string> {
  if (Array.isArray(value)) for (const one of value) collectLocalReferences(one, references);
  else if (isObject(value)) for (const one of Object.values(value)) collectLocalReferences(one, references);
  else if (typeof value === 'string' && value.startsWith('#')) references.add(value);
  return references;
}

/** XHTML elements that a narrative may contain (FHIR R4 §2.4.0). */
const XHTML_ELEMENTS = new Set(
  (
    'a abbr acronym b big blockquote br caption cite code col colgroup dd dfn div dl dt em h1 h2 h3 h4 h5 h6 hr i img li ' +
    'ol p pre q samp small span strong sub sup table tbody td tfoot th thead tr tt ul var'
  ).split(' '),
);
const XHTML_ATTRIBUTES = new Set(
  (
    'xmlns xml:lang lang dir id class style title href name src alt border colspan rowspan headers scope abbr axis width ' +
    'height align valign char charoff cellpadding cellspacing frame rules span summary cite hreflang rel type start value ' +
    'nowrap longdesc accesskey tabindex shape coords dateTime datetime'
  ).split(' '),
);

/**
 * Checks the constraints txt-1 and txt-2: a narrative has only allowed XHTML elements and attributes, and some readable
 * content.
 */
export function checkNarrative({ div }: Record<string, unknown>, path: string, context: ValidationContext): void {
  if (typeof div !== 'string') return;
  const error = xhtmlError(div);
  if (error !== undefined)
    context.report({ severity: 'error', code: 'invariant', path: `${path}.div`, key: error.key, text: error.text });
}

function xhtmlError(div: string): { readonly key: 'txt-1' | 'txt-2'; readonly text: string } | undefined {
  const wrong = new Set<string>();
  let isReadable = false;
  let isBroken = false;
  const parser = new SaxesParser({ xmlns: false });
  parser.on('error', () => {
    isBroken = true;
  });
  parser.on('opentag', ({ name, attributes }) => {
    if (name === 'img') isReadable = true;
    if (!XHTML_ELEMENTS.has(name)) wrong.add('element');
    for (const [key, value] of Object.entries(attributes))
      if (!XHTML_ATTRIBUTES.has(key) || /^\s*javascript:/i.test(String(value))) wrong.add('attribute');
  });
  parser.on('text', (text) => {
    if (text.trim() !== '') isReadable = true;
  });
  parser.ENTITIES = HTML_ENTITIES;
  parser.write(div).close();
  if (isBroken) return { key: 'txt-1', text: 'This isn’t well-formed XHTML.' };
  if (wrong.size > 0)
    return {
      key: 'txt-1',
      text: `This has an ${[...wrong].join(' and an ')} that isn’t allowed in a narrative, such as a script.`,
    };
  return isReadable ? undefined : { key: 'txt-2', text: 'This has no readable content.' };
}

/**
 * Entities that the XML parser resolves. All other HTML entities become a space, because many real narratives contain
 * them.
 */
const HTML_ENTITIES: Record<string, string> = new Proxy(
  { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" } as Record<string, string>,
  { get: (known, name) => known[String(name)] ?? ' ' },
);
