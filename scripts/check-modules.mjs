// Checks the sources in the folder that it runs in: the order of the modules (module-order.mjs), cycles, who reads the
// environment, what the pages in web/ import, type names that are exported twice, functions without a doc comment that a
// module exports, comments that are fragments, and words that our own texts don't use (unwanted-words.mjs).
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';
import { COMMAND_MODULES, COMMAND_TABLE, INSIDE, ORDER, WEB_CATALOG, WEB_DESIGN } from './module-order.mjs';
import { textOfDocument, textsOfSource } from './own-texts.mjs';
import { unwantedWords } from './unwanted-words.mjs';

const sources = filesIn('src').map(parse);
const pages = filesIn('web').map(parse);
const others = [
  ...['src', 'web'].flatMap((folder) => filesIn(folder, /\.m?js$/)),
  ...['bench', 'scripts', 'test'].flatMap((folder) => filesIn(folder, /\.(ts|m?js)$/)),
].map(parse);
const imports = sources.flatMap((source) => source.imports.map((one) => ({ ...one, from: source.file })));
const problems = [
  ...imports.flatMap((one) => importProblems(one).map((rule) => `${one.from} -> ${one.to}: ${rule}`)),
  ...cycles(),
  ...sources.flatMap(environmentProblems),
  ...pages.flatMap(pageProblems),
  ...webCatalogProblems(),
  ...typesExportedTwice([...sources, ...pages]),
  ...undocumentedFunctions(),
  ...[...sources, ...pages, ...others].flatMap(commentProblems),
  ...[...sources, ...pages, ...others].flatMap(wordProblems),
  ...documents().flatMap(documentProblems),
];
for (const problem of problems) console.log(problem);
console.log(`${sources.length + pages.length} files, ${imports.length} imports checked`);
if (problems.length > 0) process.exitCode = 1;

function filesIn(folder, ending = /\.tsx?$/) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .map((name) => `${folder}/${name.split(path.sep).join('/')}`)
    .filter((name) => /^(?!web\/(dist|\.))/.test(name) && ending.test(name) && !name.endsWith('.d.json.ts'));
}

/** A file with the files that it imports: `to` is their path, or the specifier if there is no such file. */
function parse(file) {
  const text = readFileSync(file, 'utf8');
  const { program, module, comments, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`);
  const found = [];
  const add = (specifier, isType, isLazy) => {
    if (specifier.startsWith('.')) found.push({ ...resolve(file, specifier), isType, isLazy });
  };
  for (const { moduleRequest, entries } of module.staticImports)
    add(moduleRequest.value, entries.length > 0 && entries.every(({ isType }) => isType), false);
  for (const { entries } of module.staticExports)
    for (const { moduleRequest, isType } of entries) if (moduleRequest) add(moduleRequest.value, isType, false);
  for (const { moduleRequest } of module.dynamicImports) {
    const [, specifier] =
      /^(?:'|"|`)(\.[^'"`]*)(?:'|"|`)$/.exec(text.slice(moduleRequest.start, moduleRequest.end)) ?? [];
    if (specifier !== undefined) add(specifier, false, true);
  }
  if (text.includes('import('))
    new Visitor({ TSImportType: ({ source }) => add(source.value, true, false) }).visit(program);
  return {
    file,
    text,
    imports: found,
    types: exportedTypes(program),
    functions: exportedFunctions(program, text, comments),
    reexports: listReexports(file, program),
    comments,
    texts: textsOfSource({ file, text, program, comments }),
  };
}

/** The names of the functions that a file declares and exports, each with whether a doc comment stands before it. */
function exportedFunctions({ body }, text, comments) {
  return body.flatMap((node) => {
    if (node.type !== 'ExportNamedDeclaration' || node.declaration === null) return [];
    const comment = comments.findLast(({ end }) => end <= node.start);
    const isDocumented =
      comment?.type === 'Block' && comment.value.startsWith('*') && text.slice(comment.end, node.start).trim() === '';
    return functionNames(node.declaration).map((name) => ({ name, isDocumented }));
  });
}

function functionNames({ type, id, declarations = [] }) {
  if (type === 'FunctionDeclaration') return [id.name];
  return declarations.filter(({ init }) => /Function/.test(init?.type)).map((one) => one.id.name);
}

/** Lists the names that a file exports from other files, as they are called there. `export *` has no names. */
function listReexports(file, { body }) {
  return body.flatMap((node) => {
    if (!/^Export(Named|All)Declaration$/.test(node.type) || node.source === null) return [];
    const from = resolve(file, node.source.value).to;
    return node.type === 'ExportAllDeclaration'
      ? [{ from }]
      : node.specifiers.map(({ local: { name } }) => ({ from, name }));
  });
}

/** The names of the types that a file declares and exports. */
function exportedTypes({ body }) {
  const declared = new Set(body.flatMap((node) => typeName(node) ?? []));
  return body.flatMap((node) => {
    if (node.type !== 'ExportNamedDeclaration' || node.source !== null) return [];
    const own = node.declaration === null ? undefined : typeName(node.declaration);
    const listed = node.specifiers.filter(({ local }) => declared.has(local.name)).map(({ exported }) => exported.name);
    return own === undefined ? listed : [own];
  });
}

function typeName({ type, id }) {
  return /^(TSInterfaceDeclaration|TSTypeAliasDeclaration|ClassDeclaration)$/.test(type) ? id.name : undefined;
}

function resolve(file, specifier) {
  const target = path.posix.join(path.posix.dirname(file), specifier);
  const full = [target, `${target}.ts`, `${target}.tsx`].find((name) => existsSync(name));
  return full === undefined ? { to: specifier, isMissing: true } : { to: full, isMissing: false };
}

function importProblems({ from, to, isMissing, isLazy }) {
  if (isMissing) return ['no such file'];
  const isTest = from.endsWith('.test.ts');
  const [, own] = from.split('/');
  const [top, other] = to.split('/');
  const found = [];
  if (!isTest && (/^(test|bench|scripts)\//.test(to) || to.endsWith('.test.ts')))
    found.push('the product imports no tests');
  if (top !== 'src') return found;
  const unlisted = [own, other].find((name) => !ORDER.flat().includes(name));
  if (unlisted !== undefined) return [...found, `${unlisted} has no place in the order of modules`];
  if (own !== other) {
    if (!isTest && isOutOfOrder(ORDER, own, other)) found.push(`${own} may not import ${other}`);
    if (to.split('/').length > 2 && !/^src\/[^/]+\/index\.ts$/.test(to))
      found.push('enter a module through its index.ts');
  } else if (INSIDE[own] !== undefined && !isTest) {
    const [inner, otherInner] = [from.split('/')[2], to.split('/')[2]];
    if (inner !== otherInner && isOutOfOrder(INSIDE[own], inner, otherInner))
      found.push(`${own}/${inner} may not import ${own}/${otherInner}`);
  }
  if (isLoadedFirst(from) && !isLazy && !isLoadedFirst(to) && !COMMAND_MODULES.includes(other))
    found.push('the command line loads this before it knows which command runs');
  return found;
}

function isLoadedFirst(file) {
  return COMMAND_TABLE.includes(file) || file.startsWith('src/cli/definitions/');
}

/**
 * Whether a module may not import another one, because it is in the same line of the order or above it. A module that
 * isn't listed may import any other.
 */
function isOutOfOrder(order, own, other) {
  const line = (name) => order.findIndex((names) => names.includes(name));
  return line(own) !== -1 && line(other) !== -1 && line(own) <= line(other);
}

/** Finds cycles: files that import each other, directly or through others. Each cycle is reported once. */
function cycles() {
  const next = new Map(sources.map(({ file, imports }) => [file, imports.map(({ to }) => to)]));
  const found = [];
  const done = new Set();
  const visit = (file, path) => {
    const start = path.indexOf(file);
    if (start !== -1) return found.push(`${[...path.slice(start), file].join(' -> ')}: cycle`);
    if (done.has(file)) return;
    for (const to of next.get(file) ?? []) visit(to, [...path, file]);
    done.add(file);
  };
  for (const file of next.keys()) visit(file, []);
  return found;
}

function environmentProblems({ file, text }) {
  if (file.startsWith('src/config/') || file.endsWith('.test.ts')) return [];
  const readers = [
    /\bprocess\??(\.env\b|\[\s*['"]env['"])/,
    /\{[^}]*\benv\b[^}]*\}\s*(=\s*process\b|from\s*['"](node:)?process['"])/,
  ];
  const code = text.replaceAll(/^\s*(\/\/|\/?\*).*$/gm, '');
  return readers.some((reader) => reader.test(code)) ? [`${file}: only src/config reads the environment`] : [];
}

/**
 * The pages know the server by the types of its JSON API. They share the message catalog with it, and the design with
 * its pages. Developer and administrator pages don't know each other.
 */
function pageProblems({ file, imports }) {
  const isPart = (name) => name === 'developer' || name === 'admin';
  const [, own] = file.split('/');
  return imports.flatMap(({ to, isType }) => {
    const [top, other] = to.split('/');
    if (
      top === 'src' &&
      ![...WEB_CATALOG, ...WEB_DESIGN].includes(to) &&
      !(isType && to.startsWith('src/portal-api/contract/'))
    )
      return [`${file} -> ${to}: pages import only their catalog, the design and types of src/portal-api/contract`];
    return isPart(other) && own !== other && file !== 'web/shell/app.tsx'
      ? [`${file} -> ${to}: only web/shell/app.tsx imports both parts`]
      : [];
  });
}

/** The files that the pages' catalog consists of import each other and nothing else. */
function webCatalogProblems() {
  const files = new Map(sources.map((source) => [source.file, source.imports]));
  const reached = new Set(WEB_CATALOG);
  const found = [];
  for (const file of reached)
    for (const { to, isType } of files.get(file) ?? []) {
      if (to.startsWith('src/i18n/')) {
        if (!isType) reached.add(to);
      } else found.push(`${file} -> ${to}: the pages load this file, so it imports only src/i18n`);
    }
  return found;
}

/** A name has one meaning, so that a search for it leads to one type. Re-exports don't count. */
function typesExportedTwice(files) {
  const places = new Map();
  for (const { file, types } of files) for (const name of types) places.set(name, [...(places.get(name) ?? []), file]);
  return [...places].flatMap(([name, found]) =>
    found.length < 2 ? [] : [`${found.join(', ')}: several types are named ${name}`],
  );
}

/** A function that a module exports tells other modules its units, errors and source in a doc comment. */
function undocumentedFunctions() {
  const files = new Map(sources.map((source) => [source.file, source]));
  const exported = sources
    .filter(({ file }) => /^src\/[^/]+\/index\.ts$/.test(file))
    .flatMap(({ reexports }) => reexports);
  const found = new Set();
  for (const { from, name } of exported) {
    const { functions = [], reexports = [] } = files.get(from) ?? {};
    const isExported = (one) => name === undefined || one.name === undefined || one.name === name;
    exported.push(...reexports.filter(isExported));
    for (const one of functions.filter((one) => isExported(one) && !one.isDocumented))
      found.add(`${from}: ${one.name} needs a doc comment, because its module exports it`);
  }
  return [...found];
}

/**
 * A comment is a sentence. One that begins with 'Of', 'What', 'Whose', 'Which' or 'By which' is a fragment that only
 * its code explains.
 */
function commentProblems({ file, text, comments }) {
  return comments.flatMap(({ value, start }) => {
    const [, word] = /^[\s*]*(Of|What|Whose|Which|By which)\b/i.exec(value) ?? [];
    if (word === undefined || continuesComment(text, start)) return [];
    const line = text.slice(0, start).split('\n').length;
    return [`${file}:${line}: a comment that begins with '${word}' is a fragment`];
  });
}

/** Whether a line comment stands right below another one. */
function continuesComment(text, start) {
  return /(^|\n)[ \t]*\/\/[^\n]*\n[ \t]*$/.test(text.slice(0, start));
}

function wordProblems({ file, text, texts }) {
  return texts.flatMap(([language, own]) => describeWords({ file, text }, own, language));
}

/** Lists the documents in Markdown. */
function documents() {
  const top = readdirSync('.').filter((name) => name.endsWith('.md'));
  return [...top, ...['docs', 'test'].flatMap((folder) => filesIn(folder, /\.md$/))];
}

function documentProblems(file) {
  const text = readFileSync(file, 'utf8');
  return describeWords({ file, text }, textOfDocument(text), 'en');
}

function describeWords({ file, text }, own, language) {
  return unwantedWords(own, language).map(
    ({ index, message }) => `${file}:${text.slice(0, index).split('\n').length}: ${message}`,
  );
}
