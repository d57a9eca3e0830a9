import type { SaxesTagNS } from 'saxes';
import type { FhirElementDefinition, FhirElements, FhirTypeDefinition } from './element-definitions.ts';
import { JsonNodeBuilder } from './json-node-builder.ts';
import { FHIR_NAMESPACE, XHTML_NAMESPACE } from './parser.ts';
import { XhtmlWriter } from './xhtml.ts';
import { XmlError } from './xml-error.ts';

/** Receives the events of the XML parser inside one XML element, and converts them to JSON. */
export interface ElementReader {
  /**
   * Called at the start tag of a child element.
   * @returns the reader for the child element; undefined if this reader reads the child's content too, as in a
   * narrative
   */
  open(tag: SaxesTagNS): ElementReader | undefined;
  text(text: string): void;
  /**
   * Called at an end tag.
   * @returns true if the tag ends this reader's own element, false if it ends a child element
   */
  close(tag: SaxesTagNS): boolean;
}

/**
 * Creates the reader of an XML element that contains exactly one resource: the document, `contained` or
 * `Bundle.entry.resource`.
 */
export function createResourceReader(
  elements: FhirElements,
  name: string,
  take: (resource: object) => void,
): ElementReader {
  let isTaken = false;
  return {
    open(tag) {
      requireNamespace(tag, FHIR_NAMESPACE);
      if (!elements.isResource(tag.local))
        throw new XmlError(`${tag.local} isn’t a resource type of this FHIR version.`);
      if (isTaken) throw new XmlError(`${name} contains more than one resource.`);
      isTaken = true;
      const node = new JsonNodeBuilder(readAttributes(tag, () => false));
      node.json['resourceType'] = tag.local;
      take(node.json);
      return createNodeReader(elements, elements.getType(tag.local), node, () => {});
    },
    text: (text) => requireBlank(text, name),
    close() {
      if (!isTaken) throw new XmlError(`${name} contains no resource.`);
      return true;
    },
  };
}

/** Creates the reader for the child elements of a resource, datatype or backbone element. */
function createNodeReader(
  elements: FhirElements,
  type: FhirTypeDefinition,
  node: JsonNodeBuilder,
  done: () => void,
): ElementReader {
  return {
    open(tag) {
      const element = type.elements.get(tag.local);
      requireNamespace(tag, element?.kind === 'xhtml' ? XHTML_NAMESPACE : FHIR_NAMESPACE);
      if (element === undefined || element.kind === 'attribute')
        throw new XmlError(`${type.name} has no element ${tag.local} in this FHIR version.`);
      return createElementReader(elements, element, tag, node);
    },
    text: (text) => requireBlank(text, type.name),
    close() {
      node.finish();
      done();
      return true;
    },
  };
}

function createElementReader(
  elements: FhirElements,
  element: FhirElementDefinition,
  tag: SaxesTagNS,
  parent: JsonNodeBuilder,
): ElementReader {
  switch (element.kind) {
    case 'resource':
      readAttributes(tag, () => false);
      return createResourceReader(elements, element.name, (resource) => parent.put(element, resource));
    case 'xhtml':
      return createNarrativeReader(tag, (div) => parent.put(element, div));
    case 'primitive':
      return createPrimitiveReader(elements, element, tag, parent);
    default: {
      const type = elements.getType(element.type);
      const node = new JsonNodeBuilder(readAttributes(tag, (name) => type.elements.get(name)?.kind === 'attribute'));
      parent.put(element, node.json);
      return createNodeReader(elements, type, node, () => requireContent(node, element));
    }
  }
}

/**
 * Creates the reader of a FHIR primitive. In XML, the attribute `value` has its value, and the child elements are its
 * extensions.
 */
function createPrimitiveReader(
  elements: FhirElements,
  element: FhirElementDefinition,
  tag: SaxesTagNS,
  parent: JsonNodeBuilder,
): ElementReader {
  const { value, ...others } = readAttributes(tag, (name) => name === 'value' || name === 'id');
  const node = new JsonNodeBuilder(others);
  return createNodeReader(elements, elements.getType('Element'), node, () => {
    if (value === undefined) requireContent(node, element);
    parent.putPrimitive(element, value, node.isEmpty() ? undefined : node.json);
  });
}

function createNarrativeReader(tag: SaxesTagNS, done: (div: string) => void): ElementReader {
  const writer = new XhtmlWriter();
  writer.open(tag);
  return {
    open(child) {
      writer.open(child);
      return undefined;
    },
    text: (text) => writer.text(text),
    close(child) {
      const isEnd = writer.close(child);
      if (isEnd) done(writer.result());
      return isEnd;
    },
  };
}

function requireNamespace({ name, uri }: SaxesTagNS, namespace: string): void {
  if (uri !== namespace) throw new XmlError(`${name} isn’t in the namespace ${namespace}.`);
}

function requireBlank(text: string, name: string): void {
  if (/[^ \t\r\n]/.test(text)) throw new XmlError(`${name} contains text. In FHIR, values are attributes.`);
}

/**
 * Throws an XmlError if an element has neither a value nor content, because FHIR doesn't allow empty elements (FHIR R4
 * §2.1.3.1).
 */
function requireContent(node: JsonNodeBuilder, { name }: FhirElementDefinition): void {
  if (node.isEmpty()) throw new XmlError(`${name} is empty.`);
}

/** XML namespace of attributes such as `xsi:schemaLocation`. They aren't part of the resource and are ignored. */
const SCHEMA_INSTANCE = 'http://www.w3.org/2001/XMLSchema-instance';

/**
 * Reads the attributes of an XML element in FHIR's namespace, except namespace declarations.
 * @throws XmlError if FHIR doesn't define one of the attributes
 */
function readAttributes(
  { name: owner, attributes }: SaxesTagNS,
  isKnown: (name: string) => boolean,
): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const { name, prefix, uri, value } of Object.values(attributes)) {
    if (name === 'xmlns' || prefix === 'xmlns' || uri === SCHEMA_INSTANCE) continue;
    if (prefix !== '' || !isKnown(name))
      throw new XmlError(`${owner} has the attribute ${name}, which FHIR doesn’t define.`);
    found[name] = value;
  }
  return found;
}
