import type { Messages } from '../en/index.ts';
import { formatNumber, plural } from './plural.ts';

export const auditEmails: Messages['auditEmails'] = {
  changed: ({ count }) => ({
    subject: 'El registro de auditoría cambió',
    text: `${plural(count, {
      one: 'Una revisión encontró una parte del registro de auditoría que no está como cuando se selló.',
      many: `Una revisión encontró ${formatNumber(count)} partes del registro de auditoría que no están como cuando se sellaron.`,
      other: `Una revisión encontró ${formatNumber(count)} partes del registro de auditoría que no están como cuando se sellaron.`,
    })} Es posible que se hayan modificado, borrado o agregado eventos.

Trátelo como un incidente de seguridad. Pida a quien opera este servidor que ejecute “patient-access audit verify”, que muestra lo que cambió, y que guarde la base de datos, su registro y el archivo antes de hacer otra cosa.`,
  }),
};
