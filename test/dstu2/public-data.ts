import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseJson } from '../../src/fhir/core/json.ts';
import type { Resource } from '../../src/fhir/core/version.ts';
import { CONVERSIONS } from '../../src/fhir/dstu2/convert/conversions.ts';
import { SHARED_DATA } from '../support/shared-data.ts';
import { readPackage } from '../us-core/read-package.ts';

const place = (...names: readonly string[]) => path.join(SHARED_DATA ?? '', ...names);
const parse = (text: string) => parseJson(text) as Resource;
const convertible = (resources: readonly Resource[]): readonly Resource[] =>
  resources.filter(({ resourceType }) => CONVERSIONS.has(resourceType));

const ofBundle = (file: string): readonly Resource[] => {
  const { entry } = parse(readFileSync(file, 'utf8'));
  return convertible((entry as readonly { readonly resource: Resource }[]).map(({ resource }) => resource));
};
const ofFolder = (name: string): readonly string[] => readdirSync(place(name)).map((file) => place(name, file));

/** Public R4 resources of the converted types, by source. Each source is read when it is requested. */
export function publicResources(): readonly (readonly [source: string, resources: () => readonly Resource[]])[] {
  const inferno = ['85', '355', '907', '908', 'client_test'].map((id) =>
    place('inferno-reference-data/resources', `uscore_bundle_patient_${id}.json`),
  );
  const lines = () =>
    ofFolder('synthea-uscore-10')
      .filter((file) => !path.basename(file).startsWith('log'))
      .flatMap((file) => readFileSync(file, 'utf8').split('\n').filter(Boolean));
  const examples = () =>
    ['us_core_311.tgz', 'us_core_610.tgz', 'us_core_800.tgz'].flatMap((name) =>
      [...readPackage(place('us-core-igs', name))].map(([, json]) => json as Resource),
    );
  return [
    ['patients of the US Core reference server', () => inferno.flatMap(ofBundle)],
    ['Synthea patients of R4', () => ofFolder('synthea-r4').flatMap(ofBundle)],
    ['Synthea patients of US Core', () => convertible(lines().map(parse))],
    ['examples of US Core 3.1.1, 6.1.0 and 8.0.0', () => convertible(examples())],
  ];
}
