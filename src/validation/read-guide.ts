import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { list } from 'tar';
import { OperatorFault } from '../kernel/index.ts';

type AnyResource = { readonly resourceType: string };

/**
 * The resources of an implementation guide.
 * @param place a package (`.tgz`, as packages.fhir.org gives it) or a folder of JSON files
 * @throws OperatorFault when there is none
 */
export async function readGuide(place: string): Promise<readonly AnyResource[]> {
  if (!existsSync(place)) throw new OperatorFault(`There is no guide at ${place}. Name a package (.tgz) or a folder.`);
  const texts = statSync(place).isDirectory() ? textsInFolder(place) : await textsInPackage(place);
  const resources = texts.flatMap(resourceIn);
  if (resources.some(({ resourceType }) => resourceType === 'StructureDefinition')) return resources;
  throw new OperatorFault(
    `${place} holds no StructureDefinition. Name a package (.tgz) of a guide, or the folder of its JSON files.`,
  );
}

/** A package that was unpacked has its files in `package/`. */
function textsInFolder(folder: string): readonly string[] {
  const inner = path.join(folder, 'package');
  const place = existsSync(inner) ? inner : folder;
  return readdirSync(place)
    .filter((name) => name.endsWith('.json'))
    .map((name) => readFileSync(path.join(place, name), 'utf8'));
}

/** What is deeper than `package/` is examples and tests. */
const DEFINITION = /^package\/[^/]+\.json$/;

async function textsInPackage(file: string): Promise<readonly string[]> {
  const texts: string[] = [];
  try {
    await list({
      file,
      strict: true,
      filter: (name) => DEFINITION.test(name),
      onReadEntry: (entry) => {
        const parts: Buffer[] = [];
        entry.on('data', (part) => parts.push(part));
        entry.on('end', () => texts.push(Buffer.concat(parts).toString('utf8')));
      },
    });
  } catch {
    throw new OperatorFault(`${file} can't be read as a package: it has to be a gzipped tar file.`);
  }
  return texts;
}

function resourceIn(text: string): readonly AnyResource[] {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && 'resourceType' in parsed ? [parsed as AnyResource] : [];
  } catch {
    return [];
  }
}
