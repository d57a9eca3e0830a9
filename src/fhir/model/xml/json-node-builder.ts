import { LosslessNumber } from 'lossless-json';
import type { FhirElementDefinition } from './element-definitions.ts';
import { XmlError } from './xml-error.ts';

/** Builds a JSON object from XML elements as they are read. */
export class JsonNodeBuilder {
  readonly json: Record<string, unknown>;
  readonly #once = new Set<string>();
  /** Names of the lists of primitives. `finish` removes a list that contains only nulls (FHIR R4 §2.6.2.3). */
  readonly #lists = new Set<string>();

  /** @param attributes XML attributes that become JSON properties */
  constructor(attributes: Readonly<Record<string, string>>) {
    this.json = { ...attributes };
  }

  /**
   * Adds the value of an element to the JSON object. A repeating element is appended to its list.
   * @throws XmlError if an element that must not repeat occurs twice
   */
  put(element: FhirElementDefinition, value: unknown): void {
    this.#requireRoom(element);
    if (element.repeats) this.#listOf(element.name).push(value);
    else this.json[element.name] = value;
  }

  /**
   * Adds a primitive to the JSON object. Its id and extensions (`more`) go to a second property, such as `_birthDate`.
   * @throws XmlError if an element that must not repeat occurs twice, or if the value has the wrong format
   */
  putPrimitive(element: FhirElementDefinition, value: string | undefined, more: object | undefined): void {
    this.#requireRoom(element);
    const { name, repeats, type } = element;
    const own = value === undefined ? undefined : toJsonPrimitive(name, type, value);
    if (repeats) {
      for (const [list, item] of [
        [name, own],
        [`_${name}`, more],
      ] as const) {
        this.#lists.add(list);
        this.#listOf(list).push(item ?? null);
      }
      return;
    }
    if (own !== undefined) this.json[name] = own;
    if (more !== undefined) this.json[`_${name}`] = more;
  }

  isEmpty(): boolean {
    return Object.keys(this.json).length === 0;
  }

  finish(): void {
    for (const name of this.#lists) if (this.#listOf(name).every((one) => one === null)) delete this.json[name];
  }

  #listOf(name: string): unknown[] {
    const list = this.json[name];
    if (Array.isArray(list)) return list;
    const created: unknown[] = [];
    this.json[name] = created;
    return created;
  }

  #requireRoom({ name, choice, repeats }: FhirElementDefinition): void {
    if (repeats) return;
    const memberName = choice ?? name;
    if (this.#once.has(memberName)) throw new XmlError(`There is more than one ${memberName}.`);
    this.#once.add(memberName);
  }
}

const NUMBER_TYPES = new Set(['decimal', 'integer', 'positiveInt', 'unsignedInt']);
/** Number format of JSON (RFC 8259 §6). FHIR R4 decimals have the same format. */
const DECIMAL_PATTERN = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/**
 * Converts the text of a primitive to a JSON value. Booleans and numbers become JSON booleans and numbers; all other
 * primitives stay strings (FHIR R4 §2.6.2.2).
 */
function toJsonPrimitive(name: string, type: string, text: string): unknown {
  if (type === 'boolean') {
    if (text !== 'true' && text !== 'false') throw new XmlError(`${name} must be true or false.`);
    return text === 'true';
  }
  if (!NUMBER_TYPES.has(type)) return text;
  if (!DECIMAL_PATTERN.test(text)) throw new XmlError(`${name} must be a number such as 1.50.`);
  return String(Number(text)) === text ? Number(text) : new LosslessNumber(text);
}
