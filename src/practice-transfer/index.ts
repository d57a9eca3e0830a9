export { exportPractice, type PracticeExport } from './export-practice.ts';
export { type ImportedPractice, importPractice } from './import-practice.ts';
export { countPractice, type RemovedPractice, removePractice } from './remove-practice.ts';
export { CONTENT_TABLES, COPIED_TABLES, LEFT_OUT } from './tables.ts';
