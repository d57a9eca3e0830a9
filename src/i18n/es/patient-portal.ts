import type { Messages } from '../en/index.ts';
import { counts } from './counts.ts';
import { patientRecord } from './patient-record.ts';
import { formatNumber, plural } from './plural.ts';
import { terms } from './terms.ts';

type RecordOwnerInSpanish = string | undefined;

const ownerText = (who: RecordOwnerInSpanish): string =>
  who === undefined ? 'su expediente' : `el expediente de ${who}`;
const canRead = (count: number): string =>
  `${counts.apps(count)} ${plural(count, { one: 'puede', many: 'pueden', other: 'pueden' })}`;

export const patientPortal: Messages['patientPortal'] = {
  navigation: 'Su cuenta',
  overview: 'Resumen',
  apps: 'Aplicaciones conectadas',
  log: 'Quién leyó qué',
  record: 'El expediente',
  downloads: 'Descargas',
  receipts: 'Comprobantes',
  security: terms.passwordAndSecurity,
  actsFor: (name) => `Usted actúa en nombre de ${name}.`,
  recordAt: (practice) => `Expediente de ${practice}`,
  otherRecord: 'Elegir otro expediente',
  notFound: 'Aquí no hay nada que sea suyo. Vuelva al resumen y tome otro camino.',
  closed:
    'El consultorio ha desactivado por ahora el intercambio de expedientes. Ninguna aplicación puede leer este expediente hasta que se vuelva a activar.',
  sharedAccountNote:
    'Este es un paciente inventado y cualquiera puede usar esta cuenta. Usted ve solo lo que se conectó en este navegador.',

  recordChoice: {
    title: '¿De quién es el expediente?',
    hint: 'Cada expediente tiene sus propias aplicaciones, su propia lista de lectores y sus propias descargas.',
    own: 'Su propio expediente',
    acts: 'Usted actúa en nombre de esta persona',
    none: 'Su cuenta no tiene ningún expediente',
    noneText:
      'Esto puede pasar cuando un consultorio ha terminado lo que usted podía hacer por otra persona. Si es un error, pregunte al consultorio.',
  },

  home: {
    title: (who) => (who === undefined ? 'Su expediente médico' : `Expediente médico de ${who}`),
    lead: (who) =>
      `Aquí ve qué aplicaciones pueden leer ${ownerText(who)} y qué han leído. Puede detener una aplicación en cualquier momento.`,
    appsNone: 'Ninguna aplicación puede leer este expediente.',
    appsSome: (count) => `${canRead(count)} leer este expediente.`,
    appsUnavailable: 'No se pudo leer la lista en este momento.',
    logNone: 'Nadie ha leído este expediente con una aplicación.',
    logLast: (who, when) => `Última lectura: ${who}, el ${when}.`,
    record: 'Problemas, medicinas, resultados y más, con gráficas.',
    downloads: 'Llévese una copia o imprima un resumen.',
    receipts: 'Lo que usted aceptó, palabra por palabra.',
    security: 'Cómo inicia sesión y dónde la tiene abierta.',
    unconfirmed: (email) =>
      `Su dirección de correo ${email} aún no está confirmada. Abra el enlace que le enviamos a esa dirección. Hasta entonces no podremos escribirle si olvida su contraseña.`,
    unconfirmedChange: (email, old) =>
      `Su nueva dirección de correo ${email} aún no está confirmada. Abra el enlace que le enviamos a esa dirección. Hasta entonces usaremos ${old}.`,
    confirmAgain: 'Enviar el enlace de nuevo',
  },

  connections: {
    title: (who) => (who === undefined ? 'Sus aplicaciones conectadas' : `Aplicaciones conectadas de ${who}`),
    noneTitle: 'No hay ninguna aplicación conectada',
    none: (who) =>
      `Ninguna aplicación puede leer ahora ${ownerText(who)}. El consultorio sigue guardando el expediente, y también lo tienen quienes le atienden allí.`,
    how: 'Para conectar una aplicación, abra esa aplicación y elija en ella el consultorio. La aplicación le envía aquí para iniciar sesión, y no se comparte nada antes de que usted diga que sí.',
    some: (count, who) => `${canRead(count)} leer ahora ${ownerText(who)}.`,
    listUnavailableTitle: 'No pudimos leer la lista de aplicaciones',
    listUnavailable:
      'Esto no quiere decir que no haya ninguna aplicación conectada: en este momento no lo sabemos. Intente otra vez en unos minutos. Si quiere detener una aplicación ahora mismo, llame al consultorio.',
    again: terms.tryAgain,
    past: 'Conexiones anteriores',
    gallery: 'Buscar aplicaciones que se pueden conectar',
    pastNone: 'No hay ninguna.',
    madeBy: 'Quién la hace',
    verified: (developer) => `${developer} (lo hemos comprobado)`,
    notVerified: (developer) => `${developer}, según dice la aplicación. Nadie lo ha comprobado.`,
    unknownDeveloper: 'La aplicación no lo dice. Nadie la ha comprobado.',
    provisional: 'Esta aplicación aún no está aprobada: solo puede ver pacientes inventados.',
    state: 'Ahora',
    states: {
      active: 'Puede leer el expediente.',
      paused: 'No puede leer el expediente: la aplicación se desactivó para todos. Podría volver.',
      gone: 'No puede leer el expediente: la aplicación se desactivó para todos, para siempre.',
      closed: 'No puede leer el expediente mientras el consultorio tenga desactivado el intercambio.',
      lapsed: 'Ya no tiene acceso. No volvió a tiempo, o usted cerró la sesión.',
      over: 'Su acceso venció.',
      safety: 'El acceso se detuvo por seguridad. La aplicación tiene que pedirle permiso otra vez.',
      'ended-patient': 'Usted la desconectó.',
      'ended-staff': 'El consultorio la desconectó.',
      'ended-app': 'La propia aplicación dejó su acceso.',
      ended: 'Se desconectó.',
    },
    endedOn: (how, when) => `${how} El ${when}.`,
    sees: 'Puede ver',
    sawNothing: 'Ningún dato de salud: solo quién es usted.',
    someOf: 'solo ciertas anotaciones que la aplicación nombra',
    supporting: 'Qué personal de salud y consultorios se mencionan allí, y de dónde vienen las anotaciones',
    since: 'Usted la permitió el',
    until: 'Hasta',
    untilStopped: 'Que usted la detenga',
    away: 'Cuando usted no está',
    awayYes: 'Conserva su acceso y puede leer sin usted.',
    awayNo: 'No puede renovar su acceso sin usted.',
    lastUsed: 'Última lectura',
    never: 'No ha leído el expediente.',
    reads: 'Cuántas veces leyó',
    readsCount: (count) =>
      plural(count, { one: 'Una vez', many: `${formatNumber(count)} de veces`, other: `${formatNumber(count)} veces` }),
    more: (app) => `Más sobre ${app}`,
    disconnectApp: (app) => `Desconectar ${app}`,
    itsReads: (app) => `Ver todo lo que leyó ${app}`,
    receipts: (app) => `Lo que usted aceptó con ${app}`,
    policy: (app) => `Política de privacidad de ${app}`,
    policyHint: 'en el sitio de la propia aplicación',
  },

  disconnect: {
    title: (app) => `¿Desconectar ${app}?`,
    lead: (app, who) => `${app} ya no podrá leer ${ownerText(who)}. Esto vale de inmediato.`,
    retainedData: (app) => `Lo que ${app} ya leyó se queda en la aplicación. Eso no lo podemos quitar.`,
    policy: 'Su política de privacidad dice cómo pedir que lo borre:',
    again: 'Puede conectarla otra vez más adelante. Entonces tendrá que pedirle permiso primero.',
    otherRecords: (app) =>
      `${app} conserva lo que usted comparte con ella de estos expedientes. Si también lo quiere, desconéctela allí:`,
    otherConnections: (app) =>
      `Otra persona también ha conectado ${app} a este expediente. Solo esa persona o el consultorio pueden terminarlo.`,
    yes: (app) => `Sí, desconectar ${app}`,
    no: 'No, dejarla conectada',
    doneTitle: (app) => `${app} está desconectada`,
    endedAt: (ended) => `El acceso terminó a las ${ended}.`,
    lastRead: (last) => `Leyó su expediente por última vez a las ${last}.`,
    lastReadOf: (last, name) => `Leyó el expediente de ${name} por última vez a las ${last}.`,
    neverRead: 'Nunca leyó el expediente.',
    onOtherDay: (day) => ` del ${day}`,
    retentionNote: (app) =>
      `${app} puede conservar lo que ya leyó. Para que lo borre, pídalo a quienes hacen la aplicación.`,
    sourceNote: 'Estas horas vienen de la lista que se escribe cada vez que alguien lee un expediente.',
    toApps: 'Volver a las aplicaciones conectadas',
    email: {
      subject: (app) => `${app} ya no puede leer el expediente`,
      text: ({ app, record: name, at, address }) =>
        `${app} se desconectó de ${name}.

Cuándo: ${at}

La aplicación no puede leer nada nuevo. Puede conservar lo que ya leyó; si quiere que lo borre, pídalo a quienes hacen la aplicación.

Si no fue usted quien hizo esto, inicie sesión y revise su cuenta:
${address}`,
    },
  },

  accessLog: {
    title: (who) => `Quién leyó ${ownerText(who)}`,
    lead: 'Cada vez que una aplicación o una persona lee el expediente por este sistema, primero se anota aquí. Lo que el personal del consultorio mira en su propio sistema no está en esta lista.',
    none: 'Nadie ha leído el expediente.',
    noneFound: 'No hay nada que coincida con lo que busca. Quite algo de la búsqueda.',
    filter: 'Buscar en esta lista',
    app: terms.app,
    anyApp: 'Todas',
    withoutApp: 'Sin aplicación',
    kind: 'Tipo de datos',
    anyKind: 'Todos',
    from: 'Desde el día',
    to: 'Hasta el día',
    show: 'Mostrar',
    clear: 'Mostrar todo',
    badDate: 'Escriba el día como año-mes-día, por ejemplo 2026-11-26.',
    badOrder: 'El primer día tiene que ser anterior al último.',
    badChoice: 'Elija una opción de la lista.',
    columns: { time: 'Hora', who: terms.who, what: terms.what, entries: 'Anotaciones', outcome: terms.result },
    allowed: 'Permitido',
    refused: 'Rechazado: no se entregó nada',
    you: 'Usted',
    someone: 'Alguien cuyo nombre ya no se guarda',
    unknownApp: 'Una aplicación que ya no se conoce',
    staffIn: (person, app) => `${person} en ${app}`,
    byPerson: (app, person) => `${app}, conectada por ${person}`,
    service: (app) => `${app}, que trabaja sola para el consultorio`,
    document: 'Un documento',
    export: 'Archivos hechos para muchos pacientes a la vez, con partes de este expediente',
    group: 'Una lista de pacientes que nombra a este',
    unknownKind: 'Algo que este sistema no tiene',
    views: {
      log: 'Esta lista',
      'log-csv': 'Esta lista, guardada como tabla',
      'log-fhir': 'Esta lista, guardada en formato FHIR',
      record: 'El expediente, en estas páginas',
      document: 'Un documento, en estas páginas',
      summary: 'El resumen',
      'download-r4': 'Todo el expediente, guardado (FHIR R4)',
      'download-dstu2': 'El expediente, guardado (FHIR DSTU2)',
    },
    otherView: 'El expediente, sin aplicación',
    older: 'Anteriores',
    newest: 'Volver a las más recientes',
    save: 'Guardar esta lista',
    saveCsv: 'Como tabla (CSV)',
    saveFhir: 'Como AuditEvents (FHIR R4, IHE BALP)',
    csv: {
      at: 'Hora (UTC)',
      day: 'Día',
      time: 'Hora',
      who: terms.who,
      client: 'Id de la aplicación',
      what: terms.what,
      entries: 'Anotaciones',
      outcome: terms.result,
      request: 'Número de la solicitud',
    },
    unexpectedEntry: '¿Ve algo que no esperaba? Desconecte la aplicación y avise al consultorio.',
  },

  download: {
    title: (who) => `Guardar ${ownerText(who)}`,
    lead: 'Un archivo que usted guarda queda a su cuidado. Guárdelo donde nadie más lo pueda leer.',
    summary: 'Un resumen para imprimir',
    summaryText:
      'Una página para un médico o para usted: alergias, medicinas, problemas, vacunas y los últimos resultados.',
    summaryOpen: 'Abrir el resumen',
    r4: 'Todo, para aplicaciones y otros consultorios (FHIR R4)',
    r4Text:
      'Todo lo que el consultorio ha entregado a este sistema, con los documentos y el origen de las anotaciones.',
    r4Save: 'Guardar como FHIR R4',
    dstu2: 'Para aplicaciones más antiguas (FHIR DSTU2)',
    dstu2Text:
      'Una forma más antigua del mismo expediente, con las personas y los lugares que nombra. No tiene los documentos mismos ni lo que esta forma no puede decir.',
    dstu2Save: 'Guardar como FHIR DSTU2',
    loggedNote: 'Cada vez que se guarda el expediente, se anota en la lista de quién leyó qué.',
  },

  receipt: {
    title: (who) => `Lo que usted aceptó sobre ${ownerText(who)}`,
    lead: 'Se hace un comprobante cada vez que usted permite algo a una aplicación. Contiene las palabras que se le mostraron.',
    none: 'Todavía no hay comprobantes. Recibe uno cuando conecta una aplicación.',
    one: (app) => `Comprobante de ${app}`,
    on: (when) => `Aceptado el ${when}`,
    wording: 'Versión de las palabras',
    hash: 'Número de control (SHA-256)',
    hashHint: 'Quien tiene el mismo texto obtiene el mismo número: así se ve que no se cambió nada.',
    changed: 'Este texto no tiene el número que se guardó con él. Avise al consultorio.',
    save: 'Guardar como texto',
  },

  patientRecord: patientRecord,
};
