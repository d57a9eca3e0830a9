import { isLosslessNumber } from 'lossless-json';
import { parseJson } from '../json.ts';
import type { ElementDefinition, Elements, TypeDefinition } from './elements.ts';
import { attributeText, xmlCharacters } from './escape.ts';
import { FHIR_NAMESPACE, MOST_LEVELS, XHTML_NAMESPACE } from './parser.ts';
import { canonicalXhtml } from './xhtml.ts';
import { XmlFault } from './xml-fault.ts';

type Json = Readonly<Record<string, unknown>>;

const NOTHING: Json = {};

/**
 * Converts a resource from JSON text to XML. Numbers are written as they are. Elements that the version doesn't define and
 * malformed values are left out, because no reader of the version would understand them. FHIR R4 §2.6.1, DSTU2 §1.17
 * @throws XmlError if it isn't a resource or is nested too deeply
 */
export function toXml(text: string, elements: Elements): string {
  const xml = new ResourceWriter(elements).resource(parseJson(text), ` xmlns="${FHIR_NAMESPACE}"`, 0);
  if (xml === '') throw new XmlFault('It is no resource of this version of FHIR.');
  return `<?xml version="1.0" encoding="UTF-8"?>${xml}`;
}

class ResourceWriter {
  readonly #elements: Elements;
  /** Definition of the id and extensions of primitives. */
  readonly #more: TypeDefinition;

  constructor(elements: Elements) {
    this.#elements = elements;
    this.#more = elements.typeOf('Element');
  }

  resource(value: unknown, attributes: string, level: number): string {
    const name = isNode(value) ? value['resourceType'] : undefined;
    if (!isNode(value) || typeof name !== 'string' || !this.#elements.isResource(name)) return '';
    return this.#node(name, value, this.#elements.typeOf(name), attributes, level) || `<${name}${attributes}/>`;
  }

  /** Writes an element, or nothing if it has no content. FHIR R4 §2.1.3.1: an element must not be empty. */
  #node(name: string, value: unknown, type: TypeDefinition, given: string, level: number): string {
    if (level > MOST_LEVELS) throw new XmlFault('It is nested too deep.');
    let attributes = given;
    let content = '';
    const node = isNode(value) ? value : NOTHING;
    for (const element of elementsIn(node, type)) {
      const own = node[element.name] ?? undefined;
      if (element.kind === 'attribute') attributes += attribute(element.name, own);
      else content += this.#element(element, own, node[`_${element.name}`] ?? undefined, level);
    }
    if (content !== '') return `<${name}${attributes}>${content}</${name}>`;
    return attributes === '' ? '' : `<${name}${attributes}/>`;
  }

  /** Writes all repetitions of an element. `more` has the id and extensions of a primitive. */
  #element(element: ElementDefinition, own: unknown, more: unknown, level: number): string {
    if (!element.repeats) return this.#one(element, own, more, level);
    const [values, others] = [listOf(own), listOf(more)];
    let text = '';
    for (let i = 0; i < Math.max(values.length, others.length); i++)
      text += this.#one(element, values[i], others[i], level);
    return text;
  }

  #one({ name, kind, type }: ElementDefinition, own: unknown, more: unknown, level: number): string {
    switch (kind) {
      case 'primitive':
        return this.#node(name, more, this.#more, attribute('value', own), level + 1);
      case 'xhtml':
        return typeof own === 'string' ? narrativeOf(own) : '';
      case 'resource': {
        const resource = this.resource(own, '', level + 1);
        return resource === '' ? '' : `<${name}>${resource}</${name}>`;
      }
      default:
        return this.#node(name, own, this.#elements.typeOf(type), '', level + 1);
    }
  }
}

/** Returns the elements of a node in the order of their definition. */
function elementsIn(node: Json, { elements }: TypeDefinition): readonly ElementDefinition[] {
  const found: ElementDefinition[] = [];
  for (const key of Object.keys(node)) {
    const isMore = key.startsWith('_');
    const element = elements.get(isMore ? key.slice(1) : key);
    if (element === undefined || (isMore && element.kind !== 'primitive')) continue;
    if (!isMore || !Object.hasOwn(node, element.name)) found.push(element);
  }
  return found.length > 1 ? found.sort((one, other) => one.position - other.position) : found;
}

/** Writes a narrative. If it isn't valid XHTML, its source is written as plain text, so that nothing is lost. */
function narrativeOf(div: string): string {
  try {
    return canonicalXhtml(xmlCharacters(div));
  } catch (error) {
    if (!(error instanceof XmlFault)) throw error;
    return `<div xmlns="${XHTML_NAMESPACE}">${attributeText(div)}</div>`;
  }
}

const attribute = (name: string, value: unknown): string => {
  const text = textOf(value);
  return text === undefined ? '' : ` ${name}="${attributeText(text)}"`;
};

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return isLosslessNumber(value) ? value.value : undefined;
}

const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

const isNode = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isLosslessNumber(value);
