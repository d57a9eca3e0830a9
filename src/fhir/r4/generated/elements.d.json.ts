import type { ElementTable } from '../../core/xml/elements.ts';

declare const table: ElementTable;
export = table;
