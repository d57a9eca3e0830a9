const MARKUP: unique symbol = Symbol('markup');

/**
 * HTML markup that is safe to send. Only this file can create it, so text from outside never counts as markup. It isn't
 * a string, and implicit conversion throws: a template would escape the converted text a second time, and string
 * concatenation wouldn't escape anything.
 */
export interface Html {
  readonly [MARKUP]: string;
}

/**
 * A value that an `html` template inserts. `undefined` and `false` insert nothing, so that a template can use
 * `condition && html`.
 */
export type HtmlValue = string | number | URLSearchParams | Html | readonly Html[] | undefined | false;

/**
 * Template tag for HTML. Escapes inserted values so that they are safe in text and in quoted attributes. Inserts `Html`
 * and arrays of `Html` unchanged.
 */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  let markup = strings[0] ?? '';
  for (const [index, value] of values.entries()) markup += toMarkup(value) + (strings[index + 1] ?? '');
  return createHtml(markup);
}

/**
 * Returns an HTML attribute with an escaped value. `true` gives the name alone, as in `checked`. `false` and
 * `undefined` omit the attribute.
 * @throws {TypeError} if the name isn't an attribute name in lower case
 */
export function attribute(name: string, value: string | number | boolean | undefined): Html {
  if (!ATTRIBUTE_NAME.test(name)) throw new TypeError('Invalid attribute name');
  if (value === undefined || value === false) return createHtml('');
  return createHtml(value === true ? name : `${name}="${escapeText(String(value))}"`);
}

/** Joins pieces of HTML. The separator is escaped unless it is `Html`. */
export function joinHtml(parts: readonly Html[], separator: string | Html): Html {
  return createHtml(parts.map(htmlToString).join(toMarkup(separator)));
}

/**
 * Declares a text to be HTML, without escaping it. `html-templates.test.ts` lists all uses, with the reason why no
 * input can make each one unsafe.
 */
export function raw(markup: string): Html {
  return createHtml(markup);
}

/** Serializes a value for an inline <script>. Escapes `<`, so that the JSON can't end the script element. */
export const toScriptJson = (value: unknown): Html => createHtml(JSON.stringify(value).replaceAll('<', '\\u003c'));

/**
 * Returns HTML as text, to be sent in a response.
 * @throws {TypeError} if the value isn't `Html`, which is possible after a cast
 */
export function htmlToString(markup: Html): string {
  const text = markup[MARKUP];
  if (typeof text !== 'string') throw new TypeError('Not Html');
  return text;
}

function createHtml(markup: string): Html {
  return Object.freeze({ [MARKUP]: markup, [Symbol.toPrimitive]: rejectConversion });
}

function rejectConversion(): never {
  throw new TypeError('Html is not a string. Insert it into html`…`, or use htmlToString.');
}

/**
 * Escapes an inserted value. Values of types that templates don't accept are escaped too, because a cast can pass any
 * value.
 */
function toMarkup(value: unknown): string {
  if (typeof value === 'string') return escapeText(value);
  if (value === undefined || value === null || value === false) return '';
  if (Array.isArray(value)) return value.map(toMarkup).join('');
  if (typeof value === 'object' && MARKUP in value) return htmlToString(value as Html);
  return escapeText(String(value));
}

const ATTRIBUTE_NAME = /^[a-z][a-z0-9-]*$/;
const SPECIAL_CHARACTERS = /["&'<=>]/g;

/**
 * Character references for special characters. `=` is among them, so that a value outside of quotes can't start another
 * attribute.
 */
const ENTITIES: Readonly<Record<string, string>> = {
  '"': '&#34;',
  '&': '&#38;',
  "'": '&#39;',
  '<': '&#60;',
  '=': '&#61;',
  '>': '&#62;',
};

function escapeText(text: string): string {
  return text.replaceAll(SPECIAL_CHARACTERS, (character) => ENTITIES[character] ?? '');
}

/** HTML without content, which inserts nothing. */
export const emptyHtml: Html = createHtml('');
