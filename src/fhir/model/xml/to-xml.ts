import { isLosslessNumber } from 'lossless-json';
import { isObject } from '../../../kernel/index.ts';
import { parseJson } from '../json.ts';
import type { FhirElementDefinition, FhirElements, FhirTypeDefinition } from './element-definitions.ts';
import { escapeAttribute, replaceInvalidCharacters } from './escape.ts';
import { FHIR_NAMESPACE, MAX_DEPTH, XHTML_NAMESPACE } from './parser.ts';
import { canonicalXhtml } from './xhtml.ts';
import { XmlError } from './xml-error.ts';

type JsonNode = Readonly<Record<string, unknown>>;

const EMPTY_NODE: JsonNode = {};

/**
 * Converts a resource from JSON text to XML (FHIR R4 §2.6.1, DSTU2 §1.17). Numbers are written as they are. Malformed
 * values, and elements that the FHIR version doesn't define, are left out, because no client of that version would
 * understand them.
 * @throws XmlError if the text isn't a resource or is nested too deeply
 */
export function toXml(text: string, elements: FhirElements): string {
  const xml = new ResourceWriter(elements).resource(parseJson(text), ` xmlns="${FHIR_NAMESPACE}"`, 0);
  if (xml === '') throw new XmlError('This isn’t a resource of this FHIR version.');
  return `<?xml version="1.0" encoding="UTF-8"?>${xml}`;
}

class ResourceWriter {
  readonly #elements: FhirElements;
  /** Definition of the FHIR type `Element`: the id and the extensions that a primitive can have. */
  readonly #more: FhirTypeDefinition;

  constructor(elements: FhirElements) {
    this.#elements = elements;
    this.#more = elements.getType('Element');
  }

  resource(value: unknown, attributes: string, level: number): string {
    const name = isObject(value) ? value['resourceType'] : undefined;
    if (!isObject(value) || typeof name !== 'string' || !this.#elements.isResource(name)) return '';
    return this.#node(name, value, this.#elements.getType(name), attributes, level) || `<${name}${attributes}/>`;
  }

  /**
   * Writes an XML element. Returns an empty string if the element has no content, because FHIR doesn't allow empty
   * elements (FHIR R4 §2.1.3.1).
   */
  #node(name: string, value: unknown, type: FhirTypeDefinition, given: string, level: number): string {
    if (level > MAX_DEPTH) throw new XmlError('The resource is nested too deep.');
    let attributes = given;
    let content = '';
    const node = isObject(value) ? value : EMPTY_NODE;
    for (const element of definedElements(node, type)) {
      const own = node[element.name] ?? undefined;
      if (element.kind === 'attribute') attributes += writeAttribute(element.name, own);
      else content += this.#element(element, own, node[`_${element.name}`] ?? undefined, level);
    }
    if (content !== '') return `<${name}${attributes}>${content}</${name}>`;
    return attributes === '' ? '' : `<${name}${attributes}/>`;
  }

  /** Writes all repetitions of an element. For a primitive, `more` has its id and extensions. */
  #element(element: FhirElementDefinition, own: unknown, more: unknown, level: number): string {
    if (!element.repeats) return this.#one(element, own, more, level);
    const [values, others] = [toRepeats(own), toRepeats(more)];
    let text = '';
    for (let i = 0; i < Math.max(values.length, others.length); i++)
      text += this.#one(element, values[i], others[i], level);
    return text;
  }

  #one({ name, kind, type }: FhirElementDefinition, own: unknown, more: unknown, level: number): string {
    switch (kind) {
      case 'primitive':
        return this.#node(name, more, this.#more, writeAttribute('value', own), level + 1);
      case 'xhtml':
        return typeof own === 'string' ? writeNarrative(own) : '';
      case 'resource': {
        const resource = this.resource(own, '', level + 1);
        return resource === '' ? '' : `<${name}>${resource}</${name}>`;
      }
      default:
        return this.#node(name, own, this.#elements.getType(type), '', level + 1);
    }
  }
}

/** Returns the definitions of those elements that a JSON object has, in the order of the FHIR specification. */
function definedElements(node: JsonNode, { elements }: FhirTypeDefinition): readonly FhirElementDefinition[] {
  const found: FhirElementDefinition[] = [];
  for (const key of Object.keys(node)) {
    const isMore = key.startsWith('_');
    const element = elements.get(isMore ? key.slice(1) : key);
    if (element === undefined || (isMore && element.kind !== 'primitive')) continue;
    if (!isMore || !Object.hasOwn(node, element.name)) found.push(element);
  }
  return found.length > 1 ? found.sort((one, other) => one.position - other.position) : found;
}

/**
 * Writes a narrative. A narrative that isn't valid XHTML is written as plain text with visible tags, so that nothing is
 * lost.
 */
function writeNarrative(div: string): string {
  try {
    return canonicalXhtml(replaceInvalidCharacters(div));
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    return `<div xmlns="${XHTML_NAMESPACE}">${escapeAttribute(div)}</div>`;
  }
}

const writeAttribute = (name: string, value: unknown): string => {
  const text = toText(value);
  return text === undefined ? '' : ` ${name}="${escapeAttribute(text)}"`;
};

function toText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return isLosslessNumber(value) ? value.value : undefined;
}

const toRepeats = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];
