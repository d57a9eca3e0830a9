import type { Dice } from '../../support/hostile/dice.ts';
import type { Combined } from './composite-rule.ts';
import { dateQuestions } from './date-questions.ts';
import { isObject, textOf } from './nodes.ts';
import { amountsOf } from './quantity-rule.ts';
import { referenceOf } from './reference-rule.ts';
import { alike, stringsOf } from './string-rule.ts';
import { codesOf, wordsOf } from './token-rule.ts';
import { escaped } from './written-value.ts';

/** A modifier, if any, and a value before percent-encoding. */
export interface Question {
  readonly modifier?: string;
  readonly value: string;
}

/** Context for the questions, beyond the node itself. */
export interface Asking {
  readonly random: Dice;
  readonly base: string;
  readonly implied: string | undefined;
}

/** Makes searches for the values of a node, and for similar values that it doesn't have. */
export type Ask = (node: unknown, asking: Asking) => readonly Question[];

const plainly = (...values: readonly string[]): readonly Question[] => values.map((value) => ({ value }));
const by = (modifier: string, ...values: readonly string[]): readonly Question[] =>
  values.map((value) => ({ modifier, value }));
const swapped = (text: string): string => (text === text.toUpperCase() ? text.toLowerCase() : text.toUpperCase());

const token: Ask = (node, { implied }) => {
  const words = wordsOf(node).flatMap((text) => {
    const [first = '', ...others] = alike(text).split(' ');
    return by(
      'text',
      escaped(first),
      escaped(text),
      escaped(others.at(-1) ?? first).toUpperCase(),
      escaped(first.slice(1)),
    );
  });
  const typed = isObject(node) && node['type'] !== undefined ? ofType(node) : [];
  const codes = codesOf(node).flatMap(({ system, code }) => {
    const whole =
      system === undefined || system === '' ? [] : plainly(`${escaped(system)}|`, `${escaped(system.toUpperCase())}|`);
    if (code === undefined || code === '') return whole;
    const text = escaped(code);
    return [
      ...plainly(text, `${escaped(system ?? '')}|${text}`, `|${text}`, `urn:nothing|${text}`, `${text}x`),
      ...plainly(swapped(text), text.length > 1 ? text.slice(0, -1).replace(/\\$/, '') : `${text}y`),
      ...(implied === undefined ? [] : plainly(`${implied}|${text}`)),
      ...by('not', text, `${escaped(system ?? '')}|${text}`, `urn:nothing|${text}`),
      ...whole,
    ];
  });
  return [...words.filter(({ value }) => value !== ''), ...codes, ...typed];
};

/** `system|code|value` of an Identifier, and similar ones. */
const ofType = (node: Readonly<Record<string, unknown>>): readonly Question[] =>
  codesOf(node['type']).flatMap(({ system, code }) => {
    const value = textOf(node['value']);
    if (system === undefined || code === undefined || value === undefined) return [];
    const type = `${escaped(system)}|${escaped(code)}`;
    return by(
      'of-type',
      `${type}|${escaped(value)}`,
      `${type}|${escaped(value)}x`,
      `urn:nothing|${escaped(code)}|${escaped(value)}`,
    );
  });

const string: Ask = (node) =>
  stringsOf(node)
    .filter((text) => text !== '')
    .flatMap((text) => {
      const whole = escaped(text);
      const start = escaped(text.slice(0, 3));
      const inside = escaped(text.slice(1, 5));
      return [
        ...plainly(whole, start, start.toUpperCase(), escaped(alike(text)), inside, `${whole}x`, '%', '_'),
        ...by('exact', whole, swapped(whole), start),
        ...by('contains', inside, swapped(inside), whole, `${inside}zz`),
      ].filter(({ value }) => value.trim() !== '');
    });

const PREFIXES = ['', 'eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap'];
const quantity: Ask = (node) =>
  (isObject(node) && node['low'] === undefined && node['high'] === undefined
    ? [node]
    : [(node as { low?: unknown }).low ?? (node as { high?: unknown }).high]
  ).flatMap((one) => {
    if (!isObject(one) || amountsOf(one).length === 0) return [];
    const number = String(one['value']);
    const [system, code, unit] = ['system', 'code', 'unit'].map((name) => textOf(one[name]));
    const currency = textOf(one['currency']);
    const units = [
      ...(system !== undefined && code !== undefined
        ? [`|${escaped(system)}|${code}`, `|urn:nothing|${code}`, `|${escaped(system)}|x`]
        : []),
      ...[code, unit, currency].flatMap((text) => (text === undefined ? [] : [`||${escaped(text)}`])),
      '||nothing',
    ];
    return plainly(
      ...PREFIXES.map((prefix) => `${prefix}${number}`),
      ...PREFIXES.map((prefix) => `${prefix}${Number(number) + 1}`),
      ...PREFIXES.map((prefix) => `${prefix}${Math.round(Number(number))}`),
      ...(number.includes('e') ? [] : [`${number}${number.includes('.') ? '' : '.'}0`]),
      ...units.map((text) => `${number}${text}`),
      ...units.map((text) => `ge${number}${text}`),
    );
  });

const uri: Ask = (node, { base }) => {
  // A document's URL differs between the APIs, so clients find it by its DocumentReference.
  if (String(node).startsWith(`${base}/Binary/`)) return [];
  const text = escaped(String(node));
  const shorter = text.replace(/[/|:][^/|:]*$/, '').replace(/\\$/, '');
  return [
    ...plainly(text, swapped(text), text.slice(0, -1).replace(/\\$/, '')),
    ...by('below', text, shorter, text.slice(0, -1).replace(/\\$/, '')),
    ...by('above', text, `${text}/x/y`, `${text}x`),
  ];
};

const reference: Ask = (node, asking) => [...ofIdentifier(node), ...ofReference(node, asking)];

const ofIdentifier = (node: unknown): readonly Question[] =>
  (isObject(node) && isObject(node['identifier']) ? codesOf(node['identifier']) : []).flatMap(
    ({ system = '', code = '' }) =>
      code === ''
        ? []
        : by(
            'identifier',
            escaped(code),
            `${escaped(system)}|${escaped(code)}`,
            `urn:nothing|${escaped(code)}`,
            `${escaped(code)}x`,
          ),
  );

const ofReference: Ask = (node, { base, random }) => {
  const text = referenceOf(node);
  // A contained resource has no URL.
  if (text === undefined || text.startsWith('#')) return [];
  const [, type, id] = /^([A-Z][A-Za-z]+)\/([^/]+)$/.exec(text) ?? [];
  if (type === undefined || id === undefined) return plainly(escaped(text), `${escaped(text)}x`);
  const other = random.pick(['Observation', 'Practitioner', 'Patient'].filter((one) => one !== type));
  const close = `${id.slice(0, -1)}${id.endsWith('0') ? '1' : '0'}`;
  return [
    ...plainly(
      text,
      id,
      `${base}/${text}`,
      `${other}/${id}`,
      close,
      `${type}/${close}`,
      `https://elsewhere.example/${text}`,
    ),
    ...by(type, id, text, close),
    ...by(other, id),
  ];
};

const id: Ask = (node) => plainly(String(node), `${node}x`, 'none');

/** A patient parameter takes only the type Patient. */
const patient: Ask = (node, asking) =>
  reference(node, asking).filter(
    ({ modifier }) => modifier === undefined || ['Patient', 'identifier'].includes(modifier),
  );

/** Combines the first questions for each part, matching and not matching. Some mix parts of different elements. */
const composite: Ask = (node, asking) => {
  const [first = [], second = []] = (node as Combined).parts.map(({ kind, nodes }) =>
    (QUESTIONS[kind]?.(asking.random.pick(nodes), asking) ?? []).filter(({ modifier }) => modifier === undefined),
  );
  return first
    .slice(0, 5)
    .flatMap((one) => second.slice(0, 12).map((other) => ({ value: `${one.value}$${other.value}` })));
};

/** A kind without questions is never searched. The test reports it. */
export const QUESTIONS: Readonly<Record<string, Ask>> = {
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
