import type { SaxesTagNS } from 'saxes';
import type { FhirElementDefinition, FhirElements, FhirTypeDefinition } from './element-definitions.ts';
import { JsonNodeBuilder } from './json-node-builder.ts';
import { FHIR_NAMESPACE, XHTML_NAMESPACE } from './parser.ts';
import { XhtmlWriter } from './xhtml.ts';
import { XmlError } from './xml-error.ts';

/** Reads the content of one XML element as the parser delivers it. */
export interface ElementReader {
  /** @returns the reader of a child element; undefined if this reader handles the child itself, as in a narrative */
  open(tag: SaxesTagNS): ElementReader | undefined;
  text(text: string): void;
  /** @returns true if this was the end of the element itself, not of a child */
  close(tag: SaxesTagNS): boolean;
}

/** Reads an element that contains one resource: the document, `contained` or `Bundle.entry.resource`. */
export function createResourceReader(
  elements: FhirElements,
  name: string,
  take: (resource: object) => void,
): ElementReader {
  let isTaken = false;
  return {
    open(tag) {
      requireNamespace(tag, FHIR_NAMESPACE);
      if (!elements.isResource(tag.local)) throw new XmlError(`${tag.local} is no resource of this version of FHIR.`);
      if (isTaken) throw new XmlError(`${name} has more than one resource.`);
      isTaken = true;
      const node = new JsonNodeBuilder(readAttributes(tag, () => false));
      node.json['resourceType'] = tag.local;
      take(node.json);
      return createNodeReader(elements, elements.getType(tag.local), node, () => {});
    },
    text: (text) => requireBlank(text, name),
    close() {
      if (!isTaken) throw new XmlError(`${name} has no resource in it.`);
      return true;
    },
  };
}

/** Reads the child elements of a resource, datatype or backbone element. */
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
        throw new XmlError(`${type.name} has no element ${tag.local} in this version of FHIR.`);
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

/** Reads a primitive: its value is an attribute, and its child elements are extensions. */
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
  if (uri !== namespace) throw new XmlError(`${name} is not in the namespace ${namespace}.`);
}

function requireBlank(text: string, name: string): void {
  if (/[^ \t\r\n]/.test(text)) throw new XmlError(`${name} has text in it; in FHIR values are attributes.`);
}

/** FHIR R4 §2.1.3.1: an element must not be empty. */
function requireContent(node: JsonNodeBuilder, { name }: FhirElementDefinition): void {
  if (node.isEmpty()) throw new XmlError(`${name} is empty.`);
}

/** Namespace of attributes such as `xsi:schemaLocation`, which aren't content. */
const SCHEMA_INSTANCE = 'http://www.w3.org/2001/XMLSchema-instance';

/** Reads the attributes of a FHIR element, without namespace declarations. @throws XmlError if one isn't known */
function readAttributes(
  { name: owner, attributes }: SaxesTagNS,
  isKnown: (name: string) => boolean,
): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const { name, prefix, uri, value } of Object.values(attributes)) {
    if (name === 'xmlns' || prefix === 'xmlns' || uri === SCHEMA_INSTANCE) continue;
    if (prefix !== '' || !isKnown(name))
      throw new XmlError(`${owner} has the attribute ${name}, which FHIR does not know.`);
    found[name] = value;
  }
  return found;
}
