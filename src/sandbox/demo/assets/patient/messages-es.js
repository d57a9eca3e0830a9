const count = (number, one, many) => `${number.toLocaleString('es-US')} ${number === 1 ? one : many}`;

/** The texts of messages-en.js in Spanish. */
export const spanish = {
  page: {
    skip: 'Ir al contenido principal',
    fictional: 'Todas las personas y los datos son ficticios. El entorno de prueba no tiene datos reales de pacientes.',
    privacy: 'Política de privacidad',
  },
  start: {
    title: 'Su expediente médico, donde usted lo quiera',
    lead: 'Esta aplicación obtiene su expediente de su consultorio, con su permiso, y se lo muestra. No guarda datos de salud. Cuando usted cierra la pestaña, se borra su conexión.',
    connect: 'Conectar mi expediente',
    hint: 'Pruebe con un paciente ficticio',
    username: 'Nombre de usuario',
    password: 'Contraseña',
    others:
      'Hay otros veintidós, de patient02 a patient23, con la misma contraseña. patient02 tiene el expediente más grande. patient04 es menor de edad. patient23 tiene expedientes en dos consultorios.',
    how: 'Cómo funciona',
    steps: [
      'Usted inicia sesión en el consultorio. La aplicación nunca ve su contraseña.',
      'Usted elige qué compartir. La aplicación no puede leer nada más.',
      'La aplicación lee su expediente. Puede desconectarla aquí en cualquier momento. Su acceso también termina cuando usted cierra sesión en el consultorio, o después de 12 horas.',
    ],
  },
  disconnected: {
    title: 'La aplicación está desconectada',
    happened:
      'La aplicación ya no puede leer su expediente. Sus datos se borraron de esta pestaña. Su consultorio todavía tiene su expediente.',
    next: 'Para volver a ver su expediente aquí, conéctese otra vez. En una computadora compartida, cierre sesión también en el consultorio, porque allí puede seguir abierta.',
  },
  connection: {
    noRecord: 'La aplicación no puede abrir su expediente en este momento',
    back: 'Volver a R4',
    interrupted: 'La conexión se interrumpió. Conéctese otra vez.',
    ended:
      'Esta aplicación ya no está conectada. Usted la desconectó en su cuenta o su acceso venció. Conéctela otra vez para ver su expediente.',
    notRevoked: (reason) =>
      `Sus datos se borraron de esta pestaña, pero el acceso de la aplicación no ha terminado. Termínelo en su cuenta del consultorio. ${reason}`,
  },
  bar: {
    opening: 'Abriendo su expediente…',
    connecting: 'Conectando…',
    version: 'Versión de FHIR',
    sections: 'Secciones del expediente',
    print: 'Imprimir',
    disconnect: 'Desconectar',
    connection: 'Conexión',
    expires: 'El token vence',
    refreshable: 'Se puede renovar',
    refreshableUntil: 'mientras su sesión en el consultorio esté abierta',
    scopes: 'Permisos (scopes)',
    server: 'Servidor FHIR',
    refresh: 'Renovar token',
    refreshed: (time) => `Nuevo token de acceso, válido hasta las ${time}.`,
    loading: (got, total) => `Cargando su expediente: ${got}${total ? ` de ${total}` : ''} anotaciones`,
    loaded: (entries) => `Su expediente está cargado: ${count(entries, 'anotación', 'anotaciones')}.`,
    incomplete: 'Algunas secciones no se pudieron cargar.',
  },
  sections: {
    medicines: 'Medicinas',
    allergies: 'Alergias',
    problems: 'Problemas de salud',
    results: 'Mediciones y laboratorio',
    immunizations: 'Vacunas',
    procedures: 'Procedimientos',
    visits: 'Visitas',
    documents: 'Notas y documentos',
  },
  notShared: 'No se compartió. Usted no eligió esto cuando dio su permiso. Para compartirlo, conéctese otra vez.',
  partNotShared: {
    MedicationRequest: 'Las recetas no se compartieron, así que esta lista puede estar incompleta.',
    MedicationStatement: 'Las medicinas informadas no se compartieron, así que esta lista puede estar incompleta.',
  },
  dstu2Medicines: 'DSTU2 omite las medicinas que solo están previstas o que no se deben tomar. Para verlas, elija R4.',
  markNote:
    'Un indicador como «Alto» lo pone el laboratorio o su consultorio. Un resultado sin él también puede ser serio. ¿Tiene dudas? Hable con su consultorio.',
};
