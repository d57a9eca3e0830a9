import type { recordDownloads as english } from '../en/record-downloads.ts';
import { counts } from './counts.ts';
import { formatNumber } from './plural.ts';
import { terms } from './terms.ts';

/** Spanish texts of the files that a patient can download or print. */
export const recordDownloads: typeof english = {
  copy: (when) => `Copia del paciente. Creada en Patient Access el ${when}.`,
  source: (practice) => `Fuente: el expediente de ${practice}.`,
  limits: 'Esta copia muestra lo que el consultorio ha enviado a este sistema. Puede no estar completo.',
  born: (date) => `Fecha de nacimiento: ${date}`,
  notOnRecord: 'No está registrado',

  summary: {
    title: 'Resumen de salud',
    unsigned: 'Ningún profesional de salud ha revisado ni firmado esta copia.',
    savePdf: 'Descargar como PDF',
    print: 'Para imprimir este resumen, use el menú de su navegador.',
    patient: 'Paciente',
    name: 'Nombre',
    current: 'Medicinas actuales',
    problems: 'Problemas de salud actuales',
    results: 'Resultados recientes de laboratorio',
    measurements: 'Mediciones recientes',
    procedures: 'Procedimientos',
    visits: 'Visitas recientes',
    devices: 'Implantes y dispositivos',
    coverage: 'Seguro vigente',
    contact: 'Contacto del consultorio',
    columns: {
      allergy: 'Alergia',
      medicine: 'Medicina',
      directions: 'Dosis e indicaciones',
      problem: 'Problema de salud',
      vaccine: 'Vacuna',
      dates: 'Fechas',
      procedure: 'Procedimiento',
      visit: 'Visita',
      device: 'Dispositivo',
      insurance: terms.insuranceCompany,
      test: 'Prueba',
      measurement: 'Medición',
      result: terms.result,
    },
    none: {
      allergies: 'En este expediente no figura ninguna alergia. Eso no significa que no haya ninguna.',
      medicines: 'En este expediente no figura ninguna medicina actual. Eso no significa que no se tome ninguna.',
    },
    ruledOut: (names) => `Descartado: ${names}.`,
    notCurrent: (count) => `El expediente completo tiene ${counts.recordEntries(count)} más sin la marca de actual.`,
    more: (count) => `El expediente completo tiene ${counts.recordEntries(count)} más.`,
    medicineNote: 'Son las medicinas que el consultorio marca como activas. El paciente puede tomar otras.',
    resultRule: (to) =>
      `Aquí está el último resultado de cada prueba en los 12 meses hasta el ${to}. También están todos los resultados señalados de ese tiempo. Una prueba anterior aparece si su último resultado fue señalado.`,
    measurementRule: (to) =>
      `Aquí está el último valor de cada medición en los 12 meses hasta el ${to}. También están todos los valores señalados de ese tiempo. Una medición anterior aparece si su último valor fue señalado.`,
    futureDates: 'Una fecha de esta lista está en el futuro. Puede ser incorrecta.',
    unreadResults: (count) => `Solo se revisaron los ${formatNumber(count)} resultados más recientes.`,
    page: (page, pages) => `Página ${page} de ${pages}`,
    missingCharacters:
      'El símbolo □ ocupa el lugar de un carácter que este archivo no puede mostrar. Puede verlo en Patient Access.',
  },

  file: {
    title: (name) => `Expediente de salud de ${name}`,
    lead: 'Este archivo tiene todo el expediente en forma legible. Funciona sin internet. Guárdelo donde nadie más lo pueda leer.',
    contents: 'Contenido',
    sources: 'Origen de las anotaciones',
    sourceOf: 'Origen de',
    otherEntries: 'Más anotaciones',
    documentElsewhere: 'Este documento no está en el archivo. Puede abrirlo en Patient Access.',
    end: 'Fin del expediente',
  },

  csv: {
    date: 'Fecha',
    time: 'Hora',
    panel: 'Panel',
    test: 'Prueba',
    value: 'Valor',
    unit: 'Unidad',
    range: 'Rango normal',
    flag: 'Indicador',
    status: terms.status,
    code: 'Código',
    system: 'Sistema de códigos',
  },

  tooLarge: (entries, max) =>
    `Este expediente tiene ${counts.recordEntries(entries)}. Este archivo puede tener ${formatNumber(max)} como máximo. Descargue el expediente como FHIR R4.`,
  tooOften: (minutes) =>
    `Usted descargó muchos archivos en poco tiempo. Intente de nuevo en ${counts.minutes(minutes)}.`,
  summaryTooOften: (minutes) =>
    `Usted abrió el resumen muchas veces en poco tiempo. Intente de nuevo en ${counts.minutes(minutes)}.`,
  summaryBusy: 'Se están preparando muchos resúmenes en este momento. Intente de nuevo en unos segundos.',
};
