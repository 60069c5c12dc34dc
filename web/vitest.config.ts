import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [vue()],
  define: { __VUE_I18N_LEGACY_API__: false, __INTLIFY_PROD_DEVTOOLS__: false },
  test: { environment: "node", include: ["packages/*/src/**/*.test.ts", "apps/*/src/**/*.test.ts"], env: { TZ: "Asia/Shanghai" }, server: { deps: { inline: ["element-plus"] } } },
});
