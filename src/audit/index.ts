// The door of the audit log: writing down who did what, and reading it again.
export { auditAdminRoutes } from './adminRoutes.ts';
export { type AuditEntry, type AuditFilter, listAudit } from './list.ts';
export { type AuditRecord, recordAudit } from './record.ts';
