import vue from "@vitejs/plugin-vue";
import ElementPlus from "unplugin-element-plus/vite";
import { defineConfig } from "vite";

const server = process.env.JINGWEI_SERVER ?? "http://127.0.0.1:8000";

export default defineConfig({
  // Element Plus is imported by name; this plugin only adds the style sheet of each part that is used.
  plugins: [vue(), ElementPlus({})],
  define: { __VUE_OPTIONS_API__: true, __VUE_I18N_LEGACY_API__: false, __INTLIFY_PROD_DEVTOOLS__: false },
  build: {
    target: "es2022",
    manifest: true,
    chunkSizeWarningLimit: 1300,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "vue", test: /node_modules[\\/](@vue|vue|vue-router|vue-i18n|@intlify|@tanstack)[\\/]/ },
            // What many pages use of the form and list parts, and what every page of the desk uses of our own: few files, fetched at once.
            { name: "element", test: /node_modules[\\/](element-plus|@element-plus|@popperjs|@floating-ui|lodash-es|@vueuse|async-validator|dayjs)[\\/]/, minShareCount: 5 },
            { name: "shared", test: /[\\/](src[\\/](shell|shared)|packages[\\/](api|ui))[\\/]/, minShareCount: 2 },
            { name: "maplibre", test: /node_modules[\\/](maplibre-gl|@maplibre|@mapbox)[\\/]/ },
          ],
        },
      },
    },
  },
  server: { port: 5173, proxy: { "/api": { target: server, changeOrigin: false } } },
  preview: { port: 4173, proxy: { "/api": { target: server, changeOrigin: false } } },
});
