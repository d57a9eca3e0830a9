// Compares a response to the documented one.

const ANY = '…';

/**
 * Returns the differences between a response and the documented one. `…` stands for any text. As the last item of a
 * list it stands for more items.
 */
export function differences(shown: unknown, actual: unknown, path = ''): readonly string[] {
  const differ = (what: string): readonly string[] => [`${path || 'the answer'}: ${what}`];
  if (shown === ANY && typeof actual === 'number') return [];
  if (typeof shown === 'string') {
    if (typeof actual !== 'string') return differ(`shown as text, is ${JSON.stringify(actual)}`);
    return matches(shown, actual) ? [] : differ(`shown as ${shown}, is ${actual.slice(0, 300)}`);
  }
  if (Array.isArray(shown)) return Array.isArray(actual) ? inLists(shown, actual, path) : differ('shown as a list');
  if (typeof shown !== 'object' || shown === null) {
    // Timestamps in seconds since 1970 differ in each response.
    if (isMoment(shown) && isMoment(actual)) return [];
    return shown === actual ? [] : differ(`shown as ${shown}, is ${JSON.stringify(actual)}`);
  }
  if (typeof actual !== 'object' || actual === null) return differ(`shown as an object, is ${JSON.stringify(actual)}`);
  return inObjects(shown as Record<string, unknown>, actual as Record<string, unknown>, path);
}

const isMoment = (value: unknown): boolean => typeof value === 'number' && value > 1e9;

function inLists(shown: readonly unknown[], actual: readonly unknown[], path: string): readonly string[] {
  const more = shown.at(-1) === ANY;
  const items = more ? shown.slice(0, -1) : shown;
  if (more ? actual.length < items.length : actual.length !== items.length)
    return [`${path}: shown with ${items.length} items, has ${actual.length}`];
  return items.flatMap((item, index) => differences(item, actual[index], `${path}[${index}]`));
}

function inObjects(shown: Record<string, unknown>, actual: Record<string, unknown>, path: string): readonly string[] {
  const names = Object.keys(shown).filter((name) => name !== ANY);
  const hidden = ANY in shown ? [] : Object.keys(actual).filter((name) => !names.includes(name));
  return [
    ...hidden.map((name) => `${path}.${name}: is there, and is not shown`),
    ...names.flatMap((name) =>
      name in actual ? differences(shown[name], actual[name], `${path}.${name}`) : [`${path}.${name}: is not there`],
    ),
  ];
}

export function matches(pattern: string, text: string): boolean {
  const parts = pattern.split(ANY).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[\\s\\S]*')}$`).test(text);
}
