import type { SaxesTagNS } from 'saxes';
import { attributesOf } from './attributes.ts';
import type { ElementDefinition, Elements, TypeDefinition } from './elements.ts';
import { NodeBeingRead } from './node-being-read.ts';
import { FHIR_NAMESPACE, XHTML_NAMESPACE } from './parser.ts';
import { XhtmlWriter } from './xhtml.ts';
import { XmlFault } from './xml-fault.ts';

/** An element that is being read. */
export interface Frame {
  /** @returns the frame of an element within; undefined: that element is part of this one's text */
  open(tag: SaxesTagNS): Frame | undefined;
  text(text: string): void;
  /** @returns whether it was the end of this element, and not of one within */
  close(tag: SaxesTagNS): boolean;
}

/** What has one resource in it: the document, `contained`, `Bundle.entry.resource`. */
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

/** The elements of a resource, a datatype or a part of either. */
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

/** Its value is an attribute; within it are its id and its extensions. */
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
      const isOver = writer.close(child);
      if (isOver) done(writer.result());
      return isOver;
    },
  };
}

function requireNamespace({ name, uri }: SaxesTagNS, namespace: string): void {
  if (uri !== namespace) throw new XmlFault(`${name} is not in the namespace ${namespace}.`);
}

function requireBlank(text: string, name: string): void {
  if (/[^ \t\r\n]/.test(text)) throw new XmlFault(`${name} has text in it; in FHIR values are attributes.`);
}

/** FHIR R4 §2.1.3.1: what is there is not empty. */
function requireContent(node: NodeBeingRead, { name }: ElementDefinition): void {
  if (node.isEmpty()) throw new XmlFault(`${name} is empty.`);
}
