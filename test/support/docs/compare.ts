// Compares a response, or what a command prints, to what a page shows.
import type { PageBlock } from './page-blocks.ts';
import type { ShellOutput } from './shell.ts';

const ANY = '…';

/**
 * Returns the differences between a response and the documented one. `…` stands for any text. As the last item of a
 * list it stands for more items.
 */
export function differences(documented: unknown, actual: unknown, path = ''): readonly string[] {
  const differ = (what: string): readonly string[] => [`${path || 'the answer'}: ${what}`];
  if (documented === ANY && typeof actual === 'number') return [];
  if (typeof documented === 'string') {
    if (typeof actual !== 'string') return differ(`shown as text, is ${JSON.stringify(actual)}`);
    return matches(documented, actual) ? [] : differ(`shown as ${documented}, is ${actual.slice(0, 300)}`);
  }
  if (Array.isArray(documented))
    return Array.isArray(actual) ? inLists(documented, actual, path) : differ('shown as a list');
  if (typeof documented !== 'object' || documented === null) {
    // Timestamps in seconds since 1970 differ in each response.
    if (isMoment(documented) && isMoment(actual)) return [];
    return documented === actual ? [] : differ(`shown as ${documented}, is ${JSON.stringify(actual)}`);
  }
  if (typeof actual !== 'object' || actual === null) return differ(`shown as an object, is ${JSON.stringify(actual)}`);
  return inObjects(documented as Record<string, unknown>, actual as Record<string, unknown>, path);
}

const isMoment = (value: unknown): boolean => typeof value === 'number' && value > 1e9;

function inLists(documented: readonly unknown[], actual: readonly unknown[], path: string): readonly string[] {
  const more = documented.at(-1) === ANY;
  const items = more ? documented.slice(0, -1) : documented;
  if (more ? actual.length < items.length : actual.length !== items.length)
    return [`${path}: shown with ${items.length} items, has ${actual.length}`];
  return items.flatMap((item, index) => differences(item, actual[index], `${path}[${index}]`));
}

function inObjects(
  documented: Record<string, unknown>,
  actual: Record<string, unknown>,
  path: string,
): readonly string[] {
  const names = Object.keys(documented).filter((name) => name !== ANY);
  const hidden = ANY in documented ? [] : Object.keys(actual).filter((name) => !names.includes(name));
  return [
    ...hidden.map((name) => `${path}.${name}: is there, and is not shown`),
    ...names.flatMap((name) =>
      name in actual
        ? differences(documented[name], actual[name], `${path}.${name}`)
        : [`${path}.${name}: is not there`],
    ),
  ];
}

export function matches(pattern: string, text: string): boolean {
  const parts = pattern.split(ANY).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[\\s\\S]*')}$`).test(text);
}

/** Returns what is wrong with the end of a command: it printed an error, or failed. */
export function* failuresOf({ errors, status }: ShellOutput): Iterable<string> {
  if (errors !== '') yield `prints an error: ${errors}`;
  if (status !== 0) yield `ends with ${status}`;
}

/** Returns how the output of a command differs from the page. Without a result, a command prints nothing. */
export function* outputDifferences(output: string, result: PageBlock | undefined): Iterable<string> {
  if (result === undefined) {
    if (output.trim() !== '') yield `prints something that the page doesn't show: ${output.slice(0, 300)}`;
  } else if (result.caption === 'Output' && !matches(result.text, output.trim()))
    yield `shown as ${result.text}, prints ${output}`;
}
