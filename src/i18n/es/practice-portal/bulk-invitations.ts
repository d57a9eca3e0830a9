import { html } from '../../../kernel/index.ts';
import type { Messages } from '../../en/index.ts';
import { counts } from '../counts.ts';
import { formatNumber, plural } from '../plural.ts';

export const bulkInvitations: Messages['practicePortal']['bulkInvitations'] = {
  title: 'Invitar a muchos pacientes',
  lead: 'Suba un archivo CSV con un paciente por línea. Buscamos a cada paciente en sus expedientes y lo invitamos por correo electrónico o con una carta para imprimir.',
  columnsHtml: html`La primera línea tiene los nombres de las columnas, en inglés: <code>mrn</code> o <code>patient_id</code>, o bien <code>name</code> y <code>birth_date</code> juntas. Si una línea tiene más de estos datos, todos deben coincidir.`,
  emailHtml: html`<code>email</code> es opcional. La invitación se envía a esta dirección o, si falta, a la primera del expediente. Si no hay ninguna dirección, usted imprime una carta.`,
  limits: 'Como máximo 5,000 pacientes y 2 MB. Las demás columnas no se guardan.',
  template: 'Descargar plantilla CSV',
  file: 'Archivo CSV',
  fileHint: 'En una hoja de cálculo, elija «Guardar como» y después «CSV UTF-8».',
  button: 'Invitar a los pacientes',
  earlier: 'Archivos anteriores',
  upload: ({ total, invited, refused }) =>
    `${counts.lines(total)}: ${formatNumber(invited)} con invitación, ${formatNumber(refused)} sin invitación`,
  inProgress: ', en curso',
  by: (name) => ` – por ${name}`,
  fileErrors: {
    none: 'Elija un archivo CSV con pacientes',
    tooLarge: 'El archivo tiene más de 2 MB. Divídalo en archivos más pequeños.',
    broken: 'El archivo no llegó completo. Súbalo de nuevo.',
    empty: 'El archivo está vacío.',
    noPatients: 'El archivo tiene nombres de columnas, pero ningún paciente.',
    tooManyPatients: (found, most) =>
      `El archivo tiene ${counts.patients(found)}. Puede invitar como máximo a ${formatNumber(most)} a la vez. Divida el archivo.`,
    notCsv: 'El archivo no es un archivo CSV. En su hoja de cálculo, elija «Guardar como» y después «CSV UTF-8».',
    unreadable: 'No se puede leer el archivo. Revise las comillas y las comas.',
    unreadableFrom: (line) =>
      `No se puede leer el archivo a partir de la línea ${formatNumber(line)}. Revise las comillas y las comas.`,
    duplicateColumn: (column) => `El archivo tiene dos columnas ${column}. Quite una.`,
    missingColumns:
      'La primera línea debe tener los nombres de las columnas: mrn o patient_id, o bien name y birth_date juntas. La columna email es opcional.',
    busy: (files) =>
      `Todavía se están procesando ${formatNumber(files)} archivos. Espere a que termine uno e inténtelo de nuevo.`,
  },
  progress: {
    tabTitle: (done, total) => `Invitaciones: ${formatNumber(done)} de ${formatNumber(total)}`,
    title: 'Invitando a los pacientes',
    bar: (done, total) =>
      `Líneas procesadas: ${formatNumber(done)} de ${formatNumber(total)}. Pendientes: ${formatNumber(total - done)}`,
    barValue: (done, total) => `${formatNumber(done)} de ${formatNumber(total)}`,
    soFar: (invited, refused) => `${formatNumber(invited)} con invitación, ${formatNumber(refused)} sin invitación.`,
    refreshes: 'Esta página se actualiza cada 2 segundos. Puede salir de ella, y las invitaciones continúan.',
  },
  report: {
    title: 'Resultado de las invitaciones masivas',
    summary: ({ total, invited, refused }) =>
      `${formatNumber(invited)} con invitación, ${formatNumber(refused)} sin invitación, de un total de ${formatNumber(total)}.`,
    download: 'Descargar el informe en CSV',
    captionOfAll: 'Todas las líneas; primero los pacientes sin invitación',
    captionOfFirst: (shown) => `Las primeras ${shown} líneas; primero los pacientes sin invitación`,
    line: 'Línea',
    patient: 'Paciente en el archivo',
    result: 'Resultado',
    truncated: (total) => `El informe en CSV contiene las ${total} líneas.`,
    outcomes: {
      pending: 'pendiente',
      refused: 'sin invitación',
      letter: 'carta por imprimir',
      email: 'invitación por correo electrónico',
    },
  },
  letters: {
    title: 'Cartas para imprimir',
    text: (patients) =>
      `${counts.patients(patients)} ${plural(patients, { one: 'no tiene', many: 'no tienen', other: 'no tienen' })} dirección de correo. Al imprimir se crean códigos nuevos, y las cartas anteriores ya no sirven.`,
    printOne: (letter) => `Imprimir la carta ${letter}`,
    printRange: (first, last) => `Imprimir las cartas ${first} a ${last}`,
    unprintable: (letters) =>
      `Cartas que no se pueden imprimir: ${letters}. La invitación se usó, se canceló o venció, o el expediente cambió.`,
    needCodes:
      'Cada carta solo funciona con un código de seis números que se da por separado. Dé el código desde la página del paciente.',
    back: 'Volver',
  },
  rejections: {
    'row-incomplete':
      'La línea no identifica a un paciente. Agregue un MRN o un identificador de paciente, o un nombre y una fecha de nacimiento completa.',
    'no-patient': 'Ningún paciente de este consultorio coincide con la línea.',
    'several-patients': 'Varios pacientes coinciden. Use el identificador del paciente.',
    'already-invited': 'El paciente ya tiene una invitación abierta. Envíela de nuevo desde la página del paciente.',
    'chart-incomplete':
      'El expediente no tiene nombre, fecha de nacimiento o código postal (ZIP). Agregue lo que falta.',
    'too-young': 'El paciente tiene menos de 12 años. En su lugar, invite a la madre, al padre o a un tutor legal.',
    'already-enrolled': 'El paciente ya tiene una cuenta.',
    declined: 'El paciente no desea una cuenta.',
    'address-unusable': 'La dirección de correo no es válida.',
    'address-used': 'La dirección de correo pertenece a otra cuenta o invitación.',
    'address-of-guardian':
      'La dirección de correo es de la madre, del padre o de un tutor legal. Un paciente de 12 a 17 años necesita su propia dirección o una carta.',
    'address-is-invitation': 'El código no se puede enviar a la misma dirección que la invitación.',
    'no-contact': 'El expediente no tiene otra dirección.',
    over: 'La invitación ya no es válida.',
    failed: 'Algo falló de nuestro lado. Invite de nuevo a este paciente.',
  },
};
