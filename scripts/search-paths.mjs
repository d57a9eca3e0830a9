// Converts the FHIRPath expressions of SearchParameters to plain paths.

/** @param profiles StructureDefinitions of R4's types by name */
export function pathReader(profiles) {
  /** Returns paths such as `a.b`, `a[system=phone]`, `a[url=…]`, or `a[to=Patient]` for references to that type. */
  function pathsOf(type, { expression = '' }) {
    return alternativesOf(expression)
      .map((text) => text.trim().replace(/^\((.*)\)$/, '$1'))
      .filter((text) => new RegExp(`^\\(?${type}\\.`).test(text) || text.startsWith('Resource.'))
      .flatMap((text) => plain(type, text));
  }

  function plain(type, expression) {
    const text = expression
      .replace(/\((.+?) as (\w+)\)/g, '$1.ofType($2)')
      .replace(/^(.+?) as (\w+)$/, '$1.ofType($2)')
      .replace(/\.as\((\w+)\)/g, '.ofType($1)')
      .replace(/\.where\(resolve\(\) is (\w+)\)/g, '[to=$1]')
      .replace(/\.where\(\s*(system|url)\s*=\s*'([^']+)'\)/g, '[$1=$2]')
      .replace(/\.(\w+)\.ofType\((\w+)\)/g, (_, name, of) => `.${name}${of[0].toUpperCase()}${of.slice(1)}`)
      .replace(new RegExp(`^${type}\\.`), '');
    if (/[()|]/.test(text.replace(/\[[^\]]*\]/g, ''))) throw new Error(`${type}: can't read ${expression}`);
    return spelledOut(type, text);
  }

  /** A choice element such as `value[x]` stands for one path for each of its types. */
  function spelledOut(type, text) {
    const names = text.split(/\.(?![^[]*\])/);
    const element = elementOf(type, names.map((name) => name.replace(/\[.*\]/, '')).join('.'));
    if (element === undefined || !element.id.endsWith('[x]')) return [text];
    return element.type.map(({ code }) => `${text}${code[0].toUpperCase()}${code.slice(1)}`);
  }

  function elementOf(type, names) {
    const elements = profiles.get(type).snapshot.element;
    return elements.find(({ id }) => id === `${type}.${names}` || id === `${type}.${names}[x]`);
  }

  return { pathsOf, plain, elementOf };
}

/** Splits an expression at bars outside of parentheses. */
export function alternativesOf(expression) {
  const parts = [''];
  let depth = 0;
  for (const letter of expression) {
    if (letter === '(') depth++;
    if (letter === ')') depth--;
    if (letter === '|' && depth === 0) parts.push('');
    else parts[parts.length - 1] += letter;
  }
  return parts;
}
