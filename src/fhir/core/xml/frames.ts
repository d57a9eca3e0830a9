import type { SaxesTagNS } from 'saxes';
import { attributesOf } from './attributes.ts';
import type { ElementDefinition, Elements, TypeDefinition } from './elements.ts';
import { NodeBeingRead } from './node-being-read.ts';
import { FHIR_NAMESPACE, XHTML_NAMESPACE } from './parser.ts';
import { XhtmlWriter } from './xhtml.ts';
import { XmlFault } from './xml-fault.ts';

/** Reads the content of one XML element as the parser delivers it. */
export interface Frame {
  /** @returns the reader of a child element; undefined if this reader handles the child itself, as in a narrative */
  open(tag: SaxesTagNS): Frame | undefined;
  text(text: string): void;
  /** @returns true if this was the end of the element itself, not of a child */
  close(tag: SaxesTagNS): boolean;
}

/** Reads an element that contains one resource: the document, `contained` or `Bundle.entry.resource`. */
export function resourceFrame(elements: Elements, name: string, take: (resource: object) => void): Frame {
  let isTaken = false;
  return {
    open(tag) {
      requireNamespace(tag, FHIR_NAMESPACE);
      if (!elements.isResource(tag.local)) throw new XmlFault(`${tag.local} is no resource of this version of FHIR.`);
      if (isTaken) throw new XmlFault(`${name} has more than one resource.`);
      isTaken = true;
      const node = new NodeBeingRead(attributesOf(tag, () => false));
      node.json['resourceType'] = tag.local;
      take(node.json);
      return nodeFrame(elements, elements.typeOf(tag.local), node, () => {});
    },
    text: (text) => requireBlank(text, name),
    close() {
      if (!isTaken) throw new XmlFault(`${name} has no resource in it.`);
      return true;
    },
  };
}

/** Reads the child elements of a resource, datatype or backbone element. */
function nodeFrame(elements: Elements, type: TypeDefinition, node: NodeBeingRead, done: () => void): Frame {
  return {
    open(tag) {
      const element = type.elements.get(tag.local);
      requireNamespace(tag, element?.kind === 'xhtml' ? XHTML_NAMESPACE : FHIR_NAMESPACE);
      if (element === undefined || element.kind === 'attribute')
        throw new XmlFault(`${type.name} has no element ${tag.local} in this version of FHIR.`);
      return elementFrame(elements, element, tag, node);
    },
    text: (text) => requireBlank(text, type.name),
    close() {
      node.finish();
      done();
      return true;
    },
  };
}

function elementFrame(elements: Elements, element: ElementDefinition, tag: SaxesTagNS, parent: NodeBeingRead): Frame {
  switch (element.kind) {
    case 'resource':
      attributesOf(tag, () => false);
      return resourceFrame(elements, element.name, (resource) => parent.put(element, resource));
    case 'xhtml':
      return narrativeFrame(tag, (div) => parent.put(element, div));
    case 'primitive':
      return primitiveFrame(elements, element, tag, parent);
    default: {
      const type = elements.typeOf(element.type);
      const node = new NodeBeingRead(attributesOf(tag, (name) => type.elements.get(name)?.kind === 'attribute'));
      parent.put(element, node.json);
      return nodeFrame(elements, type, node, () => requireContent(node, element));
    }
  }
}

/** Reads a primitive: its value is an attribute, and its child elements are extensions. */
function primitiveFrame(elements: Elements, element: ElementDefinition, tag: SaxesTagNS, parent: NodeBeingRead): Frame {
  const { value, ...others } = attributesOf(tag, (name) => name === 'value' || name === 'id');
  const node = new NodeBeingRead(others);
  return nodeFrame(elements, elements.typeOf('Element'), node, () => {
    if (value === undefined) requireContent(node, element);
    parent.putPrimitive(element, value, node.isEmpty() ? undefined : node.json);
  });
}

function narrativeFrame(tag: SaxesTagNS, done: (div: string) => void): Frame {
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
  if (uri !== namespace) throw new XmlFault(`${name} is not in the namespace ${namespace}.`);
}

function requireBlank(text: string, name: string): void {
  if (/[^ \t\r\n]/.test(text)) throw new XmlFault(`${name} has text in it; in FHIR values are attributes.`);
}

/** FHIR R4 §2.1.3.1: an element must not be empty. */
function requireContent(node: NodeBeingRead, { name }: ElementDefinition): void {
  if (node.isEmpty()) throw new XmlFault(`${name} is empty.`);
}
