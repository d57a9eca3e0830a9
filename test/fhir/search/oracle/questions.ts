import type { SeededRandom } from '../../../support/fuzzing/seeded-random.ts';
import type { CompositeNodes } from './composite-rule.ts';
import { dateQuestions } from './date-questions.ts';
import { escapeValue } from './escaping.ts';
import { asText, isObject } from './nodes.ts';
import { amounts } from './quantity-rule.ts';
import { referenceText } from './reference-rule.ts';
import { normalizeText, stringValues } from './string-rule.ts';
import { codedValues, displayTexts } from './token-rule.ts';

/** A search value before percent-encoding, with the modifier of the search if there is one. */
export interface Question {
  readonly modifier?: string;
  readonly value: string;
}

/** Context for making search values, beside the value in the resource. */
export interface QuestionContext {
  readonly random: SeededRandom;
  readonly base: string;
  readonly implied: string | undefined;
}

/** Makes search values for a value in a resource: some that find it, and similar ones that don't. */
export type QuestionMaker = (node: unknown, asking: QuestionContext) => readonly Question[];

const withoutModifier = (...values: readonly string[]): readonly Question[] => values.map((value) => ({ value }));
const withModifier = (modifier: string, ...values: readonly string[]): readonly Question[] =>
  values.map((value) => ({ modifier, value }));
const swapped = (text: string): string => (text === text.toUpperCase() ? text.toLowerCase() : text.toUpperCase());

const token: QuestionMaker = (node, { implied }) => {
  const words = displayTexts(node).flatMap((text) => {
    const [first = '', ...others] = normalizeText(text).split(' ');
    return withModifier(
      'text',
      escapeValue(first),
      escapeValue(text),
      escapeValue(others.at(-1) ?? first).toUpperCase(),
      escapeValue(first.slice(1)),
    );
  });
  const typed = isObject(node) && node['type'] !== undefined ? ofType(node) : [];
  const codes = codedValues(node).flatMap(({ system, code }) => {
    const whole =
      system === undefined || system === ''
        ? []
        : withoutModifier(`${escapeValue(system)}|`, `${escapeValue(system.toUpperCase())}|`);
    if (code === undefined || code === '') return whole;
    const text = escapeValue(code);
    return [
      ...withoutModifier(text, `${escapeValue(system ?? '')}|${text}`, `|${text}`, `urn:nothing|${text}`, `${text}x`),
      ...withoutModifier(swapped(text), text.length > 1 ? text.slice(0, -1).replace(/\\$/, '') : `${text}y`),
      ...(implied === undefined ? [] : withoutModifier(`${implied}|${text}`)),
      ...withModifier('not', text, `${escapeValue(system ?? '')}|${text}`, `urn:nothing|${text}`),
      ...whole,
    ];
  });
  return [...words.filter(({ value }) => value !== ''), ...codes, ...typed];
};

/** Makes `system|code|value` of an Identifier, and similar search values. */
const ofType = (node: Readonly<Record<string, unknown>>): readonly Question[] =>
  codedValues(node['type']).flatMap(({ system, code }) => {
    const value = asText(node['value']);
    if (system === undefined || code === undefined || value === undefined) return [];
    const type = `${escapeValue(system)}|${escapeValue(code)}`;
    return withModifier(
      'of-type',
      `${type}|${escapeValue(value)}`,
      `${type}|${escapeValue(value)}x`,
      `urn:nothing|${escapeValue(code)}|${escapeValue(value)}`,
    );
  });

const string: QuestionMaker = (node) =>
  stringValues(node)
    .filter((text) => text !== '')
    .flatMap((text) => {
      const whole = escapeValue(text);
      const start = escapeValue(text.slice(0, 3));
      const inside = escapeValue(text.slice(1, 5));
      return [
        ...withoutModifier(
          whole,
          start,
          start.toUpperCase(),
          escapeValue(normalizeText(text)),
          inside,
          `${whole}x`,
          '%',
          '_',
        ),
        ...withModifier('exact', whole, swapped(whole), start),
        ...withModifier('contains', inside, swapped(inside), whole, `${inside}zz`),
      ].filter(({ value }) => value.trim() !== '');
    });

const PREFIXES = ['', 'eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap'];
const quantity: QuestionMaker = (node) =>
  (isObject(node) && node['low'] === undefined && node['high'] === undefined
    ? [node]
    : [(node as { low?: unknown }).low ?? (node as { high?: unknown }).high]
  ).flatMap((one) => {
    if (!isObject(one) || amounts(one).length === 0) return [];
    const number = String(one['value']);
    const [system, code, unit] = ['system', 'code', 'unit'].map((name) => asText(one[name]));
    const currency = asText(one['currency']);
    const units = [
      ...(system !== undefined && code !== undefined
        ? [`|${escapeValue(system)}|${code}`, `|urn:nothing|${code}`, `|${escapeValue(system)}|x`]
        : []),
      ...[code, unit, currency].flatMap((text) => (text === undefined ? [] : [`||${escapeValue(text)}`])),
      '||nothing',
    ];
    return withoutModifier(
      ...PREFIXES.map((prefix) => `${prefix}${number}`),
      ...PREFIXES.map((prefix) => `${prefix}${Number(number) + 1}`),
      ...PREFIXES.map((prefix) => `${prefix}${Math.round(Number(number))}`),
      ...(number.includes('e') ? [] : [`${number}${number.includes('.') ? '' : '.'}0`]),
      ...units.map((text) => `${number}${text}`),
      ...units.map((text) => `ge${number}${text}`),
    );
  });

const uri: QuestionMaker = (node, { base }) => {
  // A document has different URLs in the R4 and DSTU2 APIs, so clients find it by its DocumentReference.
  if (String(node).startsWith(`${base}/Binary/`)) return [];
  const text = escapeValue(String(node));
  const shorter = text.replace(/[/|:][^/|:]*$/, '').replace(/\\$/, '');
  return [
    ...withoutModifier(text, swapped(text), text.slice(0, -1).replace(/\\$/, '')),
    ...withModifier('below', text, shorter, text.slice(0, -1).replace(/\\$/, '')),
    ...withModifier('above', text, `${text}/x/y`, `${text}x`),
  ];
};

const reference: QuestionMaker = (node, asking) => [...ofIdentifier(node), ...ofReference(node, asking)];

const ofIdentifier = (node: unknown): readonly Question[] =>
  (isObject(node) && isObject(node['identifier']) ? codedValues(node['identifier']) : []).flatMap(
    ({ system = '', code = '' }) =>
      code === ''
        ? []
        : withModifier(
            'identifier',
            escapeValue(code),
            `${escapeValue(system)}|${escapeValue(code)}`,
            `urn:nothing|${escapeValue(code)}`,
            `${escapeValue(code)}x`,
          ),
  );

const ofReference: QuestionMaker = (node, { base, random }) => {
  const text = referenceText(node);
  // A reference to a contained resource has no URL.
  if (text === undefined || text.startsWith('#')) return [];
  const [, type, id] = /^([A-Z][A-Za-z]+)\/([^/]+)$/.exec(text) ?? [];
  if (type === undefined || id === undefined) return withoutModifier(escapeValue(text), `${escapeValue(text)}x`);
  const other = random.pick(['Observation', 'Practitioner', 'Patient'].filter((one) => one !== type));
  const close = `${id.slice(0, -1)}${id.endsWith('0') ? '1' : '0'}`;
  return [
    ...withoutModifier(
      text,
      id,
      `${base}/${text}`,
      `${other}/${id}`,
      close,
      `${type}/${close}`,
      `https://elsewhere.example/${text}`,
    ),
    ...withModifier(type, id, text, close),
    ...withModifier(other, id),
  ];
};

const id: QuestionMaker = (node) => withoutModifier(String(node), `${node}x`, 'none');

/** A parameter for the patient takes only references to Patients. */
const patient: QuestionMaker = (node, asking) =>
  reference(node, asking).filter(
    ({ modifier }) => modifier === undefined || ['Patient', 'identifier'].includes(modifier),
  );

/** Combines search values for the two parts: matching ones, others, and parts of different elements. */
const composite: QuestionMaker = (node, asking) => {
  const [first = [], second = []] = (node as CompositeNodes).parts.map(({ kind, nodes }) =>
    (QUESTIONS[kind]?.(asking.random.pick(nodes), asking) ?? []).filter(({ modifier }) => modifier === undefined),
  );
  return first
    .slice(0, 5)
    .flatMap((one) => second.slice(0, 12).map((other) => ({ value: `${one.value}$${other.value}` })));
};

/**
 * Functions that make search values, by kind of parameter. The test reports a kind without one, because it would never
 * be searched.
 */
export const QUESTIONS: Readonly<Record<string, QuestionMaker>> = {
  token,
  label: token,
  string,
  date: dateQuestions,
  quantity,
  uri,
  reference,
  patient,
  composite,
  id,
  instant: dateQuestions,
};
