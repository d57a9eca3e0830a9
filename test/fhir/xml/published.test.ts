import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { dstu2, dstu2Projection } from '../../../src/fhir/dstu2/index.ts';
import type { Resource } from '../../../src/fhir/model/fhir-version.ts';
import { parseJson, printJson } from '../../../src/fhir/model/json.ts';
import { fromXml } from '../../../src/fhir/model/xml/from-xml.ts';
import { toXml } from '../../../src/fhir/model/xml/to-xml.ts';
import { r4 } from '../../../src/fhir/r4/index.ts';
import { dataFiles, withData } from '../../support/fhir/published-data.ts';
import { sandboxData } from '../../support/fhir/sandbox.ts';
import { SHARED_DATA } from '../../support/fhir/shared-data.ts';
import { slice } from '../../support/runs/slice.ts';
import { readPackage } from '../../us-core/read-package.ts';
import { normalizeJson } from './compare.ts';
import { schemaValidator } from './schema.ts';

const place = (...names: readonly string[]) => path.join(SHARED_DATA ?? '', ...names);
const text = (file: string) => readFileSync(file, 'utf8');
const folder = (name: string, ending: string) =>
  dataFiles(name, ending).map((file) => [path.basename(file), text(file)] as const);

/**
 * R4 resources of US Core 3.1.1, examples of later US Core versions, and all resources of the reference server's
 * patients.
 */
function r4Resources(): readonly (readonly [name: string, json: string])[] {
  const ofUsCore = ['us_core_311.tgz', 'us_core_610.tgz', 'us_core_800.tgz'].flatMap((name) =>
    [...readPackage(place('us-core-igs', name))]
      .filter(([, json]) => isExample(json) || (name === 'us_core_311.tgz' && isResource(json)))
      .map(([file, json]) => [`${name} ${file}`, JSON.stringify(json)] as const),
  );
  const ofPatients = ['85', '355', '907', '908', 'client_test'].flatMap((id) => {
    const bundle = parseJson(text(place(`inferno-reference-data/resources/uscore_bundle_patient_${id}.json`)));
    return (bundle as { entry: { resource: Resource }[] }).entry.map(({ resource }) => resource);
  });
  return [...ofUsCore, ...ofPatients.map((one) => [`${one.resourceType}/${one.id}`, printJson(one)] as const)];
}

const isResource = (json: unknown): boolean => Object(json).resourceType !== undefined;
const DEFINITIONS = /^(StructureDefinition|ValueSet|CodeSystem|SearchParameter|ImplementationGuide)$/;
const isExample = (json: unknown): boolean => isResource(json) && !DEFINITIONS.test(Object(json).resourceType);

const SOURCES = [
  {
    source: 'resources of US Core and of its reference server',
    version: 'r4',
    elements: r4.elements,
    resources: r4Resources,
    least: 1_400,
    // A Period of this resource has the element `stop`, which FHIR doesn't define.
    notOfFhir: ['Observation/3c766796-d8a0-480f-8215-f1e7e3afab21'],
  },
  {
    source: 'examples of DSTU2',
    version: 'dstu2',
    elements: dstu2.elements,
    resources: () => folder('dstu2-spec-examples/json', '.json'),
    least: 1_164,
    notOfFhir: [],
  },
] as const;

describe.runIf(SHARED_DATA).each(SOURCES)(withData('$source'), ({ version, elements, resources, least, notOfFhir }) => {
  let all: readonly (readonly [name: string, json: string])[];
  beforeAll(() => {
    const published: typeof all = resources();
    expect(published.length).toBeGreaterThanOrEqual(least);
    all = slice(published, {
      kinds: ([, json]) => [/"resourceType"\s*:\s*"(\w+)"/.exec(json)?.[1] ?? ''],
      always: ([name]) => notOfFhir.some((one) => one === name),
    });
  });

  it('are the same after XML as before, including the text of numbers', () => {
    const changed = all.filter(
      ([, json]) => normalizeJson(fromXml(toXml(json, elements), elements)) !== normalizeJson(json),
    );
    expect(changed.map(([name]) => name)).toEqual(notOfFhir);
  });

  it('are valid by the official schema, except for errors in the source', () => {
    const problemsOf = schemaValidator(version);
    const problems = all.flatMap(([name, json]) =>
      problemsOf(toXml(json, elements)).map((problem) => `${name}: ${problem}`),
    );
    expect(problems.filter((problem) => !OF_THE_DATA.test(problem))).toEqual([]);
  });
});

/**
 * Known errors in the sources: narratives that FHIR doesn't allow, values that are too long or violate a pattern, and
 * missing content.
 */
const OF_THE_DATA = /\{http:\/\/www\.w3\.org\/1999\/xhtml\}|\[facet '|OperationOutcome': Missing child/;

describe.runIf(SHARED_DATA)(withData('XML of DSTU2’s examples'), () => {
  it('is the same after JSON as before', () => {
    const all = folder('dstu2-spec-examples/xml', '.xml');
    expect(all.length).toBeGreaterThan(400);
    const changed = all.filter(([, xml]) => {
      const json = fromXml(xml, dstu2.elements);
      return fromXml(toXml(json, dstu2.elements), dstu2.elements) !== json;
    });
    expect(changed.map(([name]) => name)).toEqual([]);
  });

  it('equals the JSON that was published beside it', () => {
    const json = new Map(folder('dstu2-spec-examples/json', '.json'));
    const pairs = folder('dstu2-spec-examples/xml', '.xml').flatMap(([name, xml]) => {
      const beside = json.get(`${path.basename(name, '.xml').replace(/\(.*\)$/, '')}.json`);
      return beside === undefined ? [] : [[name, xml, beside] as const];
    });
    expect(pairs.length).toBeGreaterThan(400);
    const same = pairs.filter(
      ([, xml, beside]) => normalizeJson(fromXml(xml, dstu2.elements)) === normalizeJson(beside),
    );
    // The remaining pairs of files weren't published with the same content. They differ in ids, extensions, codes and
    // white space.
    expect(same.length).toBeGreaterThanOrEqual(369);
  });
});

describe.runIf(SHARED_DATA)(withData('content of this server'), () => {
  let resources: readonly Resource[];
  beforeAll(() => {
    const { patients, directory } = sandboxData();
    const all = [...directory, ...patients.slice(0, 4).flatMap((person) => person.resources)];
    resources = slice(all, { kinds: ({ resourceType }) => [resourceType] });
  });
  const endpoints = {
    base: 'https://a.example',
    authorize: 'https://a.example/a',
    token: 'https://a.example/t',
    revoke: 'https://a.example/r',
  };
  const bundled = (contents: readonly Resource[], { bundle }: typeof r4) =>
    bundle({
      base: 'https://a.example',
      self: 'https://a.example/x?a=b&c=d',
      next: 'https://a.example/x?_cursor=y',
      total: contents.length,
      entries: contents.map((one) => ({
        type: one.resourceType,
        id: `${one.id}`,
        content: printJson(one),
        mode: 'match',
      })),
    });

  it('is valid by the official schema in R4', () => {
    const problemsOf = schemaValidator('r4');
    expect(problemsOf(toXml(bundled(resources, r4), r4.elements))).toEqual([]);
    // The schema is that of FHIR 4.0.0, which accepts only this version number.
    const statement = JSON.stringify(r4.conformance(endpoints)).replace('"4.0.1"', '"4.0.0"');
    expect(problemsOf(toXml(statement, r4.elements))).toEqual([]);
  });

  it('is valid by the official schema in DSTU2', () => {
    const problemsOf = schemaValidator('dstu2');
    const projected = resources.flatMap((one) => {
      const made = dstu2Projection.project(one);
      return made !== undefined && 'content' in made ? [parseJson(made.content) as Resource] : [];
    });
    expect(projected.length).toBeGreaterThan(100);
    expect(problemsOf(toXml(bundled(projected, dstu2), dstu2.elements))).toEqual([]);
    expect(problemsOf(toXml(JSON.stringify(dstu2.conformance(endpoints)), dstu2.elements))).toEqual([]);
  });
});
