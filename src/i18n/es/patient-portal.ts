import type { Messages } from '../en/index.ts';
import { counts } from './counts.ts';
import { patientRecord } from './patient-record.ts';
import { formatNumber, plural } from './plural.ts';
import { recordDownloads } from './record-downloads.ts';
import { terms } from './terms.ts';

type RecordOwnerInSpanish = string | undefined;

const ownerText = (who: RecordOwnerInSpanish): string =>
  who === undefined ? 'su expediente' : `el expediente de ${who}`;
const canRead = (count: number): string =>
  `${counts.apps(count)} ${plural(count, { one: 'puede', many: 'pueden', other: 'pueden' })}`;

function inShort(groups: readonly string[]): string {
  const shown = groups.slice(0, 2);
  const more = groups.length - shown.length;
  return new Intl.ListFormat('es-US').format([...shown, ...(more === 0 ? [] : [`${formatNumber(more)} más`])]);
}

export const patientPortal: Messages['patientPortal'] = {
  navigation: 'Su cuenta',
  overview: 'Resumen',
  apps: 'Aplicaciones conectadas',
  log: 'Quién leyó qué',
  record: 'Expediente médico',
  downloads: 'Descargas',
  receipts: 'Comprobantes de consentimiento',
  security: terms.passwordAndSecurity,
  actsFor: (name) => `Usted actúa en nombre de ${name}.`,
  recordAt: (practice) => `Expediente de ${practice}`,
  otherRecord: 'Elegir otro expediente',
  notFound: 'No existe, o esta cuenta no puede abrirla. Vaya al resumen de su cuenta.',
  closed:
    'Por ahora, el consultorio no les da acceso a las aplicaciones. Ninguna puede leer este expediente hasta que el consultorio lo permita de nuevo.',
  sharedAccountNote:
    'Este es un paciente de prueba, no una persona real. Cualquiera puede usar esta cuenta. Usted ve solo lo que se conectó en este navegador.',

  recordChoice: {
    title: 'Elija un expediente',
    hint: 'Cada expediente tiene sus propias aplicaciones, su registro de accesos y sus descargas.',
    own: 'Su propio expediente',
    acts: 'Usted actúa en nombre de esta persona',
    none: 'Su cuenta no tiene expedientes',
    noneText:
      'Esto puede pasar si un consultorio terminó su acceso al expediente de otra persona. Si cree que es un error, comuníquese con el consultorio.',
  },

  home: {
    title: (who) => (who === undefined ? 'Su expediente médico' : `Expediente médico de ${who}`),
    lead: (who) =>
      `Lea ${ownerText(who)}. Vea qué aplicaciones lo pueden leer y qué han leído. Las puede desconectar cuando quiera.`,
    myRecord: (who) => (who === undefined ? 'Mi expediente' : `Expediente de ${who}`),
    openRecord: 'Abrir el expediente',
    appsNone: 'Ninguna puede leer el expediente por ahora.',
    appsSome: (count) => `${canRead(count)} leer el expediente.`,
    appsUnavailable: 'No pudimos cargar la lista. Es posible que algunas aplicaciones tengan acceso.',
    manageApps: 'Administrar o desconectar aplicaciones',
    lastRead: (when) => `Última lectura: ${when}`,
    allReads: 'Ver todas las lecturas',
    recentChanges: 'Cambios recientes',
    changes: {
      allowed: (app, when) => `Usted dio acceso a ${app} el ${when}.`,
      ended: (app, when) => `${app} perdió el acceso el ${when}.`,
    },
    logNone: 'Nadie ha leído el expediente con una aplicación.',
    latestReads: 'Últimas lecturas',
    exampleReads: 'Son lecturas de ejemplo. Estas aplicaciones no están conectadas.',
    record: 'Los problemas de salud, las medicinas, los resultados y más, con gráficas.',
    downloads: 'Descargue una copia o imprima un resumen.',
    receipts: 'Lo que usted aceptó, palabra por palabra.',
    security: 'Cambie cómo inicia sesión. Vea dónde tiene la sesión abierta.',
    unconfirmed: (email) =>
      `Su dirección de correo ${email} aún no está confirmada. Abra el enlace que le enviamos a esa dirección. Hasta que lo haga, no podremos escribirle si olvida su contraseña.`,
    unconfirmedChange: (email, old) =>
      `Su nueva dirección de correo ${email} aún no está confirmada. Abra el enlace que le enviamos a esa dirección. Hasta que lo haga, usaremos ${old}.`,
    confirmAgain: 'Enviar el enlace de nuevo',
  },

  connections: {
    title: (who) => (who === undefined ? 'Sus aplicaciones conectadas' : `Aplicaciones conectadas de ${who}`),
    noneTitle: 'No hay ninguna aplicación conectada',
    none: (who) =>
      `Por ahora, ninguna puede leer ${ownerText(who)}. El consultorio y su equipo de atención lo siguen teniendo.`,
    how: 'Abra la aplicación que quiere conectar y elija este consultorio. La aplicación le trae aquí para iniciar sesión. No se comparte nada hasta que usted lo permita.',
    some: (count, who) => `${canRead(count)} leer ahora ${ownerText(who)}.`,
    listUnavailableTitle: 'No pudimos cargar la lista de aplicaciones',
    listUnavailable:
      'Es posible que haya aplicaciones conectadas. En este momento no lo podemos saber. Intente de nuevo en unos minutos. Para detener una aplicación ahora mismo, llame al consultorio.',
    again: terms.tryAgain,
    past: (count) => `Conexiones anteriores (${formatNumber(count)})`,
    gallery: 'Buscar aplicaciones para conectar',
    demo: terms.tryDemoApp,
    pastNone: 'No ha habido ninguna.',
    madeBy: 'Desarrollador',
    verified: (developer) => `${developer} (verificado)`,
    notVerified: (developer) => `${developer}, según la aplicación. Sin verificar.`,
    unknownDeveloper: 'La aplicación no lo dice. Sin verificar.',
    provisional: 'Esta aplicación aún no está aprobada. Solo puede ver pacientes de prueba, no reales.',
    state: 'Estado',
    readsNow: 'Puede leer',
    readsNothing: 'No puede leer ahora',
    states: {
      active: 'Puede leer el expediente.',
      paused:
        'No puede leer el expediente. La aplicación está desactivada para todos. Es posible que se active de nuevo.',
      gone: 'No puede leer el expediente. La aplicación está desactivada para todos, de forma permanente.',
      closed: 'No puede leer el expediente. Por ahora, el consultorio no les da acceso a las aplicaciones.',
      lapsed: 'Ya no tiene acceso. No se volvió a conectar a tiempo o usted cerró la sesión.',
      over: 'Su acceso venció.',
      safety: 'Su acceso se detuvo por seguridad. La aplicación debe pedirle permiso de nuevo.',
      'ended-patient': 'Usted la desconectó.',
      'ended-staff': 'El consultorio la desconectó.',
      'ended-app': 'La aplicación terminó su propio acceso.',
      ended: 'Se desconectó.',
    },
    endedOn: (how, when) => `${how} El acceso terminó el ${when}.`,
    seesInShort: (groups) => `Puede ver: ${inShort(groups)}`,
    cannotSeeInShort: (groups) => `No puede ver: ${inShort(groups)}`,
    partOf: (group) => `partes de ${group}`,
    details: 'Detalles',
    endsOn: (at) => `El acceso termina el ${at}.`,
    sawNothing: 'Ningún dato de salud. Solo quién es usted.',
    supporting:
      'El personal de salud y los consultorios que se mencionan en estas anotaciones, y de dónde vienen las anotaciones',
    since: 'Permitida el',
    until: 'Fin del acceso',
    untilStopped: 'Sin fecha de fin. Puede detener el acceso cuando quiera.',
    away: 'Cuando usted no está',
    awayYes: 'Conserva su acceso y puede leer el expediente sin usted.',
    awayNo: 'No puede renovar su acceso sin usted.',
    lastUsed: 'Última lectura',
    never: 'No ha leído el expediente.',
    notSince: (day) => `No ha leído el expediente desde el ${day}. No se buscaron lecturas anteriores.`,
    readsSince: (reads, day) => `${reads} desde el ${day}`,
    reads: 'Número de lecturas',
    readsCount: (count) =>
      plural(count, { one: '1 vez', many: `${formatNumber(count)} de veces`, other: `${formatNumber(count)} veces` }),
    more: (app) => `Más sobre ${app}`,
    disconnectApp: (app) => `Desconectar ${app}`,
    itsReads: (app) => `Ver todo lo que leyó ${app}`,
    receipts: (app) => `Lo que usted aceptó con ${app}`,
    policy: (app) => `Política de privacidad de ${app}`,
    policyHint: 'en el sitio web de la aplicación',
  },

  disconnect: {
    title: (app) => `¿Desconectar ${app}?`,
    lead: (app, who) => `${app} ya no podrá leer ${ownerText(who)}. El cambio es inmediato.`,
    retainedData: (app) => `${app} puede conservar los datos que ya leyó. No podemos recuperar esos datos.`,
    policy: 'Para pedir que los borre, consulte su política de privacidad:',
    again: 'Puede conectarla de nuevo más adelante. La aplicación debe pedirle permiso primero.',
    otherRecords: (app) =>
      `${app} sigue teniendo acceso a estos expedientes. Para detener también ese acceso, desconéctela allí:`,
    otherConnections: (app) =>
      `Otra persona también ha conectado ${app} a este expediente. Solo esa persona o el consultorio pueden desconectarla.`,
    yes: (app) => `Sí, desconectar ${app}`,
    no: 'No, dejarla conectada',
    doneTitle: (app) => `${app} está desconectada`,
    endedAt: (ended) => `El acceso terminó a las ${ended}.`,
    lastRead: (last) => `Leyó su expediente por última vez a las ${last}.`,
    lastReadOf: (last, name) => `Leyó el expediente de ${name} por última vez a las ${last}.`,
    neverRead: 'Nunca leyó el expediente.',
    onOtherDay: (day) => ` del ${day}`,
    retentionNote: (app) =>
      `${app} puede conservar los datos que ya leyó. Para que los borre, pídaselo al desarrollador de la aplicación.`,
    sourceNote: 'Estas horas vienen del registro de accesos, «Quién leyó qué».',
    toApps: 'Volver a las aplicaciones conectadas',
    email: {
      subject: (app) => `${app} ya no puede leer el expediente`,
      button: 'Revisar su cuenta',
      text: ({ app, record: name, at, address }) =>
        `${app} se desconectó de ${name}.

Hora: ${at}

La aplicación no puede leer nada nuevo. Puede conservar los datos que ya leyó. Para que los borre, pídaselo al desarrollador de la aplicación.

Si usted no hizo esto, inicie sesión y revise su cuenta:
${address}`,
    },
  },

  accessLog: {
    title: (who) => `Quién leyó ${ownerText(who)}`,
    lead: 'Esta lista muestra cada vez que una aplicación o una persona lee el expediente por medio de este sistema. Registramos cada lectura antes de compartir datos. La lista no incluye lo que el personal ve en el propio sistema del consultorio.',
    summary: {
      title: 'Aplicaciones en los últimos 30 días',
      none: 'Ninguna aplicación leyó el expediente en los últimos 30 días.',
      app: (reads, last) => `${counts.reads(reads)}, la última el ${last}`,
      most: (count) => `Solo se cuentan lecturas entre las últimas ${formatNumber(count)} entradas.`,
    },
    ofDay: (reads, last) => `${counts.reads(reads)}, la última a las ${last}`,
    groupDenied: (count) =>
      plural(count, {
        one: '1 denegada',
        many: `${formatNumber(count)} denegadas`,
        other: `${formatNumber(count)} denegadas`,
      }),
    continued: 'La página siguiente puede tener más de este día.',
    searchedTo: (day) => `Esta página buscó hasta el ${day}. Puede haber entradas anteriores que coincidan.`,
    none: 'Nadie ha leído el expediente.',
    noneFound: 'Nada coincide con su búsqueda. Pruebe con menos filtros.',
    filter: 'Buscar en esta lista',
    app: terms.app,
    anyApp: 'Todas',
    withoutApp: 'Sin aplicación',
    kind: 'Tipo de datos',
    anyKind: 'Todos',
    from: 'Desde',
    to: 'Hasta',
    show: 'Mostrar lecturas',
    clear: 'Borrar la búsqueda',
    badDate: 'Escriba la fecha como año-mes-día, por ejemplo 2026-11-26.',
    badOrder: 'La fecha inicial no puede ser posterior a la final.',
    badChoice: 'Elija una opción de la lista.',
    columns: { time: 'Hora', who: terms.who, what: terms.what, entries: 'Anotaciones', outcome: terms.result },
    allowed: 'Permitido',
    refused: 'Denegado: no se compartieron datos',
    you: 'Usted',
    someone: 'Una persona cuyo nombre ya no se guarda',
    unknownApp: 'Una aplicación que ya no está registrada',
    staffIn: (person, app) => `${person} en ${app}`,
    byPerson: (app, person) => `${app}, conectada por ${person}`,
    example: (app) => `${app} (ejemplo)`,
    examplesNote:
      'Este es un entorno de pruebas. Las entradas marcadas como «ejemplo» son ficticias. Muestran cómo se ven dos semanas de uso.',
    service: (app) => `${app}, de forma automática para el consultorio`,
    document: 'Un documento',
    export: 'Una exportación de muchos pacientes que incluyó partes de este expediente',
    group: 'Una lista de pacientes que incluye a este',
    unknownKind: 'Un tipo de datos que este sistema no tiene',
    views: {
      log: 'Esta lista',
      'log-csv': 'Esta lista, descargada como tabla',
      'log-fhir': 'Esta lista, descargada en formato FHIR',
      record: 'El expediente, en este portal',
      document: 'Un documento, en este portal',
      summary: 'El resumen',
      'summary-pdf': 'El resumen, descargado (PDF)',
      'download-html': 'El expediente completo, descargado (HTML)',
      'download-csv': 'Resultados de laboratorio, descargados como tabla',
      'download-r4': 'El expediente completo, descargado (FHIR R4)',
      'download-dstu2': 'El expediente, descargado (FHIR DSTU2)',
    },
    otherView: 'El expediente, sin aplicación',
    older: 'Lecturas anteriores',
    newest: 'Volver a las más recientes',
    save: 'Descargar esta lista',
    saveCsv: 'Descargar como tabla (CSV)',
    saveFhir: 'Descargar como AuditEvents (FHIR R4, IHE BALP)',
    csv: {
      at: 'Hora (UTC)',
      day: 'Día',
      time: 'Hora',
      who: terms.who,
      client: 'ID de la aplicación',
      what: terms.what,
      entries: 'Anotaciones',
      outcome: terms.result,
      request: 'ID de la solicitud',
    },
    unexpectedEntry: 'Si ve algo que no esperaba, desconecte la aplicación y avise al consultorio.',
  },

  download: {
    title: (who) => `Descargar ${ownerText(who)}`,
    lead: 'Usted es responsable de los archivos que descarga. Guárdelos donde nadie más los pueda leer.',
    summary: 'Resumen de salud',
    summaryText:
      'Unas páginas para un médico o para usted. Contienen alergias, medicinas, problemas de salud, resultados recientes y vacunas.',
    summaryOpen: 'Abrir el resumen',
    summaryPdf: 'Descargar como PDF',
    html: 'Expediente completo para leer',
    htmlText:
      'Todo lo que el consultorio ha enviado a este sistema, en un solo archivo. Puede leerlo en cualquier navegador, sin internet.',
    htmlSave: 'Descargar como HTML',
    csv: 'Resultados de laboratorio para una hoja de cálculo',
    csvText: 'Una fila por cada resultado de laboratorio, con su fecha, valor, unidad, rango normal e indicador.',
    csvSave: 'Descargar como CSV',
    r4: 'Expediente completo para aplicaciones y otros consultorios (FHIR R4)',
    r4Text:
      'Todo lo que el consultorio ha enviado a este sistema, incluidos los documentos y el origen de las anotaciones.',
    r4Save: 'Descargar como FHIR R4',
    dstu2: 'Expediente para aplicaciones más antiguas (FHIR DSTU2)',
    dstu2Text:
      'El mismo expediente en un formato más antiguo, con las personas y los lugares que menciona. No incluye los documentos mismos ni los datos que no caben en este formato.',
    dstu2Save: 'Descargar como FHIR DSTU2',
    loggedNote: 'Cada descarga se registra en «Quién leyó qué».',
  },

  receipt: {
    title: (who) => `Comprobantes de consentimiento para ${ownerText(who)}`,
    lead: 'Cada vez que le da acceso a una aplicación, usted recibe un comprobante. En él están las palabras exactas que usted aceptó.',
    none: 'Aún no hay comprobantes. Tendrá uno cuando conecte una aplicación.',
    all: 'Mostrar los comprobantes de todas las aplicaciones',
    sharedInShort: (groups) => `Usted compartió: ${groups.length === 0 ? 'ningún dato de salud' : inShort(groups)}.`,
    leftOutInShort: (groups) => `Usted dejó fuera: ${inShort(groups)}.`,
    partOf: (group) => `partes de ${group}`,
    exactWords: 'Las palabras exactas que usted aceptó',
    one: (app) => `Comprobante de ${app}`,
    on: (when) => `Aceptado el ${when}`,
    wording: 'Versión del texto',
    hash: 'Huella digital del texto (SHA-256)',
    hashHint: 'El mismo texto siempre tiene la misma huella. Si coinciden, el texto no ha cambiado.',
    changed: 'Este texto no coincide con la huella guardada. Es posible que se haya cambiado. Avise al consultorio.',
    save: 'Descargar como texto',
  },

  patientRecord,
  recordDownloads,
};
