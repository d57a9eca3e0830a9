/**
 * Licenses of packages that we ship. They ask for notices, which are in the folder of each package, and set no conditions
 * on our own code. The names are SPDX identifiers.
 */
export const ALLOWED = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MIT-0',
  'PSF-2.0',
  'Python-2.0',
  'Unlicense',
];

/** Further licenses of packages that only build and test, and that we don’t ship. */
export const ALLOWED_FOR_DEVELOPMENT = ['CC-BY-3.0', 'CC0-1.0', 'MPL-2.0', 'Zlib'];

/** Packages that we ship with another license, or without one in package.json: what npm reports, and why we accept it. */
export const EXCEPTIONS = [
  {
    name: '@expo-google-fonts/source-sans-3',
    license: 'MIT AND OFL-1.1',
    reason: 'The Open Font License allows to ship a font with software, if the font isn’t sold by itself.',
  },
  {
    name: 'date-holidays',
    license: '(ISC AND CC-BY-3.0)',
    reason:
      'The code is ISC. The dates are from Wikipedia, under CC BY-SA, and unchanged. LICENSE in the package names the articles.',
  },
  {
    name: 'fhirpath',
    license: 'SEE LICENSE in LICENSE.md',
    reason: 'LICENSE.md has the conditions of BSD-3-Clause, and asks for a citation in research.',
  },
  {
    name: '@lhncbc/ucum-lhc',
    license: 'SEE LICENSE IN LICENSE.md',
    reason: 'LICENSE.md has the conditions of BSD-3-Clause. The terms of UCUM and LOINC allow use at no cost.',
  },
  {
    name: 'png-js',
    license: undefined,
    reason: 'The file LICENSE in the package is the MIT license. Only package.json doesn’t name it.',
  },
];
