/** US Letter with a margin of one inch, in points. */
const PAGE = { width: 612, height: 792, margin: 72 };
const LEADING = 14;
const LINES = Math.floor((PAGE.height - 2 * PAGE.margin) / LEADING);
const COLUMNS = 88;

/**
 * Writes lines of text as a minimal PDF 1.4 (ISO 32000-1 §7.5): a catalog, the pages with one content stream each, and
 * two of the standard fonts that every viewer has. A line that begins with `# ` is a heading.
 */
export function writePdf(text: string, title: string): Buffer {
  const lines = text.split('\n').flatMap(wrapLine);
  const pages: string[][] = [];
  for (let start = 0; start < lines.length; start += LINES) pages.push(lines.slice(start, start + LINES));
  const kids = pages.map((_, index) => `${6 + 2 * index} 0 R`).join(' ');
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R /Lang (en-US) >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>',
    `<< /Title (${escapeString(title)}) /Producer (Patient Access sandbox) >>`,
    ...pages.flatMap((page, index) => [pageObject(7 + 2 * index), contentStream(page)]),
  ];
  return assembleFile(objects);
}

/** The cross-reference table holds byte offsets. The text is Latin-1, so one character is one byte. */
function assembleFile(objects: readonly string[]): Buffer {
  let file = '%PDF-1.4\n%\xe2\xe3\xcf\xd3\n';
  const offsets = objects.map((object, index) => {
    const offset = file.length;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  const trailer = `trailer\n<< /Size ${size} /Root 1 0 R /Info 5 0 R >>\nstartxref\n${file.length}\n%%EOF\n`;
  return Buffer.from(`${file}xref\n0 ${size}\n0000000000 65535 f \n${table}${trailer}`, 'latin1');
}

const pageObject = (contents: number): string =>
  `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${PAGE.width} ${PAGE.height}] ` +
  `/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> /Contents ${contents} 0 R >>`;

function contentStream(lines: readonly string[]): string {
  const operators = lines.map((line) =>
    line.startsWith('# ')
      ? `/F2 13 Tf (${escapeString(line.slice(2))}) Tj /F1 11 Tf T*`
      : `(${escapeString(line)}) Tj T*`,
  );
  const body = `BT /F1 11 Tf ${LEADING} TL ${PAGE.margin} ${PAGE.height - PAGE.margin} Td\n${operators.join('\n')}\nET`;
  return `<< /Length ${body.length} >>\nstream\n${body}\nendstream`;
}

/**
 * WinAnsi equals Latin-1 except for typographic characters. Those are replaced by plain ones, and characters that
 * WinAnsi lacks by `?`.
 */
const escapeString = (text: string): string =>
  text
    .replace(/[–—]/g, '-')
    .replace(/[’‘]/g, "'")
    .replace(/[^\x20-\xff]/g, '?')
    .replace(/[\\()]/g, '\\$&');

function wrapLine(line: string): readonly string[] {
  const rows: string[] = [];
  let row = '';
  for (const word of line.split(' ')) {
    if (row !== '' && row.length + word.length >= COLUMNS) {
      rows.push(row);
      row = '    ';
    }
    row += row === '' || row.endsWith(' ') ? word : ` ${word}`;
  }
  return [...rows, row];
}
