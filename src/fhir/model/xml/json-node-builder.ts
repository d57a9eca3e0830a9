import { LosslessNumber } from 'lossless-json';
import type { FhirElementDefinition } from './element-definitions.ts';
import { XmlError } from './xml-error.ts';

/** Builds a JSON object from XML elements as they are read. */
export class JsonNodeBuilder {
  readonly json: Record<string, unknown>;
  readonly #once = new Set<string>();
  /** Lists of primitives, which must be removed if they contain only nulls. FHIR R4 §2.6.2.3 */
  readonly #lists = new Set<string>();

  /** @param attributes attributes in XML that are properties in JSON */
  constructor(attributes: Readonly<Record<string, string>>) {
    this.json = { ...attributes };
  }

  /**
   * Adds the value of an element. A repeating element is appended to its list.
   * @throws XmlError if it must not repeat
   */
  put(element: FhirElementDefinition, value: unknown): void {
    this.#requireRoom(element);
    if (element.repeats) this.#listOf(element.name).push(value);
    else this.json[element.name] = value;
  }

  /**
   * Adds a primitive. Its id and extensions (`more`) go to a second property in JSON, such as `_birthDate`.
   * @throws XmlError
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
    const place = choice ?? name;
    if (this.#once.has(place)) throw new XmlError(`There is more than one ${place}.`);
    this.#once.add(place);
  }
}

const NUMBER_TYPES = new Set(['decimal', 'integer', 'positiveInt', 'unsignedInt']);
/** RFC 8259 §6, which is also the format of R4 decimals. */
const DECIMAL_PATTERN = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/** Converts a primitive: only booleans and numbers aren't strings in JSON. FHIR R4 §2.6.2.2 */
function toJsonPrimitive(name: string, type: string, text: string): unknown {
  if (type === 'boolean') {
    if (text !== 'true' && text !== 'false') throw new XmlError(`${name} is neither true nor false.`);
    return text === 'true';
  }
  if (!NUMBER_TYPES.has(type)) return text;
  if (!DECIMAL_PATTERN.test(text)) throw new XmlError(`${name} is not a number such as 1.50.`);
  return String(Number(text)) === text ? Number(text) : new LosslessNumber(text);
}
