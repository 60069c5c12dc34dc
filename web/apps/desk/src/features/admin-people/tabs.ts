/** The pages of administration, and whom they serve: the three administrators stay apart. */
export interface Tab { to: string; on: readonly string[]; labelKey: string; roles: readonly string[] }
const SYSTEM = "system_admin", SECURITY = "security_admin", AUDIT = "audit_admin";

export const TABS: readonly Tab[] = [
  { to: "admin-units", on: ["admin-units", "admin-unit"], labelKey: "admin.units", roles: [SYSTEM, SECURITY] },
  { to: "admin-people", on: ["admin-people", "admin-person"], labelKey: "admin.people", roles: [SYSTEM, SECURITY, AUDIT] },
  { to: "admin-areas", on: ["admin-areas"], labelKey: "admin.areas", roles: [SYSTEM] },
  { to: "admin-record", on: ["admin-record"], labelKey: "admin.record", roles: [AUDIT] },
  { to: "admin-configuration", on: ["admin-configuration"], labelKey: "admin.configuration", roles: [SYSTEM] },
];
