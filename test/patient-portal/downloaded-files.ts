import { parse } from 'csv-parse/sync';
import { extractText, getDocumentProxy } from 'unpdf';
import type { PatientBrowser } from '../support/people/patient.ts';
import type { TestServer } from '../support/servers/server.ts';

/** Downloads a file as bytes, as the signed-in browser does. */
export const downloadFile = (server: TestServer, browser: PatientBrowser, url: string) =>
  server.app.inject({
    url,
    headers: { cookie: `session=${browser.cookie('session')}; language=${browser.cookie('language') ?? 'en'}` },
  });

interface PdfNode {
  readonly role?: string;
  readonly children?: readonly PdfNode[];
}

/** Reads a PDF with pdf.js: the text of each page, its properties, and the roles of its structure elements. */
export async function readPdf(bytes: Buffer) {
  const pdf = await getDocumentProxy(new Uint8Array(bytes));
  const { text: pages } = await extractText(pdf, { mergePages: false });
  const { info } = await pdf.getMetadata();
  const roles = new Set<string>();
  const addRoles = ({ role, children = [] }: PdfNode): void => {
    if (role !== undefined) roles.add(role);
    children.forEach(addRoles);
  };
  const sizes: (readonly number[])[] = [];
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const page = await pdf.getPage(number);
    sizes.push(page.view);
    const tree = await page.getStructTree();
    if (tree !== null) addRoles(tree as PdfNode);
  }
  const markings = await pdf.getMarkInfo();
  return {
    pages,
    text: pages.join('\n').replaceAll(/\s+/g, ' '),
    info: info as Readonly<Record<string, unknown>>,
    roles,
    sizes,
    isTagged: markings?.Marked === true,
  };
}

/** Parses the CSV file of lab results into one object per row. */
export const readCsv = (body: string): readonly Record<string, string>[] =>
  parse(body, { columns: true, bom: true, record_delimiter: '\r\n' });
