import type { WebMessages } from '../../en/web.ts';

export const guides: WebMessages['guides'] = {
  title: 'Guías por tarea (en inglés)',
  pages: {
    'get-a-token': 'Obtener y renovar un token',
    'read-a-record': 'Leer los datos de un paciente',
    'search-and-page': 'Buscar y recorrer páginas',
    documents: 'Leer documentos',
    dstu2: 'Usar DSTU2',
    'handle-errors': 'Resolver errores',
    revoke: 'Comprobar y revocar el acceso',
    'staff-launch': 'Abrir desde un expediente',
    'backend-services': 'Servicios sin usuario y exportación',
    'send-data': 'Enviar datos de un consultorio',
    'dynamic-registration': 'Registrar una aplicación por API',
    'moving-from-nextgen': 'Migrar desde NextGen',
    enrollment: 'Inscribir pacientes',
  },
};
