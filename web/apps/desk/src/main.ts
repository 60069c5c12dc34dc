import { VueQueryPlugin } from "@tanstack/vue-query";
import "element-plus/theme-chalk/base.css";
import "element-plus/theme-chalk/dark/css-vars.css";
import "@jingwei/ui/tokens.css";
import { createApp } from "vue";
import App from "./App.vue";
import { i18n } from "./i18n";
import { queryClient } from "./query";
import { router } from "./router";

createApp(App).use(i18n).use(VueQueryPlugin, { queryClient }).use(router).mount("#app");
