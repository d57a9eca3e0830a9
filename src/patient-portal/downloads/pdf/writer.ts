import type { Readable } from 'node:stream';
import PDFDocument from 'pdfkit';
import { createYielder } from '../../../kernel/index.ts';
import { columnWidths } from './column-widths.ts';
import { loadPdfFonts, MISSING_CHARACTER, toPrintable } from './fonts.ts';

export interface PdfDetails {
  readonly title: string;
  /** Language of the document as a BCP 47 tag. Screen readers use it. */
  readonly language: string;
  readonly madeAt: Date;
  /** Lines at the top of each page. The first one is bold. */
  readonly header: readonly string[];
  /** Returns the text at the bottom of each page. */
  readonly footer: (page: number, pages: number) => string;
}

/**
 * Writes a tagged PDF in US letter size, from top to bottom. No method splits a row or a line between two pages, and a
 * heading stays with what follows it.
 */
export interface PdfWriter {
  /** The bytes of the file. They are complete after `end`. */
  readonly bytes: Readable;
  /** Whether a text had a character that the font doesn't have. */
  readonly hasMissingCharacters: () => boolean;
  readonly heading: (level: 1 | 2, text: string) => void;
  readonly paragraph: (text: string, style?: 'normal' | 'strong' | 'note') => void;
  readonly table: (table: PdfTable) => Promise<void>;
  /** Adds the header and footer of each page and ends the file. */
  readonly end: () => void;
}

export interface PdfTable {
  /** Headings of the columns. Empty if the table is a list of labels and texts. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Sizes in points, 72 to an inch. */
const MARGIN = { top: 84, bottom: 54, left: 48, right: 48 };
const HEADER_TOP = 36;
const FOOTER_BOTTOM = 40;
const CELL_GAP = 10;
const ROW_PADDING = 2.5;
/** Space that a heading needs below it, so that it doesn't stand alone at the end of a page. */
const AFTER_HEADING = 64;

const COLORS = { text: '#1a1a1a', muted: '#4d4d4d', rule: '#8c8c8c', faintRule: '#d0d0d0' };

type Style = 'title' | 'heading' | 'normal' | 'strong' | 'note';
const STYLES: Readonly<Record<Style, { font: 'regular' | 'bold'; size: number; color: string }>> = {
  title: { font: 'bold', size: 18, color: COLORS.text },
  heading: { font: 'bold', size: 12.5, color: COLORS.text },
  normal: { font: 'regular', size: 9.5, color: COLORS.text },
  strong: { font: 'bold', size: 9.5, color: COLORS.text },
  note: { font: 'regular', size: 9, color: COLORS.muted },
};

/** Creates a writer of one PDF. The caller reads `bytes` while it writes, and calls `end` at last. */
export function createPdfWriter({ title, language, madeAt, header, footer }: PdfDetails): PdfWriter {
  const { regular, bold } = loadPdfFonts();
  const doc = new PDFDocument({
    size: 'LETTER',
    margins: MARGIN,
    pdfVersion: '1.7',
    tagged: true,
    displayTitle: true,
    lang: language,
    info: { Title: title, Creator: 'Patient Access', Producer: 'Patient Access', CreationDate: madeAt },
    // The number of pages is on each page, so pages are written at the end.
    bufferPages: true,
    autoFirstPage: false,
    // Without this, the file would name Helvetica, which isn't embedded.
    font: regular as never,
  });
  doc.registerFont('regular', regular as never);
  doc.registerFont('bold', bold as never);
  const root = doc.struct('Document');
  doc.addStructure(root);
  let hasMissing = false;
  let y = MARGIN.top;
  addPage();
  const { width: pageWidth, height: pageHeight } = doc.page;
  const width = pageWidth - MARGIN.left - MARGIN.right;
  const bottom = pageHeight - MARGIN.bottom;

  function addPage(): void {
    doc.addPage();
    y = MARGIN.top;
  }

  function ensureSpace(height: number): void {
    if (y + height > bottom) addPage();
  }

  function setStyle(style: Style): void {
    const { font, size, color } = STYLES[style];
    doc.font(font).fontSize(size).fillColor(color);
  }

  function measure(text: string, style: Style, lineWidth: number): number {
    setStyle(style);
    return doc.heightOfString(text, { width: lineWidth });
  }

  interface PdfText {
    readonly text: string;
    readonly style: Style;
    readonly left: number;
    readonly lineWidth: number;
  }

  function draw({ text, style, left, lineWidth }: PdfText): void {
    setStyle(style);
    doc.text(text, left, y, { width: lineWidth });
  }

  type Structure = typeof root;

  /** Adds a text to the structure, so that screen readers read it. They get the text as it is on record. */
  function addText(parent: Structure, type: string, original: string, text: PdfText, scope?: 'Row' | 'Column'): void {
    const isChanged = text.text.includes(MISSING_CHARACTER) && text.text !== original;
    if (isChanged) hasMissing = true;
    const options = { ...(isChanged && { actual: original }), ...(scope !== undefined && { scope }) };
    parent.add(doc.struct(type as never, options as never, () => draw(text)));
  }

  /** Draws what isn't content, such as a line or a repeated heading. Screen readers skip it. */
  function drawArtifact(type: 'Layout' | 'Pagination', action: () => void): void {
    doc.markContent('Artifact', { type });
    action();
    doc.endMarkedContent();
  }

  function drawRule(color: string): void {
    drawArtifact('Layout', () => {
      doc
        .moveTo(MARGIN.left, y)
        .lineTo(pageWidth - MARGIN.right, y)
        .lineWidth(0.5)
        .strokeColor(color)
        .stroke();
    });
  }

  function block(type: string, text: string, style: Style, { before, after }: { before: number; after: number }): void {
    const printable = toPrintable(text);
    const height = measure(printable, style, width);
    if (y > MARGIN.top) y += before;
    ensureSpace(height + (type === 'P' ? 0 : AFTER_HEADING));
    addText(root, type, text, { text: printable, style, left: MARGIN.left, lineWidth: width });
    y += height + after;
  }

  async function table({ columns, rows }: PdfTable): Promise<void> {
    const printableRows = rows.map((cells) => cells.map(toPrintable));
    const headings = columns.map(toPrintable);
    setStyle('strong');
    const widths = columnWidths([headings, ...printableRows], width, CELL_GAP, (text) => doc.widthOfString(text));
    const lefts = widths.map(
      (_, index) => MARGIN.left + widths.slice(0, index).reduce((sum, one) => sum + one + CELL_GAP, 0),
    );
    const rowHeight = (cells: readonly string[], style: (index: number) => Style): number =>
      Math.max(...cells.map((cell, index) => measure(cell, style(index), widths[index] ?? width))) + 2 * ROW_PADDING;
    const cellStyle = (index: number): Style => (index === 0 ? 'strong' : 'normal');
    const headingHeight = headings.length === 0 ? 0 : rowHeight(headings, () => 'note');
    const element = doc.struct('Table');
    root.add(element);
    const place = (text: string, index: number, style: Style): PdfText => ({
      text,
      style,
      left: lefts[index] ?? MARGIN.left,
      lineWidth: widths[index] ?? width,
    });

    const firstHeight = printableRows[0] === undefined ? 0 : rowHeight(printableRows[0], cellStyle);
    ensureSpace(headingHeight + firstHeight);
    if (headings.length > 0) {
      const row = doc.struct('TR');
      element.add(row);
      y += ROW_PADDING;
      for (const [index, text] of headings.entries())
        addText(row, 'TH', columns[index] ?? '', place(text, index, 'note'), 'Column');
      row.end();
      y += headingHeight - ROW_PADDING;
      drawRule(COLORS.rule);
    }
    const yieldWhenDue = createYielder();
    for (const [rowIndex, cells] of printableRows.entries()) {
      await yieldWhenDue();
      const height = rowHeight(cells, cellStyle);
      if (y + height > bottom) {
        addPage();
        if (headings.length > 0) repeatHeadings();
      }
      const row = doc.struct('TR');
      element.add(row);
      y += ROW_PADDING;
      for (const [index, text] of cells.entries())
        addText(
          row,
          index === 0 ? 'TH' : 'TD',
          rows[rowIndex]?.[index] ?? '',
          place(text, index, cellStyle(index)),
          index === 0 ? 'Row' : undefined,
        );
      row.end();
      y += height - ROW_PADDING;
      drawRule(COLORS.faintRule);
    }
    element.end();
    y += 4;

    function repeatHeadings(): void {
      y += ROW_PADDING;
      drawArtifact('Pagination', () => {
        for (const [index, text] of headings.entries()) draw(place(text, index, 'note'));
      });
      y += headingHeight - ROW_PADDING;
      drawRule(COLORS.rule);
    }
  }

  function drawPageFrame(page: number, pages: number): void {
    y = HEADER_TOP;
    for (const [index, line] of header.map(toPrintable).entries()) {
      const style = index === 0 ? 'strong' : 'note';
      setStyle(style);
      doc.text(line, MARGIN.left, y, { lineBreak: false });
      y += doc.currentLineHeight(true);
    }
    y += 4;
    doc
      .moveTo(MARGIN.left, y)
      .lineTo(pageWidth - MARGIN.right, y)
      .lineWidth(0.75)
      .strokeColor(COLORS.rule)
      .stroke();
    setStyle('note');
    const text = toPrintable(footer(page, pages));
    doc.text(text, pageWidth - MARGIN.right - doc.widthOfString(text), pageHeight - FOOTER_BOTTOM, {
      lineBreak: false,
    });
  }

  return {
    bytes: doc as unknown as Readable,
    hasMissingCharacters: () => hasMissing,
    heading: (level, text) =>
      block(
        `H${level}`,
        text,
        level === 1 ? 'title' : 'heading',
        level === 1 ? { before: 0, after: 4 } : { before: 12, after: 2 },
      ),
    paragraph: (text, style = 'normal') => block('P', text, style, { before: 2, after: 2 }),
    table,
    end: () => {
      root.end();
      const { count } = doc.bufferedPageRange();
      for (let page = 0; page < count; page += 1) {
        doc.switchToPage(page);
        drawArtifact('Pagination', () => drawPageFrame(page + 1, count));
      }
      doc.end();
    },
  };
}
